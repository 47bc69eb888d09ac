/**
 * One holder's conflicts as a small puzzle of their own: which of these few entitlements hold which side of which rule?
 * Answers what dropping some of them would leave. Knows only numbers, and never the whole organisation.
 */
import type { Broken, Holdings } from './holdings.ts'
import type { EntitlementKey, HolderId, RuleId } from './rules.ts'
import { holdersOfFunctions, sidesOf } from './sides.ts'

export interface KnottedRule {
  /** Number of the rule. */
  readonly rule: number
  readonly conflictsFrom: number
  /** For every function that is held: the entitlements that hold it, as places in `entitlements`. */
  readonly sides: readonly (readonly number[])[]
}

export interface Knot {
  readonly holder: HolderId
  /** Only those that take part in a conflict, by number, ascending. */
  readonly entitlements: readonly number[]
  readonly rules: readonly KnottedRule[]
}

/** Which places were dropped; 1 for dropped. */
export type Dropped = Uint8Array

/** Which conflicts are asked about; absent: all. */
export type Wanted = ((broken: Broken) => boolean) | undefined

/** One for every holder who breaks something that is asked about. */
export function* knots(holdings: Holdings, wanted: Wanted): Generator<Knot> {
  for (const { holder, rules } of holdings.brokenHolders()) {
    const knot = knotFor(holdings, holder, rules, wanted)
    if (knot.rules.length > 0) yield knot
  }
}

/** Of these rules, by number, those that are asked about. */
export function knotFor(holdings: Holdings, holder: HolderId, rules: readonly number[], wanted: Wanted): Knot {
  const own = wanted === undefined ? rules : rules.filter((rule) => wanted({ holder, rule: ruleIdOf(holdings, rule) }))
  return knotOf(holdings, holder, own)
}

export function knotOf(holdings: Holdings, holder: HolderId, rules: readonly number[]): Knot {
  const held = holdings.numbersOf(holder)
  const holding = holdersOfFunctions(holdings.duties, held)
  const found = rules.map((rule) => ({ rule, sides: sidesOf(holdings.duties, holding, rule) }))
  const entitlements = [...new Set(found.flatMap(({ sides }) => sides.flatMap(({ through }) => through)))]
  entitlements.sort((a, b) => a - b)
  const places = new Map(entitlements.map((number, place) => [number, place]))
  return {
    holder,
    entitlements,
    rules: found.map(({ rule, sides }) => ({
      rule,
      conflictsFrom: holdings.duties.conflictsFrom[rule] as number,
      sides: sides.map(({ through }) => through.map((number) => places.get(number) as number)),
    })),
  }
}

export function ruleIdOf({ duties }: Holdings, rule: number): RuleId {
  return duties.ruleNumbers.names[rule] as RuleId
}

export function nameOf({ duties }: Holdings, entitlement: number): EntitlementKey {
  return duties.entitlements.names[entitlement] as EntitlementKey
}

export function isBroken({ sides, conflictsFrom }: KnottedRule, dropped: Dropped): boolean {
  let held = 0
  for (const side of sides) {
    if (side.some((place) => dropped[place] !== 1)) held++
    if (held >= conflictsFrom) return true
  }
  return false
}

export function brokenRules({ rules }: Knot, dropped: Dropped): KnottedRule[] {
  return rules.filter((rule) => isBroken(rule, dropped))
}

/** How many of these rules would no longer be broken if each place alone were dropped besides; by place. */
export function gains(rules: readonly KnottedRule[], placesCount: number, dropped: Dropped): Uint32Array {
  const resolved = new Uint32Array(placesCount)
  for (const { sides, conflictsFrom } of rules) {
    const alive = sides.map((side) => side.filter((place) => dropped[place] !== 1)).filter((side) => side.length > 0)
    const lone = new Map<number, number>()
    for (const [only, ...others] of alive) {
      if (only !== undefined && others.length === 0) lone.set(only, (lone.get(only) ?? 0) + 1)
    }
    for (const [place, count] of lone) if (alive.length - count < conflictsFrom) resolved[place]!++
  }
  return resolved
}

/**
 * One entitlement for each of enough sides to break the rule: at least one of them must go. As few as can be found
 * without searching, those first that count for several sides, and those that stay whatever happens (`kept`) first of all.
 */
export function combination({ sides, conflictsFrom }: KnottedRule, dropped: Dropped, kept: Uint8Array): number[] {
  const alive = sides.map((side) => side.filter((place) => dropped[place] !== 1)).filter((side) => side.length > 0)
  const chosen: number[] = []
  for (let count = 0; count < conflictsFrom; ) {
    const open = alive.filter((side) => !side.some((place) => chosen.includes(place)))
    const best = mostSides(open, kept)
    if (best === undefined) break
    chosen.push(best)
    count = alive.filter((side) => side.some((place) => chosen.includes(place))).length
  }
  return chosen
}

function mostSides(sides: readonly (readonly number[])[], kept: Uint8Array): number | undefined {
  const counts = new Map<number, number>()
  for (const side of sides) for (const place of side) counts.set(place, (counts.get(place) ?? 0) + 1)
  const weight = ([place, count]: readonly [number, number]) => count + (kept[place] === 1 ? sides.length : 0)
  return [...counts].reduce<readonly [number, number] | undefined>(
    (best, each) => (best === undefined || weight(each) > weight(best) ? each : best),
    undefined,
  )?.[0]
}
