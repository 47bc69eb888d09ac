/**
 * What does the analysis of duties start from? Entitlements with the duties they contain, functions as sets of duties
 * or entitlements, and rules as sets of functions. The shapes are those of the policy, widened by what rules from other
 * systems say: functions that name entitlements, nested entitlements, rules about what was done rather than held.
 */

import type { SystemId } from '../directory.ts'
import type { DutyFunction, DutyRule, EntitlementId, Policy } from '../policy.ts'

export type RuleId = string
export type Severity = DutyRule['severity']

/** Worst first. */
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low']

/** An entitlement by a name that is unique across all systems; see `entitlementKey`. */
export type EntitlementKey = string

/** Whoever holds: normally a person, since two accounts of one person are one holder. Compared byte by byte. */
export type HolderId = string

export interface EntitlementContents {
  readonly id: EntitlementKey
  readonly duties: readonly string[]
  /** Entitlements that come with it, such as the roles inside a composite role. May be circular. */
  readonly contains?: readonly EntitlementKey[]
}

/** Held as soon as one of its duties or one of its entitlements is. */
export interface SetOfDuties extends DutyFunction {
  readonly entitlements?: readonly EntitlementKey[]
}

/** Which acts of one holder count together. */
export interface Exercise {
  /** Only acts on the same object. */
  readonly sameObject: boolean
  /** Only acts at most this many seconds apart; absent: however far apart. */
  readonly withinSeconds?: number
}

/** A rule of the policy is one of these. `conflictsFrom` may be 1: then one function alone is what nobody should hold. */
export interface SeparationRule extends Omit<DutyRule, 'tier'> {
  /** Whether holding is a conflict already. Default: true. */
  readonly held?: boolean
  /** Also, or (with `held: false`) only, a conflict when it was done. */
  readonly exercised?: Exercise
}

export interface Duties {
  /** An entitlement that stands here twice has the duties of both. */
  readonly entitlements: readonly EntitlementContents[]
  readonly functions: readonly SetOfDuties[]
  readonly rules: readonly SeparationRule[]
  /**
   * How duties of entitlements are read. `exact`: byte by byte, the default. `wildcards`: `*` and `?` stand for any
   * characters and letter case does not count, as cloud permissions are written; functions still name duties exactly.
   */
  readonly dutyNames?: 'exact' | 'wildcards'
}

/** `sys_ledger-db/writer`. Ids contain no `/`, so two entitlements never share a key. */
export function entitlementKey(of: { readonly system: SystemId; readonly entitlement: EntitlementId }): EntitlementKey {
  return `${of.system}/${of.entitlement}`
}

/** @returns the policy's own entitlements, functions and rules, ready to be compiled. */
export function dutiesOfPolicy(policy: Policy): Duties {
  const entitlements = Object.values(policy.systems).flatMap((system) =>
    Object.values(system.entitlements).map(({ id, duties }) => ({
      id: entitlementKey({ system: system.id, entitlement: id }),
      duties,
    })),
  )
  return { entitlements, functions: Object.values(policy.functions), rules: Object.values(policy.dutyRules) }
}

/** @returns what would keep a rule from ever applying as written; empty when nothing would. */
export function dutiesProblems(duties: Duties): readonly string[] {
  const functions = new Set(duties.functions.map(({ id }) => id))
  return [
    ...repeated('function', duties.functions),
    ...repeated('rule', duties.rules),
    ...duties.functions.flatMap((each) => functionProblems(each, duties.dutyNames)),
    ...duties.rules.flatMap((rule) => ruleProblems(rule, functions)),
  ]
}

function repeated(what: string, items: readonly { readonly id: string }[]): string[] {
  const seen = new Set<string>()
  return items.flatMap(({ id }) => {
    if (seen.has(id)) return [`${what} \`${id}\` stands there twice; keep one`]
    seen.add(id)
    return []
  })
}

function functionProblems(one: SetOfDuties, names: Duties['dutyNames']): string[] {
  if (one.duties.length === 0 && (one.entitlements ?? []).length === 0)
    return [`function \`${one.id}\` names neither a duty nor an entitlement; nobody could hold it`]
  const pattern = names === 'wildcards' ? one.duties.find((duty) => /[*?]/.test(duty)) : undefined
  return pattern === undefined
    ? []
    : [`function \`${one.id}\` names the pattern \`${pattern}\`; list each duty by its exact name`]
}

function ruleProblems(rule: SeparationRule, functions: ReadonlySet<string>): string[] {
  const problems: string[] = []
  const different = new Set(rule.functions).size
  const unknown = rule.functions.find((id) => !functions.has(id))
  if (unknown !== undefined) problems.push(`rule \`${rule.id}\` names the unknown function \`${unknown}\``)
  if (different < rule.functions.length) problems.push(`rule \`${rule.id}\` names a function twice; keep one`)
  if (!Number.isInteger(rule.conflictsFrom) || rule.conflictsFrom < 1 || rule.conflictsFrom > different)
    problems.push(
      `rule \`${rule.id}\` conflicts from ${rule.conflictsFrom} of ${different} functions; say 1 to ${different}`,
    )
  if (rule.held === false && rule.exercised === undefined)
    problems.push(`rule \`${rule.id}\` is about neither what is held nor what is done; say which`)
  const within = rule.exercised?.withinSeconds
  if (within !== undefined && !(within >= 0))
    problems.push(`rule \`${rule.id}\` counts acts within ${within} seconds; say zero or more`)
  return problems
}
