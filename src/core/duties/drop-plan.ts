/**
 * In which order would access have to go so that most conflicts end soonest? For one holder the least that must go; for
 * everybody a list of steps within a budget of drops. Within a holder the sets are the smallest that were found, across
 * holders the order is greedy. It only proposes.
 */
import { brisk, smallestDrops, thorough } from './drops.ts'
import type { Holdings } from './holdings.ts'
import { brokenRules, type Knot, knotFor, knots, nameOf, ruleIdOf, type Wanted } from './knot.ts'
import type { EntitlementKey, HolderId, RuleId } from './rules.ts'

export interface HolderFix {
  readonly holder: HolderId
  /** Dropping all of these ends every conflict of the holder; in the order that resolves most soonest. */
  readonly drop: readonly EntitlementKey[]
  /** False: it is enough, and no part of it alone would do, but a smaller set may exist. */
  readonly smallest: boolean
}

/** Some assignments of one holder to drop together, and what that ends. */
export interface DropStep {
  readonly holder: HolderId
  readonly drop: readonly EntitlementKey[]
  readonly resolves: readonly RuleId[]
}

export interface DropPlan {
  readonly steps: readonly DropStep[]
  readonly dropsCount: number
  readonly resolvedCount: number
  readonly remainingCount: number
}

/** @returns the least this holder must give up so that none of the conflicts asked about is left. */
export function holderFix(holdings: Holdings, holder: HolderId, of?: Wanted): HolderFix {
  const rules = holdings.brokenBy(holder).map((id) => holdings.duties.ruleNumbers.numberOf(id) as number)
  const knot = knotFor(holdings, holder, rules, of)
  const { places, exact } = smallestDrops(knot, thorough)
  return { holder, drop: places.map((place) => nameOf(holdings, knot.entitlements[place] as number)), smallest: exact }
}

/** At most `dropsMax` assignments, those first that resolve most for each drop. Searches each holder more briefly. */
export function dropPlan(holdings: Holdings, dropsMax: number, of?: Wanted): DropPlan {
  const steps: DropStep[] = []
  let conflictsCount = 0
  for (const knot of knots(holdings, of)) {
    conflictsCount += knot.rules.length
    steps.push(...stepsOf(holdings, knot))
  }
  // Stable, and no holder's later step is worth more than an earlier one: a holder's steps stay in their order.
  const taken = within(
    dropsMax,
    steps.sort((a, b) => worth(b) - worth(a)),
  )
  const sum = (of: (step: DropStep) => number) => taken.reduce((all, step) => all + of(step), 0)
  const resolvedCount = sum(({ resolves }) => resolves.length)
  return {
    steps: taken,
    dropsCount: sum(({ drop }) => drop.length),
    resolvedCount,
    remainingCount: conflictsCount - resolvedCount,
  }
}

/** Where a step no longer fits, the later steps of that holder are left out too: they rest on it. */
function within(dropsMax: number, steps: readonly DropStep[]): DropStep[] {
  const stopped = new Set<HolderId>()
  let left = dropsMax
  return steps.filter(({ holder, drop }) => {
    if (stopped.has(holder)) return false
    if (drop.length > left) {
      stopped.add(holder)
      return false
    }
    left -= drop.length
    return true
  })
}

/** The holder's drops in steps, each of which ends something, and none worth more than the one before it. */
function stepsOf(holdings: Holdings, knot: Knot): DropStep[] {
  const steps: DropStep[] = []
  const dropped = new Uint8Array(knot.entitlements.length)
  let before = knot.rules
  let drop: EntitlementKey[] = []
  for (const place of smallestDrops(knot, brisk).places) {
    dropped[place] = 1
    drop.push(nameOf(holdings, knot.entitlements[place] as number))
    const after = brokenRules(knot, dropped)
    if (after.length === before.length) continue
    const resolves = before.filter((rule) => !after.includes(rule)).map(({ rule }) => ruleIdOf(holdings, rule))
    pushInOrder(steps, { holder: knot.holder, drop, resolves })
    before = after
    drop = []
  }
  return steps
}

/** A step that is worth more than the one before it is taken together with it. */
function pushInOrder(steps: DropStep[], step: DropStep): void {
  const last = steps.at(-1)
  if (last === undefined || worth(last) >= worth(step)) {
    steps.push(step)
    return
  }
  steps.pop()
  pushInOrder(steps, {
    ...step,
    drop: [...last.drop, ...step.drop],
    resolves: [...last.resolves, ...step.resolves],
  })
}

/** Conflicts ended for each assignment dropped. */
function worth({ drop, resolves }: DropStep): number {
  return resolves.length / drop.length
}
