/** Times and durations in words, in the reader's zone and in UTC. Nothing is rounded in anybody's favour. */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
/** Then one time says it all. */
export const readsUtc = zone === 'UTC' || zone === 'Etc/UTC'

const parts = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  year: { year: 'numeric' },
} as const

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options)
const local = { time: format(parts.time), day: format(parts.day), dayWithYear: format({ ...parts.day, ...parts.year }) }
const utc = {
  time: format({ ...parts.time, timeZone: 'UTC' }),
  day: format({ ...parts.day, timeZone: 'UTC' }),
  dayWithYear: format({ ...parts.day, ...parts.year, timeZone: 'UTC' }),
}

/** `Sat 28 Nov 03:14`; the year only where it is another one. */
export function localWords(at: string, now: number): string {
  const date = new Date(at)
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  return `${(sameYear ? local.day : local.dayWithYear).format(date)} ${local.time.format(date)}`.replace(',', '')
}

/** `02:14 UTC`, with the day where it is another one than the reader's. */
export function utcWords(at: string): string {
  const date = new Date(at)
  const sameDay = utc.day.format(date) === local.day.format(date)
  return `${sameDay ? '' : `${utc.day.format(date).replace(',', '')} `}${utc.time.format(date)} UTC`
}

export function dayWords(at: string): string {
  return local.day.format(new Date(at)).replace(',', '')
}

export function timeWords(at: string): string {
  return local.time.format(new Date(at))
}

const units = [
  [86_400, 'day', 'days'],
  [3_600, 'h', 'h'],
  [60, 'min', 'min'],
  [1, 's', 's'],
] as const

/** `4 h`, `1 h 30 min`, `7 days`: the two largest units; what is left is cut off, so that nobody seems to have more time. */
export function lengthWords(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds))
  const words: string[] = []
  for (const [size, one, many] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) words.push(`${count} ${count === 1 ? one : many}`)
    else if (words.length > 0) break
    if (words.length === 2) break
  }
  return words.length === 0 ? 'no time' : words.join(' ')
}

export function secondsBetween(from: string | number, to: string | number): number {
  const millis = (at: string | number) => (typeof at === 'number' ? at : Date.parse(at))
  return (millis(to) - millis(from)) / 1_000
}
