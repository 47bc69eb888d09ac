/** Is it one of the hours at which the waiver may be used? By a clock at a fixed distance from UTC. */

import { type Instant, millisOf } from '../time.ts'
import { type Day, days, type Hours } from './kinds.ts'

const minuteMillis = 60_000
const dayMinutes = 24 * 60

export function outsideHours(hours: readonly Hours[] | undefined, now: Instant): boolean {
  return hours !== undefined && !hours.some((span) => isWithinSpan(span, now))
}

function isWithinSpan({ days: on, from, to, offset }: Hours, now: Instant): boolean {
  const minutes = millisOf(now) / minuteMillis + (offsetMinutes(offset) ?? Number.NaN)
  const ofDay = ((minutes % dayMinutes) + dayMinutes) % dayMinutes
  // 1970-01-01 was a Thursday.
  const day = days[(((Math.floor(minutes / dayMinutes) + 3) % 7) + 7) % 7] as Day
  const [start, end] = [clockMinutes(from) ?? Number.NaN, clockMinutes(to) ?? Number.NaN]
  return (on === undefined || on.includes(day)) && ofDay >= start && ofDay < end
}

/** @returns minutes since midnight, `24:00` included; undefined when it is no time of day. */
export function clockMinutes(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match !== null) return Number(match[1]) * 60 + Number(match[2])
  return text === '24:00' ? dayMinutes : undefined
}

/** @returns minutes east of UTC; undefined when it is no such distance. */
export function offsetMinutes(text: string): number | undefined {
  const match = /^([+-])(0\d|1[0-4]):([0-5]\d)$/.exec(text)
  if (match === null || text === '-00:00') return undefined
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
}

/** @returns whether whatever lies within `inner` lies within `outer`. */
export function spanWithin(inner: Hours, outer: Hours): boolean {
  const daysWithin = outer.days === undefined || inner.days?.every((day) => outer.days?.includes(day)) === true
  return inner.offset === outer.offset && daysWithin && inner.from >= outer.from && inner.to <= outer.to
}
