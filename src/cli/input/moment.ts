/**
 * What did somebody mean by `4h`, `18:00` or `2026-11-22T18:00Z`? Reads times and lengths of time as people type them. It
 * never guesses: a time that comes twice or never in the reader's zone is asked for again with its offset.
 */
import { instantOf, parseInstant, secondsOf } from '../../core/time.ts'
import { quoted } from '../output/visible.ts'
import { UsageError } from '../usage-error.ts'

/** `4h`, `90m`, `1h30m`, `2d`, `45s` or ISO 8601 such as `PT4H`. @throws {UsageError} */
export function lengthOf(text: string, option: string): number {
  const iso = secondsOf(text.trim())
  const match = /^(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})(?:m|min))?(?:(\d{1,8})s)?$/i.exec(
    text.replaceAll(' ', ''),
  )
  const [weeks, days, hours, minutes, seconds] = (match?.slice(1) ?? []).map((part) => Number(part ?? 0))
  const short =
    match === null || text.trim() === ''
      ? undefined
      : ((weeks ?? 0) * 7 + (days ?? 0)) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0)
  const length = iso ?? short
  if (length !== undefined && length > 0) return length
  throw new UsageError(`${option} ${quoted(text)} is no length of time; write \`4h\`, \`1h30m\`, \`2d\` or \`PT4H\``)
}

interface Around {
  readonly nowMillis: number
  readonly timeZone: string
}

/**
 * `2026-11-22T18:00Z`, `2026-11-22 18:00` (here), `18:00` (here, the next one), `18:00Z`, `+2h`, `now`.
 * @returns an instant. @throws {UsageError}
 */
export function momentOf(text: string, option: string, around: Around): string {
  const written = text.trim()
  if (written === 'now') return instantOf(around.nowMillis)
  if (written.startsWith('+')) return instantOf(around.nowMillis + lengthOf(written.slice(1), option) * 1000)
  const exact = parseInstant(written.replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T').replace(/z$/, 'Z'))
  if (exact !== undefined) return exact
  const dated = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(written)
  if (dated !== null)
    return wallTime(
      dated.slice(1).map((part) => Number(part ?? 0)),
      option,
      text,
      around.timeZone,
    )
  const clock = /^(\d{1,2}):(\d{2})(Z?)$/i.exec(written)
  if (clock !== null) return nextClock(Number(clock[1]), Number(clock[2]), clock[3] !== '', option, text, around)
  throw new UsageError(
    `${option} ${quoted(text)} is no time; write \`2026-11-22T18:00Z\`, \`2026-11-22 18:00\`, \`18:00\` or \`+2h\``,
  )
}

function nextClock(hour: number, minute: number, utc: boolean, option: string, text: string, around: Around): string {
  const timeZone = utc ? 'UTC' : around.timeZone
  for (const daysAhead of [0, 1, 2]) {
    const [year = 0, month = 0, day = 0] = wallOf(around.nowMillis + daysAhead * 86_400_000, timeZone)
    const instant = wallTime([year, month, day, hour, minute], option, text, timeZone)
    if (Date.parse(instant) > around.nowMillis) return instant
  }
  throw new UsageError(`${option} ${quoted(text)} does not come; write the day as well`)
}

/** The instants at which a clock in that zone shows this; there may be none or two where clocks are changed. */
function wallTime(wall: readonly number[], option: string, text: string, timeZone: string): string {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = wall
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second)
  const same = wallOf(asUtc, 'UTC').every((part, index) => part === (wall[index] ?? 0))
  if (!same) throw new UsageError(`${option} ${quoted(text)} is no day or time there is`)
  const offsets = new Set([-86_400_000, 0, 86_400_000].map((shift) => offsetAt(asUtc + shift, timeZone)))
  const instants = [...offsets]
    .map((offset) => asUtc - offset)
    .filter((millis) => millis + offsetAt(millis, timeZone) === asUtc)
  if (instants.length === 1) return instantOf(instants[0] as number)
  const what = instants.length === 0 ? 'is skipped by the clocks' : 'comes twice'
  throw new UsageError(`${option} ${quoted(text)} ${what} in ${timeZone}; write the offset, such as \`${text}Z\``)
}

function offsetAt(millis: number, timeZone: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = wallOf(millis, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(millis / 1000) * 1000
}

function wallOf(millis: number, timeZone: string): readonly number[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]))
  return ['year', 'month', 'day', 'hour', 'minute', 'second'].map((name) => parts[name] ?? 0)
}
