/**
 * Which access would have to go? Ranks single assignments by how many conflicts end with each, entitlements by how many
 * end when nobody has them any more, and lays out a plan for everybody in the order that resolves most soonest. It only
 * proposes: whether somebody still needs the access is not a question of rules.
 */

import { brisk, smallestDrops, thorough } from './drops.ts'
import type { Assignment, Broken, Holdings } from './holdings.ts'
import { brokenRules, gains, type Knot, knotOf } from './knot.ts'
import type { EntitlementKey, HolderId, RuleId, SeparationRule } from './rules.ts'

/** Dropping this one assignment ends these conflicts, alone. */
export interface SingleFix extends Assignment {
  readonly resolves: readonly RuleId[]
}

/** Taking this entitlement from everybody whom it costs a conflict. */
export interface EntitlementFix {
  readonly entitlement: EntitlementKey
  readonly holdersCount: number
  readonly resolvesCount: number
}

export interface Fixes {
  /** Most conflicts first; at most as many as were asked for. */
  readonly assignments: readonly SingleFix[]
  readonly entitlements: readonly EntitlementFix[]
  readonly conflictsCount: number
  /** Conflicts that no single drop ends, since every side is held in several ways. */
  readonly stubbornCount: number
}

export interface HolderFix {
  readonly holder: HolderId
  /** Dropping all of these ends every conflict of the holder; in the order that resolves most soonest. */
  readonly drop: readonly EntitlementKey[]
  /** False: it is enough, and no part of it alone would do, but a smaller set may exist. */
  readonly smallest: boolean
}

/** Some assignments of one holder to drop together, and what that ends. */
export interface PlanStep {
  readonly holder: HolderId
  readonly drop: readonly EntitlementKey[]
  readonly resolves: readonly RuleId[]
}

export interface Plan {
  readonly steps: readonly PlanStep[]
  readonly dropsCount: number
  readonly resolvedCount: number
  readonly remainingCount: number
}

export interface FixOptions {
  /** How many rows of each kind. Default 50. */
  readonly rowsMax?: number
  /** Which conflicts to resolve, such as those that nothing covers. Default: all. */
  readonly of?: (broken: Broken) => boolean
}

const everything = () => true

/** Exact for every row; what the rows resolve does not add up, since one conflict may end in several ways. */
export function fixes(holdings: Holdings, { rowsMax = 50, of = everything }: FixOptions = {}): Fixes {
  const top = new Top<SingleFix>(rowsMax, ({ resolves }) => resolves.length)
  const byEntitlement = new Map<number, { holders: number; resolves: number }>()
  let [conflictsCount, stubbornCount] = [0, 0]
  for (const knot of knots(holdings, of)) {
    const resolvedBy = resolvedAlone(knot)
    const resolved = new Set(resolvedBy.flat())
    conflictsCount += knot.rules.length
    stubbornCount += knot.rules.length - resolved.size
    for (const [place, rules] of resolvedBy.entries()) {
      if (rules.length === 0) continue
      const number = knot.entitlements[place] as number
      const row = byEntitlement.get(number) ?? { holders: 0, resolves: 0 }
      byEntitlement.set(number, { holders: row.holders + 1, resolves: row.resolves + rules.length })
      if (top.takes(rules.length))
        top.add({
          holder: knot.holder,
          entitlement: nameOf(holdings, number),
          resolves: rules.map((rule) => idOf(holdings, rule)),
        })
    }
  }
  const entitlements = [...byEntitlement]
    .map(([number, { holders, resolves }]) => ({
      entitlement: nameOf(holdings, number),
      holdersCount: holders,
      resolvesCount: resolves,
    }))
    .sort((a, b) => b.resolvesCount - a.resolvesCount || (a.entitlement < b.entitlement ? -1 : 1))
    .slice(0, rowsMax)
  return { assignments: top.rows(), entitlements, conflictsCount, stubbornCount }
}

/** @returns the least this holder must give up so that none of the conflicts asked about is left. */
export function holderFix(holdings: Holdings, holder: HolderId, of: FixOptions['of'] = everything): HolderFix {
  const knot = knotFor(holdings, holder, ruleNumbers(holdings, holder), of)
  const { places, exact } = smallestDrops(knot, thorough)
  return { holder, drop: places.map((place) => nameOf(holdings, knot.entitlements[place] as number)), smallest: exact }
}

/**
 * At most `dropsMax` assignments, those first that resolve most for each drop. Within a holder the least that must go
 * (see `holderFix`, searched more briefly); across holders greedy.
 */
