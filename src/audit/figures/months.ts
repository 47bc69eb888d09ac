/**
 * How did it go on? Month by month what was done, and how much access was there at the end of each month: within its
 * promise, past it, or without any.
 */
import { isEnd, lastDayOf, type Month, monthOf, monthsFrom, type SaidEnd, type When } from '../calendar.ts'
import type { GrantLife, Promised } from '../lives/life.ts'
import type { ActRow, Rows } from './rows.ts'

export interface MonthFigures {
  readonly month: Month
  readonly granted: number
  readonly removed: number
  readonly extended: number
  readonly extendedAfterEnd: number
  readonly independent: number
  readonly notIndependent: number
  readonly unknown: number
  /** Access in force at the end of the month, or at the end of the history. */
  readonly inTime: number
  readonly pastEnd: number
  readonly withoutEnd: number
  readonly endUnknown: number
}

type Stock = Pick<MonthFigures, 'inTime' | 'pastEnd' | 'withoutEnd' | 'endUnknown'>

export function monthsOf({ act: acts, grant }: Rows, asOf: When): MonthFigures[] {
  const byMonth = Map.groupBy(acts, ({ act }) => act.month)
  const months = [...byMonth.keys()].sort()
  const [first, last] = [months[0], monthOf(asOf.day)]
  if (first === undefined) return []
  const lives = grant.map(({ life }) => life)
  return monthsFrom(first, last < (months.at(-1) as Month) ? (months.at(-1) as Month) : last).map((month) => ({
    month,
    ...doneIn(byMonth.get(month) ?? []),
    ...stockAt(lives, endOfMonth(month, asOf)),
  }))
}

function doneIn(rows: readonly ActRow[]) {
  const count = (is: (row: ActRow) => boolean) => rows.filter(is).length
  const concluded = (conclusion: string) => count(({ judgement }) => judgement?.conclusion === conclusion)
  return {
    granted: count(({ act }) => act.kind === 'granted'),
    removed: count(({ act }) => act.kind === 'removed'),
    extended: count(({ meaning }) => meaning.move === 'later'),
    extendedAfterEnd: count(({ meaning }) => meaning.move === 'later' && meaning.afterEnd === true),
    independent: concluded('independent'),
    notIndependent: concluded('not-independent'),
    unknown: concluded('unknown'),
  }
}

function endOfMonth(month: Month, asOf: When): When {
  const day = lastDayOf(month)
  return day >= asOf.day ? asOf : { day, at: `${day}T23:59:59.999Z` }
}

function stockAt(lives: readonly GrantLife[], moment: When): Stock {
  const stock = { inTime: 0, pastEnd: 0, withoutEnd: 0, endUnknown: 0 }
  for (const life of lives) {
    if (!isThere(life, moment)) continue
    stock[shelfOf(promisedAt(life, moment), moment)] += 1
  }
  return stock
}

/** What the history never saw begin counts from when it is first mentioned. */
function isThere({ start, promises, removed }: GrantLife, { day }: When): boolean {
  return ((start ?? promises[0])?.day ?? '') <= day && (removed === undefined || removed.day > day)
}

function promisedAt({ promises }: GrantLife, { day }: When): SaidEnd {
  const said: Promised | undefined = promises.findLast((promised) => promised.day <= day) ?? promises[0]
  return said?.end ?? 'unknown'
}

/** At the end of a day: whoever's last day it is still has their access. */
function shelfOf(end: SaidEnd, { day }: When): keyof Stock {
  if (end === 'unknown') return 'endUnknown'
  if (!isEnd(end)) return 'withoutEnd'
  return day > end.day ? 'pastEnd' : 'inTime'
}
