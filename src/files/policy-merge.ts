/** A policy's sections over all its files; see `merge.ts` for what putting together means. */
import { mergeSection, mergeSingle, type Placed, type Section } from './merge.ts'
import type { PolicyFile } from './policy-schema.ts'
import { withPrefix } from './reference.ts'
import type { ReadFile } from './validate.ts'
import type { Problem } from './yaml.ts'

type Entry<Name extends keyof PolicyFile> =
  NonNullable<PolicyFile[Name]> extends Record<string, infer Item> ? Item : never
type Single<Name extends keyof PolicyFile> = Placed<NonNullable<PolicyFile[Name]>> | undefined

export interface Merged {
  readonly tiers: Section<Entry<'tiers'>>
  readonly connectors: Section<Entry<'connectors'>>
  /** By id with prefix: `sys_ledger-db`. */
  readonly systems: Section<Entry<'systems'>>
  readonly pools: Section<Entry<'pools'>>
  readonly functions: Section<Entry<'functions'>>
  readonly dutyRules: Section<Entry<'dutyRules'>>
  readonly controls: Section<Entry<'controls'>>
  readonly mitigations: Section<Entry<'mitigations'>>
  readonly beneficiaryRisk: Single<'beneficiaryRisk'>
  readonly guardrails: Single<'guardrails'>
  readonly independence: Single<'independence'>
  readonly habits: Single<'habits'>
  readonly changeDelay: Single<'changeDelay'>
  /** What was written twice. */
  readonly problems: readonly Problem[]
  /** Name of the first file, for problems that are nowhere in particular. */
  readonly file: string
}

export function mergePolicy(parts: readonly ReadFile<PolicyFile>[]): Merged {
  const problems: Problem[] = []
  return {
    tiers: mergeSection('tiers', parts, problems),
    connectors: mergeSection('connectors', parts, problems),
    systems: mergeSection('systems', parts, problems, (key) => withPrefix('sys', key)),
    pools: mergeSection('pools', parts, problems),
    functions: mergeSection('functions', parts, problems),
    dutyRules: mergeSection('dutyRules', parts, problems),
    controls: mergeSection('controls', parts, problems),
    mitigations: mergeSection('mitigations', parts, problems),
    beneficiaryRisk: mergeSingle('beneficiaryRisk', parts, problems),
    guardrails: mergeSingle('guardrails', parts, problems),
    independence: mergeSingle('independence', parts, problems),
    habits: mergeSingle('habits', parts, problems),
    changeDelay: mergeSingle('changeDelay', parts, problems),
    problems,
    file: parts[0]?.document.name ?? 'policy',
  }
}
