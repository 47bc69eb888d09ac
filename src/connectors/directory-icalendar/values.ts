/** Moments, lengths and offsets of iCalendar as numbers. What is not exactly of its form is `undefined`, never repaired. */

/** Milliseconds on the wall, see `lib/zone.ts`. */
export type Wall = number

export interface WallTime {
  readonly wall: Wall
  /** Ends in `Z`: the wall is that of UTC. */
  readonly utc: boolean
  /** A day without a time. */
  readonly day: boolean
}

const dayMillis = 86_400_000

export function wallTimeOf(value: unknown): WallTime | undefined {
  if (typeof value !== 'string') return undefined
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(Z)?)?$/.exec(value)
  if (match === null) return undefined
  const [, date = '', time, utc] = match
  const wall = Date.parse(`${date}T${time ?? '00:00:00'}Z`)
  // The language takes 24:00 and rolls days over; a moment must come back as it was written.
  const isReal = !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(`${date}T${time ?? '00:00:00'}`)
  return isReal ? { wall, utc: utc !== undefined, day: time === undefined } : undefined
}

/** `P1DT8H`, `P1W`; negative ones are no length of an event. */
export function lengthOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const match = /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(value)
  if (match === null || !/\d/.test(value)) return undefined
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as number[]
  return (
    ((weeks ?? 0) * 7 + (days ?? 0)) * dayMillis +
    (hours ?? 0) * 3_600_000 +
    (minutes ?? 0) * 60_000 +
    (seconds ?? 0) * 1_000
  )
}

/** `+01:00`, `-0330`. */
export function offsetOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const match = /^([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?$/.exec(value)
  if (match === null) return undefined
  const [, sign, hours, minutes, seconds] = match
  const millis = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds ?? 0) * 1_000
  return sign === '-' ? -millis : millis
}
