/** Uses that people wrote down with what their guardrails should say about them. Reads them; who judges is asked elsewhere. */
import type { NodeId, SystemId } from '../core/directory.ts'
import type { EntitlementId } from '../core/policy.ts'
import type { GuardrailReason } from '../core/runtime.ts'
import type { WaiverKind } from '../core/terms.ts'
import type { Instant } from '../core/time.ts'
import { casesSchema, type UseEntry } from './cases-schema.ts'
import { type Prefix, withPrefix, wrongPrefix } from './reference.ts'
import { type ReadFile, readAll } from './validate.ts'
import { capped, type FileText, type Path, type Problem, type Read } from './yaml.ts'

export interface UseCase {
  readonly name: string
  /** `cases/refunds.yaml:3:5`, for the report. */
  readonly where: string
  readonly at: Instant
  readonly by: NodeId
  readonly through: readonly NodeId[]
  readonly system: SystemId
  readonly entitlement: EntitlementId
  readonly kind: WaiverKind
  readonly secondsLeft: number
  readonly action: string
  readonly resource: string
  readonly tool?: string
  readonly bytes?: number
  readonly arguments?: Readonly<Record<string, unknown>>
  readonly expect: 'allowed' | GuardrailReason
  readonly because?: readonly string[]
}

export function readUseCases(files: readonly FileText[]): Read<readonly UseCase[]> {
  const read = readAll(files, casesSchema)
  if ('problems' in read) return read
  const problems: Problem[] = []
  const value = read.value.flatMap((file) =>
    file.content.uses.map((entry, index) => useCaseOf(file, entry, ['uses', index], problems)),
  )
  return problems.length > 0 ? { problems: capped(problems) } : { value }
}

function useCaseOf({ document }: ReadFile<object>, entry: UseEntry, path: Path, problems: Problem[]): UseCase {
  const id = (name: string, allowed: readonly Prefix[], at: Path) => {
    const wrong = wrongPrefix(name, allowed)
    if (wrong !== undefined) problems.push({ where: document.at([...path, ...at]), message: wrong })
    return withPrefix(allowed.find((each) => name.startsWith(`${each}_`)) ?? (allowed[0] as Prefix), name)
  }
  const actors: readonly Prefix[] = ['per', 'wl']
  const { left, tool, bytes, arguments: given, because, by, through, system, ...same } = entry
  return {
    ...same,
    where: document.at(path),
    by: id(by, actors, ['by']),
    through: through.map((name, index) => id(name, actors, ['through', index])),
    system: id(system, ['sys'], ['system']),
    secondsLeft: left,
    ...(tool === undefined ? {} : { tool }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(given === undefined ? {} : { arguments: given }),
    ...(because === undefined ? {} : { because }),
  }
}
