/**
 * What did an act do to the promised end of a grant? A closed list; where one of the two ends is not known, the answer
 * is that it is not known, never that nothing moved.
 */
import { compareEnds, isEnd, isPast, type SaidEnd, type When } from '../calendar.ts'

export const moves = ['later', 'earlier', 'set', 'taken-away', 'same', 'unknown'] as const
export type Move = (typeof moves)[number]

export function moveOf(before: SaidEnd, after: SaidEnd): Move {
  if (before === 'unknown' || after === 'unknown') return 'unknown'
  if (!isEnd(before)) return isEnd(after) ? 'set' : 'same'
  if (!isEnd(after)) return 'taken-away'
  const difference = compareEnds(after, before)
  return difference === 0 ? 'same' : difference > 0 ? 'later' : 'earlier'
}

/** @returns whether the promised end had passed at that moment; `undefined` where no end is known. */
export function hadPassed(end: SaidEnd, when: When): boolean | undefined {
  return isEnd(end) ? isPast(end, when) : undefined
}

/** @returns whether two statements about the same end cannot both be true. */
export function contradicts(recorded: SaidEnd, said: SaidEnd): boolean {
  const move = moveOf(recorded, said)
  return move !== 'same' && move !== 'unknown'
}
