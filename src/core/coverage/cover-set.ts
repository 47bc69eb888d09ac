/**
 * What is the smallest set of people that gives every need enough? Tried exactly, from small sets to larger ones, as long
 * as that takes no more than a second or so; then greedily, and it is said which of the two it was.
 */

/** So many of these people are needed together. */
export interface Need {
  readonly options: readonly number[]
  readonly needed: number
}

export interface CoverSet {
  readonly people: readonly number[]
  /** `exact`: no smaller set is enough. `greedy`: a smaller one may be. */
  readonly search: 'exact' | 'greedy'
}

/** Sets looked at before giving up on being exact. */
const triesMax = 20_000

/** INVARIANT: every need has at least as many options as it needs. */
export function smallestSet(needs: readonly Need[]): CoverSet {
  for (const { options, needed } of needs) {
    if (options.length < needed) throw new Error('bug: a need that nobody could meet')
  }
  const distinct = withoutImplied(needs)
  const budget = { left: triesMax }
  for (let size = 0; ; size++) {
    const people = search(distinct, [], size, budget)
    if (people !== undefined) return { people: [...people].sort((a, b) => a - b), search: 'exact' }
    if (budget.left <= 0) return { people: greedySet(distinct), search: 'greedy' }
  }
}

/** Takes whoever meets most of what is still missing, until nothing is. */
export function greedySet(needs: readonly Need[]): readonly number[] {
  const chosen = new Set<number>()
  for (;;) {
    const open = needs.filter((need) => missing(need, chosen) > 0)
    if (open.length === 0) return [...chosen].sort((a, b) => a - b)
    const gains = new Map<number, number>()
    for (const { options } of open) {
      for (const person of options) if (!chosen.has(person)) gains.set(person, (gains.get(person) ?? 0) + 1)
    }
    const [best] = [...gains].sort(([p, a], [q, b]) => b - a || p - q)
    chosen.add((best as [number, number])[0])
  }
}

function search(
  needs: readonly Need[],
  chosen: readonly number[],
  left: number,
  budget: { left: number },
): readonly number[] | undefined {
  budget.left--
  const taken = new Set(chosen)
  const open = needs.filter((need) => missing(need, taken) > 0)
  if (open.length === 0) return chosen
  if (left === 0 || budget.left <= 0 || open.some((need) => missing(need, taken) > left)) return undefined
  // The need with the fewest ways out; one of them is in every answer.
  const tightest = open.reduce((a, b) => (free(b, taken) < free(a, taken) ? b : a))
  for (const person of tightest.options) {
    if (taken.has(person)) continue
    const found = search(needs, [...chosen, person], left - 1, budget)
    if (found !== undefined) return found
  }
  return undefined
}

function missing({ options, needed }: Need, chosen: ReadonlySet<number>): number {
  return needed - options.filter((person) => chosen.has(person)).length
}

function free({ options }: Need, chosen: ReadonlySet<number>): number {
  return options.filter((person) => !chosen.has(person)).length
}

/** A need whose options include all of another's, and that needs no more, is met with it. */
function withoutImplied(needs: readonly Need[]): readonly Need[] {
  const sorted = [...needs].sort((a, b) => a.options.length - b.options.length)
  const kept: Need[] = []
  for (const need of sorted) {
    const own = new Set(need.options)
    const implied = kept.some((one) => one.needed >= need.needed && one.options.every((person) => own.has(person)))
    if (!implied) kept.push(need)
  }
  return kept
}
