/**
 * When, and how long, in words for people: in their own zone with UTC beside it, and as seen from now. The instant that
 * is decided about stays readable exactly, to the second where it has seconds.
 */
import { type Duration, type Instant, millisOf, secondsOf } from '../../core/time.ts'

/** How somebody sees time. */
export interface Seen {
  readonly nowMillis: number
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string
}

/** `2026-11-22 19:00 CET (18:00Z)`; the day stands beside UTC only where it is another one. */
export function instantIn(instant: Instant, timeZone: string): string {
  const millis = millisOf(instant)
  if (Number.isNaN(millis)) return instant
  const there = partsIn(millis, timeZone)
  const utc = partsIn(millis, 'UTC')
  if (there.offset === 'GMT' || there.zone === 'UTC') return `${utc.day} ${utc.time} UTC`
  return `${there.day} ${there.time} ${there.zone} (${utc.day === there.day ? '' : `${utc.day} `}${utc.time}Z)`
}

/** `2026-11-22 19:00 CET (18:00Z), in 3 h 12 min` or `…, 5 min ago`. */
export function instantSeen(instant: Instant, { nowMillis, timeZone }: Seen): string {
  return `${instantIn(instant, timeZone)}, ${fromNow(instant, nowMillis)}`
}

export function fromNow(instant: Instant, nowMillis: number): string {
  const seconds = Math.round((millisOf(instant) - nowMillis) / 1000)
  if (Math.abs(seconds) < 1) return 'now'
  return seconds > 0 ? `in ${spoken(seconds)}` : `${spoken(-seconds)} ago`
}

/** `3 h 12 min`, `2 d 4 h`, `45 s`: the two largest units. For distances; what is agreed goes through `exactly`. */
export function spoken(seconds: number): string {
  const parts = unitsOf(Math.max(0, Math.round(seconds)))
  return parts.slice(0, 2).join(' ') || '0 s'
}

/** A length of time that something is agreed about: every unit of it. */
export function exactly(seconds: number): string {
  return unitsOf(seconds).join(' ') || '0 s'
}

export function durationSpoken(duration: Duration): string {
  const seconds = secondsOf(duration)
  return seconds === undefined ? duration : exactly(seconds)
}

/** `1 time`, `2 times`. */
export function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

function unitsOf(seconds: number): string[] {
  const amounts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'min'],
    [seconds % 60, 's'],
  ]
  return amounts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`)
}

function partsIn(millis: number, timeZone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  const parts = Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, value]))
  const { year = '', month = '', day = '', hour = '', minute = '', second = '', timeZoneName = '' } = parts
  const time = `${hour}:${minute}${second === '00' ? '' : `:${second}`}`
  return { day: `${year.padStart(4, '0')}-${month}-${day}`, time, zone: timeZoneName, offset: timeZoneName }
}
