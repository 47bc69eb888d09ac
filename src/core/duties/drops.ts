/**
 * What is the least that one holder must give up? For small knots the answer is exact: no smaller set of entitlements
 * resolves everything. For large ones it is greedy and says so: enough, with nothing in it that could stay, but perhaps
 * not the fewest. It proposes; it never takes anything away.
 */
import { brokenRules, combination, type Dropped, gains, type Knot } from './knot.ts'

export interface Drops {
  /** Places in the knot's entitlements, in the order in which dropping them resolves most. */
  readonly places: readonly number[]
  /** True: no smaller set would do. */
  readonly exact: boolean
}

/** How often the search may look at whether one entitlement holds one side; some nanoseconds each. */
export interface Effort {
  readonly looksMax: number
}

/** About a second at most: one holder, one person waiting for the answer. */
export const thorough: Effort = { looksMax: 10_000_000 }
/** About a millisecond at most: everybody at once. */
export const brisk: Effort = { looksMax: 100_000 }

export function smallestDrops(knot: Knot, { looksMax }: Effort): Drops {
  const greedy = greedyDrops(knot)
  const looks = knot.rules.reduce((sum, { sides }) => sum + sides.reduce((all, side) => all + side.length, 0), 0)
  const budget = { steps: Math.floor(looksMax / Math.max(looks, 1)) }
  for (let size = 1; size < greedy.length; size++) {
    const found = search(knot, noneDropped(knot), noneDropped(knot), size, budget)
    if (budget.steps < 0) return { places: inOrderOfGain(knot, greedy), exact: false }
    if (found !== undefined) return { places: inOrderOfGain(knot, found), exact: true }
  }
  return { places: inOrderOfGain(knot, greedy), exact: true }
}

/** The one that resolves most, again and again; then without those that turn out not to be needed. */
function greedyDrops(knot: Knot): number[] {
  const dropped = noneDropped(knot)
  const chosen: number[] = []
  for (let broken = brokenRules(knot, dropped); broken.length > 0; broken = brokenRules(knot, dropped)) {
    const place = best(knot, broken, dropped)
    dropped[place] = 1
    chosen.push(place)
  }
  return chosen.filter((place) => {
    dropped[place] = 0
    if (brokenRules(knot, dropped).length === 0) return false
    dropped[place] = 1
    return true
  })
}

/** Most rules resolved at once; among equals, whoever holds most of the sides that few others hold. */
function best(knot: Knot, broken: ReturnType<typeof brokenRules>, dropped: Dropped): number {
  const resolved = gains(broken, knot.entitlements.length, dropped)
  const weight = new Float64Array(knot.entitlements.length)
  for (const { sides } of broken) {
    for (const side of sides) {
      const alive = side.filter((place) => dropped[place] !== 1)
      for (const place of alive) weight[place]! += 1 / alive.length
    }
  }
  const score = (place: number) => (resolved[place] as number) * 1e6 + (weight[place] as number)
  let winner = -1
  for (const place of knot.entitlements.keys()) {
    if ((weight[place] as number) > 0 && (winner < 0 || score(place) > score(winner))) winner = place
  }
  return winner
}

/** All ways to drop `size` more; whoever was tried before at the same fork is kept, so that no set is tried twice. */
function search(
  knot: Knot,
  dropped: Dropped,
  kept: Uint8Array,
  size: number,
  budget: { steps: number },
): number[] | undefined {
  const [broken] = brokenRules(knot, dropped)
  if (broken === undefined) return placesIn(dropped)
  if (size === 0 || --budget.steps < 0) return undefined
  const keptHere = kept.slice()
  for (const place of combination(broken, dropped, kept)) {
    if (keptHere[place] === 1) continue
    dropped[place] = 1
    const found = search(knot, dropped, keptHere, size - 1, budget)
    if (found !== undefined || budget.steps < 0) return found
    dropped[place] = 0
    keptHere[place] = 1
  }
  return undefined
}

function inOrderOfGain(knot: Knot, places: readonly number[]): number[] {
  const dropped = noneDropped(knot)
  const left = new Set(places)
  const order: number[] = []
  while (left.size > 0) {
    const resolved = gains(brokenRules(knot, dropped), knot.entitlements.length, dropped)
    const next = [...left].reduce((a, b) => ((resolved[b] as number) > (resolved[a] as number) ? b : a))
    left.delete(next)
    dropped[next] = 1
    order.push(next)
  }
  return order
}

function noneDropped({ entitlements }: Knot): Uint8Array {
  return new Uint8Array(entitlements.length)
}

function placesIn(dropped: Dropped): number[] {
  return [...dropped.keys()].filter((place) => dropped[place] === 1)
}
