/**
 * What would this access add? Asked before a waiver is granted: which rules come to be broken, and which are broken
 * already and would be by one more way. It changes nothing. The second list matters as much as the first: an exception
 * that somebody has for one access says nothing about another one beside it.
 */
import type { CompiledDuties } from './compile.ts'
import type { Holdings } from './holdings.ts'
import type { EntitlementKey, HolderId } from './rules.ts'
import { conflictAmong, type DutyConflict, sidesAmong } from './sides.ts'

export interface Addition {
  /** Rules that are not broken yet and would be. Sides as they would be then. */
  readonly breaks: readonly DutyConflict[]
  /** Rules that are broken already and in which the new access would take part. */
  readonly joins: readonly DutyConflict[]
  /** Of the new entitlements, those that are held already; they add nothing. */
  readonly held: readonly EntitlementKey[]
  /** Of the new entitlements, those described nowhere: what they would add is not known. */
  readonly undescribed: readonly EntitlementKey[]
}

/** The holder may be new. */
export function wouldAdd(holdings: Holdings, holder: HolderId, entitlements: readonly EntitlementKey[]): Addition {
  const { duties } = holdings
  const before = holdings.numbersOf(holder)
  const wanted = [...new Set(entitlements)]
  const held = wanted.filter((entitlement) => holdings.has({ holder, entitlement }))
  const fresh = wanted.filter((entitlement) => !held.includes(entitlement))
  const added = fresh.flatMap((entitlement) => duties.entitlements.numberOf(entitlement) ?? [])
  const after = [...before, ...added].sort((a, b) => a - b)
  const brokenBefore = new Set(holdings.brokenWith(before))
  const conflict = (rule: number) => ({ holder, ...conflictAmong(duties, after, rule) })
  const brokenAfter = holdings.brokenWith(after)
  return {
    breaks: brokenAfter.filter((rule) => !brokenBefore.has(rule)).map(conflict),
    joins: brokenAfter.filter((rule) => brokenBefore.has(rule) && takesPart(duties, added, rule)).map(conflict),
    held,
    undescribed: wanted.filter((entitlement) => duties.entitlements.numberOf(entitlement) === undefined),
  }
}

function takesPart(duties: CompiledDuties, entitlements: readonly number[], rule: number): boolean {
  return sidesAmong(duties, entitlements, rule).length > 0
}
