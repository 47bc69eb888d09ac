/**
 * When did something happen, and when should it have ended? Histories promise days as often as instants, and sometimes
 * days that no calendar has. A day counts to its last minute, where whoever wrote it down lived; nothing here rounds in
 * anybody's favour.
 */
import { type Instant, parseInstant } from '../core/time.ts'

/** `2026-11-22`. Fixed width, so `<` on strings is `<` in time. */
export type Day = string
/** `2026-11`. */
export type Month = string

export interface When {
  readonly at: Instant
  /** The day on the calendar of whoever wrote the record, by the offset they wrote. */
  readonly day: Day
}

export interface End {
  /** The last day on which there is access. */
  readonly day: Day
  /** Where the history promises an instant. */
  readonly instant?: Instant
  /** As it stands in the history. */
  readonly written: string
  /** No calendar has this day; it is read as the last day of that month. */
  readonly impossible: boolean
}

/** `none`: the history says that there is no end. `unknown`: it does not say. */
export type SaidEnd = End | 'none' | 'unknown'

export const dayMillis = 86_400_000

const dayPattern = /^([1-9]\d{3})-(\d{2})-(\d{2})$/

/** @returns when that was, or `undefined` for anything that is neither an instant with an offset nor a day. */
export function parseWhen(text: string): When | undefined {
  const day = parseDay(text)
  if (day !== undefined) return day.impossible ? undefined : { at: `${day.day}T00:00:00.000Z`, day: day.day }
  const at = parseRealInstant(text)
  return at === undefined ? undefined : { at, day: text.slice(0, 10) }
}

/** @returns the promised end, or `undefined` for anything that is neither an instant with an offset nor like a day. */
export function parseEnd(text: string): End | undefined {
  const day = parseDay(text)
  if (day !== undefined) return { ...day, written: text }
  const instant = parseRealInstant(text)
  return instant === undefined ? undefined : { day: text.slice(0, 10), instant, written: text, impossible: false }
}

export function isEnd(end: SaidEnd): end is End {
  return typeof end !== 'string'
}

/** @returns whether the end had passed. An end is a promise about the moment itself: access ends at it, not after it. */
export function isPast(end: End, { at, day }: When): boolean {
  return end.instant === undefined ? day > end.day : at >= end.instant
}

/** @returns below zero when `a` ends first. A day ends after every instant in it. */
export function compareEnds(a: End, b: End): number {
  return compare(endKey(a), endKey(b))
}

export function laterDay(a: Day, b: Day): Day {
  return compare(a, b) >= 0 ? a : b
}

export function daysBetween(from: Day, to: Day): number {
  return numberOfDay(to) - numberOfDay(from)
}

export function monthOf(day: Day): Month {
  return day.slice(0, 7)
}

/** @returns every month from the first to the last, both included. */
export function monthsFrom(first: Month, last: Month): Month[] {
  const months: Month[] = []
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month)
  return months
}

export function lastDayOf(month: Month): Day {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))]
  return `${month}-${pad(new Date(Date.UTC(year, number, 0)).getUTCDate())}`
}

export function numberOfDay(day: Day): number {
  return Date.parse(day) / dayMillis
}

/** The runtime would silently read 31 April as 1 May. */
function parseRealInstant(text: string): Instant | undefined {
  return parseDay(text.slice(0, 10))?.impossible === false ? parseInstant(text) : undefined
}

function parseDay(text: string): { day: Day; impossible: boolean } | undefined {
  const [, year = '', month = '', day = ''] = dayPattern.exec(text) ?? []
  if (year === '' || month < '01' || month > '12' || day < '01' || day > '31') return undefined
  const last = lastDayOf(`${year}-${month}`)
  return text > last ? { day: last, impossible: true } : { day: text, impossible: false }
}

function nextMonth(month: Month): Month {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))]
  return number === 12 ? `${String(year + 1).padStart(4, '0')}-01` : `${month.slice(0, 4)}-${pad(number + 1)}`
}

function endKey({ day, instant }: End): string {
  return instant === undefined ? `${day}~` : `${day}${instant}`
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
