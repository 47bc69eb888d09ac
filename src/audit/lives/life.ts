/**
 * The life of one grant, as the history tells it: when it began, which ends were promised in turn, when it was taken
 * away. Also how such a life ended, as a closed list in which every grant has exactly one place.
 */
import { daysBetween, isEnd, isPast, laterDay, type SaidEnd, type When } from '../calendar.ts'

export interface Promised extends When {
  readonly end: SaidEnd
}

/** What was done about the end, in the words of the report. */
export const outcomes = [
  'removed-in-time',
  'removed-late',
  'removed-without-end',
  'removed-end-unknown',
  'open-in-time',
  'open-past-end',
  'open-without-end',
  'open-end-unknown',
] as const
export type Outcome = (typeof outcomes)[number]

export interface GrantLife {
  /** Place among all grants, from 0, in the order in which they began. */
  readonly index: number
  /** What makes later acts be about the same grant. */
  readonly key: string
  readonly beneficiary?: string
  readonly grant?: string
  readonly system?: string
  /** As it was last. */
  readonly entitlement?: string
  readonly team?: string
  /** Absent when the history begins with it in force. */
  readonly start?: When
  /** In turn; the last one holds. */
  readonly promises: readonly Promised[]
  readonly removed?: When
  /** Every act about it, by place in the history. */
  readonly acts: readonly number[]
  readonly laterCount: number
  readonly laterAfterEndCount: number
  /** Changes of the end of any kind. */
  readonly movesCount: number
}

export interface Ending {
  readonly outcome: Outcome
  /** Days after the promised end, for those removed late or still open. */
  readonly daysLate: number
  readonly daysInForce: number
  /** Days on which the access was there although the end promised at that time had passed. */
  readonly daysPastEnd: number
}

/** @param asOf the moment up to which the history is believed to be complete. */
export function endingOf(life: GrantLife, asOf: When): Ending {
  const last = lastOf(life, asOf)
  const end = life.promises.at(-1)?.end ?? 'unknown'
  const state = life.removed === undefined ? 'open' : 'removed'
  return {
    outcome: outcomeOf(state, end, last),
    daysLate: isEnd(end) && isPast(end, last) ? Math.max(0, daysBetween(end.day, last.day)) : 0,
    daysInForce: life.start === undefined ? 0 : Math.max(0, daysBetween(life.start.day, last.day)),
    daysPastEnd: daysPastEnd(life, last),
  }
}

/** The last moment at which the access was there, as far as the history says. */
export function lastOf({ removed }: GrantLife, asOf: When): When {
  return removed ?? asOf
}

function outcomeOf(state: 'open' | 'removed', end: SaidEnd, last: When): Outcome {
  if (end === 'unknown') return `${state}-end-unknown`
  if (end === 'none') return `${state}-without-end`
  const past = isPast(end, last)
  if (state === 'open') return past ? 'open-past-end' : 'open-in-time'
  return past ? 'removed-late' : 'removed-in-time'
}

/** Each promise is held against the time in which it was the one in force. */
function daysPastEnd({ promises }: GrantLife, last: When): number {
  return promises.reduce((days, promised, turn) => {
    const until = promises[turn + 1] ?? last
    if (!isEnd(promised.end) || !isPast(promised.end, until)) return days
    const from = laterDay(promised.end.day, promised.day)
    return days + Math.max(0, daysBetween(from, until.day))
  }, 0)
}
