/**
 * Instants and durations, as values. An instant is an ISO 8601 string in UTC with milliseconds, so that comparing two
 * of them as strings compares them in time. Nothing here reads a clock: `now` always arrives as an argument.
 */

/** `2026-11-22T10:00:00.000Z`. Fixed width from year 0001 to 9999, so `<` on strings is `<` in time. */
export type Instant = string

/** ISO 8601 duration of whole units: `PT4H`, `P30D`, `PT1H30M`. Years and months are refused: they have no fixed length. */
export type Duration = string

/** A half-open interval `[start, end)`. */
export interface Window {
  readonly start: Instant
  readonly end: Instant
}

const durationPattern = /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,10})S)?)?$/

/** @returns the instant of a number of milliseconds since 1970-01-01T00:00:00Z. */
export function instantOf(millis: number): Instant {
  const whole = Math.trunc(millis)
  if (whole !== lastMade.millis) lastMade = { millis: whole, instant: new Date(millis).toISOString() }
  return lastMade.instant
}

// One check asks for the same moment a dozen times, and thousands of checks share a millisecond. What is kept is a value,
// the same for everybody; so this stays as pure as it looks.
let lastMade = { millis: 0, instant: '1970-01-01T00:00:00.000Z' }
let lastRead = { instant: '1970-01-01T00:00:00.000Z', millis: 0 }

/** @returns milliseconds since 1970-01-01T00:00:00Z; `NaN` for anything that is not an instant. */
export function millisOf(instant: Instant): number {
  if (instant !== lastRead.instant) lastRead = { instant, millis: Date.parse(instant) }
  return lastRead.millis
}

/** @returns the canonical form of any ISO 8601 date-time with an offset, or `undefined` when it is not one. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined
  const millis = Date.parse(text)
  if (Number.isNaN(millis)) return undefined
  const instant = instantOf(millis)
  return instant.length === 24 ? instant : undefined
}

/** @returns whole seconds, or `undefined` when the text is not a duration of whole weeks, days, hours, minutes and seconds. */
export function secondsOf(duration: Duration): number | undefined {
  const match = durationPattern.exec(duration)
  if (match === null || !/\d/.test(duration) || duration.endsWith('T')) return undefined
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return (weeks * 7 + days) * 86_400 + hours * 3_600 + minutes * 60 + seconds
}

/** @returns the shortest duration of that many whole seconds: `5400` is `PT1H30M`. */
export function durationOf(seconds: number): Duration {
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor((seconds % 86_400) / 3_600)
  const minutes = Math.floor((seconds % 3_600) / 60)
  const rest = seconds % 60
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`
  if (days === 0 && time === '') return 'PT0S'
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`
}

export function plusSeconds(instant: Instant, seconds: number): Instant {
  return instantOf(millisOf(instant) + seconds * 1000)
}

export function secondsBetween(start: Instant, end: Instant): number {
  return (millisOf(end) - millisOf(start)) / 1000
}

export function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  return instants.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined)
}

export function overlaps(a: Window, b: Window): boolean {
  return a.start < b.end && b.start < a.end
}
