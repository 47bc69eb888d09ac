/**
 * The audit of the past from files to report: nothing is served, stored or asked over a network. It reads everything or
 * says what it could not read.
 */
import type { Policy } from '../core/policy.ts'
import type { Problem, Read } from '../files/yaml.ts'
import type { When } from './calendar.ts'
import type { AuditDirectory } from './judge/then.ts'
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
  if ('problems' in history) return history
  const { histories: _, mapper: __, ...rest } = options
  return { value: auditOf({ ...rest, history: history.value }) }
}

export type { Problem }
