/**
 * What does the clock on the wall say there, and which moment is meant by it? Zones by their IANA names, with the rules of
 * the running Node. A wall time is a number: the milliseconds of a UTC moment whose clock would show the same.
 */

const formats = new Map<string, Intl.DateTimeFormat | undefined>()
/** Zones change their offset on a quarter of an hour, so one answer serves all of it. */
const quarterMillis = 900_000
const dayMillis = 86_400_000
const offsets = new Map<string, Map<number, number>>()
/** Enough for decades of one zone; then it begins anew rather than grow for ever. */
const offsetsMax = 50_000

export function isZone(zone: string): boolean {
  return formatOf(zone) !== undefined
}

/** Milliseconds that the wall clock is ahead of UTC at this moment. @throws on a zone that is none. */
export function offsetAt(zone: string, millis: number): number {
  if (zone === 'UTC') return 0
  const known = offsets.get(zone) ?? new Map<number, number>()
  if (known.size === 0 || known.size > offsetsMax) {
    known.clear()
    offsets.set(zone, known)
  }
  const quarter = Math.floor(millis / quarterMillis)
  const offset = known.get(quarter) ?? wallFormatted(zone, quarter * quarterMillis) - quarter * quarterMillis
  known.set(quarter, offset)
  return offset
}

export function wallAt(zone: string, millis: number): number {
  return millis + offsetAt(zone, millis)
}

/**
 * The moment at which the wall clock shows this. Where it shows it twice, the first time; where it never does because the
 * clock was put forward, as if it had not been yet (RFC 5545, 3.3.5).
 */
export function momentOfWall(zone: string, wall: number): number {
  return momentOfWallBy((millis) => offsetAt(zone, millis), wall)
}

/** The same where something else than a name tells the offsets. */
export function momentOfWallBy(offset: (millis: number) => number, wall: number): number {
  const before = wall - offset(wall - dayMillis)
  const after = wall - offset(wall + dayMillis)
  if (before + offset(before) === wall) return before
  return after + offset(after) === wall ? after : before
}

function wallFormatted(zone: string, millis: number): number {
  const format = formatOf(zone)
  if (format === undefined) throw new Error(`\`${zone}\` is no time zone`)
  const parts = Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone)
  const format = madeFormat(zone)
  // Names come from files, so only those that are zones are kept.
  if (format !== undefined) formats.set(zone, format)
  return format
}

/** Offsets such as `+02:00` are understood by the language too, but are no zones: they have no summer. */
function madeFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return undefined
  try {
    return new Intl.DateTimeFormat('en-u-hc-h23', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
