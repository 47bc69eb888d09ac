/**
 * Which known names look like the one that was written? For "did you mean" in messages; it suggests and never picks:
 * nothing may act on an answer of this file without asking.
 */

/** Longer words are not compared: a pasted page is no misspelling. */
const comparedLengthMax = 80

/**
 * @returns at most `max` candidates within a distance of about a third of the word's length, closest first, ties in
 * the order of the alphabet. Letter case and the four kinds of dashes and spaces do not count.
 */
export function nearest(word: string, candidates: Iterable<string>, max = 3): readonly string[] {
  const wanted = plain(word)
  const distanceMax = wanted.length < 2 ? 0 : Math.max(1, Math.floor(wanted.length / 3))
  const found: { name: string; distance: number }[] = []
  for (const name of new Set(candidates)) {
    const distance = editDistance(wanted, plain(name), distanceMax)
    if (distance <= distanceMax) found.push({ name, distance })
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return found.slice(0, max).map(({ name }) => name)
}

/** @returns ``; did you mean `x`?`` to put behind a message, or nothing when no candidate is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const names = nearest(word, candidates).map((name) => `\`${name}\``)
  return names.length === 0 ? '' : `; did you mean ${names.join(' or ')}?`
}

/**
 * @returns how many letters were inserted, dropped, replaced or swapped with their neighbour (optimal string alignment
 * distance), or `max + 1` as soon as it is sure to be more than `max`.
 */
export function editDistance(a: string, b: string, max = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > max) return max + 1
  if (Math.max(a.length, b.length) > comparedLengthMax) return a === b ? 0 : max + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      current.push(cheapest(a, b, row, column, current, last, beforeLast))
    }
    if (Math.min(...current) > max) return max + 1
    beforeLast = last
    last = current
  }
  return Math.min(last[b.length] ?? 0, max + 1)
}

function cheapest(
  a: string,
  b: string,
  row: number,
  column: number,
  current: readonly number[],
  last: readonly number[],
  beforeLast: readonly number[],
): number {
  const at = (line: readonly number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY
  const same = a[row - 1] === b[column - 1]
  const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
  return Math.min(
    at(current, column - 1) + 1,
    at(last, column) + 1,
    at(last, column - 1) + (same ? 0 : 1),
    swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
  )
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_. ]/g, '-')
}