export function plan(holdings: Holdings, dropsMax: number, of: FixOptions['of'] = everything): Plan {
  const steps: PlanStep[] = []
  let conflictsCount = 0
  for (const knot of knots(holdings, of)) {
    conflictsCount += knot.rules.length
    steps.push(...stepsOf(holdings, knot))
  }
  // Stable, and no holder's later step is worth more than an earlier one: a holder's steps stay in their order.
  steps.sort((a, b) => worth(b) - worth(a))
  const taken: PlanStep[] = []
  let [dropsCount, resolvedCount] = [0, 0]
  const ended = new Set<HolderId>()
  for (const step of steps) {
    if (ended.has(step.holder)) continue
    if (dropsCount + step.drop.length > dropsMax) {
      ended.add(step.holder)
      continue
    }
    taken.push(step)
    dropsCount += step.drop.length
    resolvedCount += step.resolves.length
  }
  return { steps: taken, dropsCount, resolvedCount, remainingCount: conflictsCount - resolvedCount }
}

/** The holder's drops in steps, each of which ends something, and none worth more than the one before it. */
function stepsOf(holdings: Holdings, knot: Knot): PlanStep[] {
  const steps: PlanStep[] = []
  const dropped = new Uint8Array(knot.entitlements.length)
  let before = knot.rules
  let drop: EntitlementKey[] = []
  for (const place of smallestDrops(knot, brisk).places) {
    dropped[place] = 1
    drop.push(nameOf(holdings, knot.entitlements[place] as number))
    const after = brokenRules(knot, dropped)
    if (after.length === before.length) continue
    const resolves = before.filter((rule) => !after.includes(rule)).map(({ rule }) => idOf(holdings, rule))
    let step: PlanStep = { holder: knot.holder, drop, resolves }
    for (let last = steps.at(-1); last !== undefined && worth(last) < worth(step); last = steps.at(-1)) {
      steps.pop()
      step = { ...step, drop: [...last.drop, ...step.drop], resolves: [...last.resolves, ...step.resolves] }
    }
    steps.push(step)
    before = after
    drop = []
  }
  return steps
}

/** Conflicts ended for each assignment dropped. */
function worth({ drop, resolves }: PlanStep): number {
  return resolves.length / drop.length
}

/** For every place of the knot, the rules that dropping it alone would end. */
function resolvedAlone({ rules, entitlements }: Knot): number[][] {
  const none = new Uint8Array(entitlements.length)
  const resolved = entitlements.map((): number[] => [])
  for (const rule of rules) {
    const gain = gains([rule], entitlements.length, none)
    for (const [place, count] of gain.entries()) if (count > 0) resolved[place]?.push(rule.rule)
  }
  return resolved
}

function* knots(holdings: Holdings, of: (broken: Broken) => boolean): Generator<Knot> {
  for (const { holder, rules } of holdings.brokenHolders()) {
    const knot = knotFor(holdings, holder, rules, of)
    if (knot.rules.length > 0) yield knot
  }
}

function knotFor(
  holdings: Holdings,
  holder: HolderId,
  rules: readonly number[],
  of: (broken: Broken) => boolean,
): Knot {
  const wanted = of === everything ? rules : rules.filter((rule) => of({ holder, rule: idOf(holdings, rule) }))
  return knotOf(holdings, holder, wanted)
}

function ruleNumbers(holdings: Holdings, holder: HolderId): number[] {
  return holdings.brokenBy(holder).map((id) => holdings.duties.ruleNumbers.numberOf(id) as number)
}

function idOf({ duties }: Holdings, rule: number): RuleId {
  return (duties.rules[rule] as SeparationRule).id
}

function nameOf({ duties }: Holdings, entitlement: number): EntitlementKey {
  return duties.entitlements.names[entitlement] as EntitlementKey
}

/** The best few of many, without keeping the many. Among equals the first stays. */
class Top<Row> {
  private readonly max: number
  private readonly scoreOf: (row: Row) => number
  private kept: Row[] = []
  private floor = 0

  constructor(max: number, scoreOf: (row: Row) => number) {
    this.max = max
    this.scoreOf = scoreOf
  }

  takes(score: number): boolean {
    return this.max > 0 && score > this.floor
  }

  add(row: Row): void {
    if (this.kept.push(row) < 4 * this.max) return
    this.kept = this.rows()
    this.floor = this.scoreOf(this.kept.at(-1) as Row)
  }

  rows(): Row[] {
    return this.kept.toSorted((a, b) => this.scoreOf(b) - this.scoreOf(a)).slice(0, this.max)
  }
}
