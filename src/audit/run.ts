/**
 * The audit of the past from files to report: nothing is served, stored or asked over a network. It reads everything or
 * says what it could not read.
 */
import type { Policy } from '../core/policy.ts'
import type { Problem, Read } from '../files/yaml.ts'
import type { When } from './calendar.ts'
import type { AuditDirectory } from './judge/then.ts'
import { builtInMappers } from './mappers/built-in.ts'
import { readHistory } from './read/history.ts'
import { mapperOf } from './read/mapper.ts'
import { type AuditReport, auditOf } from './report.ts'
import type { AuditSettings } from './settings.ts'

export interface AuditOptions {
  /** Files of the history, JSONL or, by their names, CSV. Several are put in order by time. */
  readonly histories: readonly string[]
  /** Name of a built-in mapper or path of a file of one's own. Default `plain`: the documented form itself. */
  readonly mapper?: string
  /** Whatever any source of directories says, and for which time. */
  readonly directory?: AuditDirectory
  readonly policy?: Policy
  /** Up to when the history is complete. Default: its last act. */
  readonly asOf?: When
  readonly settings?: Partial<AuditSettings>
}

/** @returns the report, or every problem with its place. */
export async function runAudit(options: AuditOptions): Promise<Read<AuditReport>> {
  const mapper = await mapperOf(options.mapper ?? 'plain')
  if ('problems' in mapper) return mapper
  const history = await readHistory(options.histories, mapper.value)
  if ('problems' in history) return { problems: [...(await fitting(options)), ...history.problems] }
  const { histories: _, mapper: __, ...rest } = options
  return { value: auditOf({ ...rest, history: history.value }) }
}

/** Nobody said which form it is, and one of ours reads it: that is what is wrong, and is said before all the rest. */
async function fitting({ histories, mapper }: AuditOptions): Promise<readonly Problem[]> {
  if (mapper !== undefined) return []
  for (const one of builtInMappers) {
    const read = await readHistory(histories, one)
    if ('problems' in read) continue
    const message = `looks like the form that the mapper \`${one.name}\` reads; name it with --mapper ${one.name}`
    return [{ where: `${histories[0]}:1:1`, message }]
  }
  return []
}

export type { Problem }
