/** The hours of a coverage row as a person reads them: what one hour says, and runs of hours that say the same. */
import type { CoverageView } from '../../src/client/index.ts'
import { dayWords, timeWords } from '../time/words.ts'

export type CoverageRow = CoverageView['rows'][number]

/** `none`: nobody would ask. */
export type HourTone = 'none' | 'uncovered' | 'unplanned' | 'one' | 'two' | 'many'

const hourMillis = 3_600_000

export function hourAt(from: string, hour: number): string {
  return new Date(Date.parse(from) + hour * hourMillis).toISOString()
}

export function toneOf(row: CoverageRow, hour: number, short: ShortHours): HourTone {
  const count = row.counts[hour]
  if (count === null || count === undefined) return 'none'
  if (short.uncovered.has(hour)) return 'uncovered'
  if (short.unplanned.has(hour)) return 'unplanned'
  return count < 2 ? 'one' : count < 3 ? 'two' : 'many'
}

export interface ShortHours {
  readonly uncovered: ReadonlySet<number>
  readonly unplanned: ReadonlySet<number>
}

export function shortHoursOf({ uncovered, unplanned }: CoverageRow): ShortHours {
  return { uncovered: new Set(uncovered), unplanned: new Set(unplanned) }
}

export interface Run {
  readonly tone: HourTone
  readonly start: number
  readonly length: number
}

/** Neighbours that say the same are drawn as one. */
export function runsOf(row: CoverageRow, start = 0, end = row.counts.length): readonly Run[] {
  const short = shortHoursOf(row)
  const runs: { tone: HourTone; start: number; length: number }[] = []
  for (let hour = start; hour < end; hour++) {
    const tone = toneOf(row, hour, short)
    const last = runs.at(-1)
    if (last?.tone === tone) last.length++
    else runs.push({ tone, start: hour, length: 1 })
  }
  return runs
}

/** What one hour says, in a sentence. */
export function hourWords(row: CoverageRow, from: string, hour: number): string {
  const at = hourAt(from, hour)
  const when = `${dayWords(at)} ${timeWords(at)}`
  const [count, needed, callable] = [row.counts[hour], row.needed[hour] ?? 1, row.callable[hour] ?? 0]
  if (count === null || count === undefined) return `${when}: nobody would ask`
  const short = count < needed
  const planned = !row.unplanned.includes(hour)
  const there = `${count === 0 ? 'nobody' : count} independent on duty${needed > 1 ? `, ${needed} needed` : ''}`
  const calls = short && callable > 0 ? `; ${callable} could be called` : ''
  return `${when}: ${planned ? '' : 'not planned yet, '}${there}${calls}`
}

/** Where a day of the reader begins: numbers of hours, the first hour always among them. */
export function daysIn(from: string, hours: number): readonly { readonly start: number; readonly end: number }[] {
  const starts = [0]
  for (let hour = 1; hour < hours; hour++) {
    if (new Date(hourAt(from, hour)).getHours() === 0) starts.push(hour)
  }
  return starts.map((start, place) => ({ start, end: starts[place + 1] ?? hours }))
}

/** `Sat 28 Nov 20:00 to 08:00`; the second day only where it is another one. */
export function spanWords({ start, end }: { readonly start: string; readonly end: string }): string {
  const sameDay = dayWords(start) === dayWords(end)
  return `${dayWords(start)} ${timeWords(start)} to ${sameDay ? '' : `${dayWords(end)} `}${timeWords(end)}`
}
