/**
 * What makes a conflict? For every function of the rule that is held, the entitlements that hold it and the way through
 * each of them, so that a person can follow it to the duty. Looked up when somebody asks, not kept.
 */
import type { CompiledDuties, Way } from './compile.ts'
import type { Broken, Holdings } from './holdings.ts'
import { numbersIn, sliceAt } from './lists.ts'
import type { EntitlementKey, RuleId, SeparationRule, Severity } from './rules.ts'

/** One function of a rule that somebody holds. */
export interface Side {
  readonly function: string
  readonly name: string
  /** Each of these entitlements alone holds the function. Never empty. */
  readonly through: readonly ({ readonly entitlement: EntitlementKey } & Way)[]
}

/** A rule that a holder breaks, with the assignments that make it. */
export interface DutyConflict extends Broken {
  readonly name: string
  readonly severity: Severity
  /** At least as many as the rule conflicts from. */
  readonly sides: readonly Side[]
}

/** @returns the conflict, or `undefined` when this holder does not break this rule. */
export function conflictOf(holdings: Holdings, { holder, rule }: Broken): DutyConflict | undefined {
  const number = holdings.duties.ruleNumbers.numberOf(rule)
  if (number === undefined || !holdings.brokenBy(holder).includes(rule)) return undefined
  return { holder, ...conflictAmong(holdings.duties, holdings.numbersOf(holder), number) }
}

/** @returns every conflict of this holder, in the order of the rules' ids. */
export function conflictsOf(holdings: Holdings, holder: Broken['holder']): DutyConflict[] {
  return holdings.brokenBy(holder).flatMap((rule) => conflictOf(holdings, { holder, rule }) ?? [])
}

/** @returns which entitlement breaks rules all by itself: whoever gets it gets the conflict, so it is what to change. */
export function brokenAlone(
  duties: CompiledDuties,
  holdings: Holdings,
): { entitlement: EntitlementKey; rules: RuleId[] }[] {
  return duties.entitlements.names.flatMap((entitlement, number) => {
    const rules = holdings.brokenWith([number]).map((rule) => duties.ruleNumbers.names[rule] as RuleId)
    return rules.length === 0 ? [] : [{ entitlement, rules }]
  })
}

/** What the conflict with this rule looks like to somebody who holds these entitlements. */
export function conflictAmong(
  duties: CompiledDuties,
  entitlements: readonly number[],
  rule: number,
): Omit<DutyConflict, 'holder'> {
  const { id, name, severity } = duties.rules[rule] as SeparationRule
  const sides = sidesAmong(duties, entitlements, rule).map(({ func, through }): Side => {
    const { id, name } = duties.functions[func] as { id: string; name: string }
    return { function: id, name, through: through.map((number) => wayThrough(duties, number, func)) }
  })
  return { rule: id, name, severity, sides }
}

/** The functions of a rule that are held, by number, and which of the entitlements hold each. */
export function sidesAmong(
  duties: CompiledDuties,
  entitlements: readonly number[],
  rule: number,
): { readonly func: number; readonly through: readonly number[] }[] {
  return sidesOf(duties, holdersOfFunctions(duties, entitlements), rule)
}

/** Which of these entitlements hold each function, by number; only functions that are held. */
export function holdersOfFunctions(
  { functionsOf }: CompiledDuties,
  entitlements: readonly number[],
): ReadonlyMap<number, readonly number[]> {
  const holding = new Map<number, number[]>()
  for (const entitlement of entitlements) {
    const { items, from, to } = sliceAt(functionsOf, entitlement)
    for (let at = from; at < to; at++) {
      const known = holding.get(items[at] as number)
      if (known === undefined) holding.set(items[at] as number, [entitlement])
      else known.push(entitlement)
    }
  }
  return holding
}

/** The part of `holdersOfFunctions` that one rule is about. */
export function sidesOf(
  { functionsOfRule }: CompiledDuties,
  holding: ReadonlyMap<number, readonly number[]>,
  rule: number,
): { readonly func: number; readonly through: readonly number[] }[] {
  return numbersIn(sliceAt(functionsOfRule, rule)).flatMap((func) => {
    const through = holding.get(func)
    return through === undefined ? [] : [{ func, through }]
  })
}

function wayThrough(duties: CompiledDuties, entitlement: number, func: number): Side['through'][number] {
  const name = duties.entitlements.names[entitlement] as EntitlementKey
  return { entitlement: name, ...(duties.wayTo(entitlement, func) ?? { path: [name], duties: [] }) }
}
