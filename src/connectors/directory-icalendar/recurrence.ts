/**
 * When does a rule come round (RFC 5545, 3.3.10)? Period by period from the first time on: which days of the period fit,
 * at which times, which of them are taken. A rule that fits no day ends with the horizon like any other, so no calendar can
 * keep anybody busy for ever. Parts that are rare in rotas are refused rather than half understood.
 */
import { type Wall, wallTimeOf } from './values.ts'

export interface Rule {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  readonly interval: number
  readonly count?: number
  /** The last wall time that counts. */
  readonly until?: Wall
  readonly weekdays: readonly Weekday[]
  readonly monthDays: readonly number[]
  readonly months: readonly number[]
  readonly hours: readonly number[]
  readonly minutes: readonly number[]
  readonly positions: readonly number[]
  /** 0 is Monday. */
  readonly weekStart: number
}

export interface Weekday {
  /** 0 is Monday. */
  readonly day: number
  /** The n-th of its month or year, from the end when negative. */
  readonly ordinal?: number
}

const dayMillis = 86_400_000
const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const knownParts = new Set(
  'freq interval count until byday bymonthday bymonth byhour byminute bysetpos wkst'.split(' '),
)

/**
 * @param untilWall turns the end of the rule, which may be given in UTC, into wall time.
 * @returns the rule, or what is not understood about it.
 */
export function ruleOf(value: unknown, untilWall: (until: string) => Wall | undefined): Rule | string {
  if (typeof value !== 'object' || value === null) return 'the rule cannot be read'
  const parts = value as Readonly<Record<string, unknown>>
  const unknown = Object.keys(parts).find((part) => !knownParts.has(part))
  if (unknown !== undefined) return `the part \`${unknown.toUpperCase()}\` of the rule is not understood`
  const { freq, interval = 1, count, until, wkst } = parts
  if (freq !== 'DAILY' && freq !== 'WEEKLY' && freq !== 'MONTHLY' && freq !== 'YEARLY')
    return `\`FREQ=${String(freq)}\` is not understood; a rota repeats by days, weeks, months or years`
  if (!isBetween(interval, 1, 10_000)) return 'expected an `INTERVAL` from 1 to 10000'
  if (count !== undefined && !isBetween(count, 1, 1_000_000)) return 'expected a `COUNT` from 1 on'
  const end = until === undefined ? undefined : untilWall(String(until))
  if (until !== undefined && end === undefined) return `\`UNTIL=${String(until)}\` is no moment`
  const weekdays = listOf(parts.byday).map(weekdayOf)
  const monthDays = numbersOf(parts.bymonthday, -31, 31)
  const months = numbersOf(parts.bymonth, 1, 12)
  const hours = numbersOf(parts.byhour, 0, 23)
  const minutes = numbersOf(parts.byminute, 0, 59)
  const positions = numbersOf(parts.bysetpos, -366, 366)
  const wrong = Object.entries({
    BYMONTHDAY: monthDays,
    BYMONTH: months,
    BYHOUR: hours,
    BYMINUTE: minutes,
    BYSETPOS: positions,
  })
    .filter(([, numbers]) => numbers === undefined)
    .map(([part]) => part)[0]
  if (wrong !== undefined) return `\`${wrong}\` of the rule is out of range`
  if (weekdays.includes(undefined)) return '`BYDAY` of the rule is not understood'
  const days = weekdays.flatMap((each) => each ?? [])
  if (days.some(({ ordinal }) => ordinal !== undefined) && (freq === 'DAILY' || freq === 'WEEKLY'))
    return '`BYDAY` with a number goes with months and years only'
  if (freq === 'WEEKLY' && monthDays?.length !== 0) return '`BYMONTHDAY` does not go with weeks'
  return {
    frequency: freq,
    interval,
    ...(count === undefined ? {} : { count }),
    ...(end === undefined ? {} : { until: end }),
    weekdays: days,
    monthDays: monthDays ?? [],
    months: months ?? [],
    hours: hours ?? [],
    minutes: minutes ?? [],
    positions: positions ?? [],
    weekStart:
      typeof wkst === 'string' ? Math.max(0, names.indexOf(wkst)) : typeof wkst === 'number' ? (wkst + 5) % 7 : 0,
  }
}

/** In the weeks that are looked at: a turn every half hour would be fewer. */
const timesMax = 8_000
/** Of those before, which have to be counted. */
const countedMax = 200_000

/**
 * @returns the wall times at which the rule comes round within `[from, end)`, in order, and `start`, which is always the
 * first; `undefined` when there are too many for turns of duty.
 */
export function timesOf(rule: Rule, start: Wall, from: Wall, end: Wall): readonly Wall[] | undefined {
  const times: Wall[] = [start]
  const last = Math.min(end, rule.until === undefined ? Number.POSITIVE_INFINITY : rule.until + 1)
  const { count = Number.POSITIVE_INFINITY } = rule
  let counted = 1
  const begin = rule.count === undefined ? periodNear(rule, start, from) : periodOf(rule, start)
  for (let period = begin; period.begin < last && counted < count; period = next(rule, period)) {
    for (const time of taken(rule, inPeriod(rule, period, start))) {
      if (time <= start || time >= last || counted === count) continue
      counted++
      if (time >= from) times.push(time)
    }
    if (times.length > timesMax || counted > countedMax) return undefined
  }
  return times.filter((time) => time < end)
}

/** The last period of the rule that begins before `from`, or its first: whole steps from the first one. */
function periodNear(rule: Rule, start: Wall, from: Wall): Period {
  const first = periodOf(rule, start)
  if (from <= first.end) return first
  const [a, b] = [new Date(first.begin), new Date(from)]
  const years = b.getUTCFullYear() - a.getUTCFullYear()
  const passed = {
    DAILY: (from - first.begin) / dayMillis,
    WEEKLY: (from - first.begin) / (7 * dayMillis),
    MONTHLY: years * 12 + b.getUTCMonth() - a.getUTCMonth(),
    YEARLY: years,
  }[rule.frequency]
  const steps = Math.max(0, Math.floor(passed / rule.interval) - 1)
  return steps === 0 ? first : next({ ...rule, interval: steps * rule.interval }, first)
}

/** A day, week, month or year of wall time. */
interface Period {
  readonly begin: Wall
  readonly end: Wall
}

function periodOf({ frequency, weekStart }: Rule, at: Wall): Period {
  const day = Math.floor(at / dayMillis) * dayMillis
  const date = new Date(at)
  switch (frequency) {
    case 'DAILY':
      return { begin: day, end: day + dayMillis }
    case 'WEEKLY': {
      const begin = day - ((weekdayAt(day) - weekStart + 7) % 7) * dayMillis
      return { begin, end: begin + 7 * dayMillis }
    }
    case 'MONTHLY':
      return monthOf(date.getUTCFullYear(), date.getUTCMonth())
    case 'YEARLY':
      return { begin: Date.UTC(date.getUTCFullYear(), 0), end: Date.UTC(date.getUTCFullYear() + 1, 0) }
    default:
      return frequency satisfies never
  }
}

function next(rule: Rule, { begin, end }: Period): Period {
  const { frequency, interval } = rule
  const date = new Date(begin)
  if (frequency === 'MONTHLY') return monthOf(date.getUTCFullYear(), date.getUTCMonth() + interval)
  if (frequency === 'YEARLY') return periodOf(rule, Date.UTC(date.getUTCFullYear() + interval, 0))
  return { begin: begin + interval * (end - begin), end: end + interval * (end - begin) }
}

function monthOf(year: number, month: number): Period {
  return { begin: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
}

/** Every time of the period that fits, in order. */
function inPeriod(rule: Rule, period: Period, start: Wall): Wall[] {
  const found: Wall[] = []
  for (let day = period.begin; day < period.end; day += dayMillis) {
    if (fits(rule, period, day, start)) for (const time of timesOfDay(rule, start)) found.push(day + time)
  }
  return found
}

function fits(rule: Rule, period: Period, day: Wall, start: Wall): boolean {
  const date = new Date(day)
  const { frequency, weekdays, monthDays, months } = rule
  if (months.length > 0 && !months.includes(date.getUTCMonth() + 1)) return false
  const month = monthOf(date.getUTCFullYear(), date.getUTCMonth())
  if (monthDays.length > 0) {
    const [fromStart, fromEnd] = [(day - month.begin) / dayMillis + 1, (month.end - day) / dayMillis]
    if (!monthDays.includes(fromStart) && !monthDays.includes(-fromEnd)) return false
  }
  if (weekdays.length > 0) {
    const within = frequency === 'YEARLY' && months.length === 0 ? period : month
    return weekdays.some((weekday) => isWeekday(weekday, day, within))
  }
  return monthDays.length > 0 || isLikeStart(rule, day, start)
}

function isWeekday({ day: weekday, ordinal }: Weekday, day: Wall, within: Period): boolean {
  if (weekdayAt(day) !== weekday) return false
  if (ordinal === undefined) return true
  const week = 7 * dayMillis
  return ordinal > 0
    ? Math.floor((day - within.begin) / week) + 1 === ordinal
    : Math.floor((within.end - dayMillis - day) / week) + 1 === -ordinal
}

/** What the rule leaves open is as it was the first time. */
function isLikeStart({ frequency, months }: Rule, day: Wall, start: Wall): boolean {
  const [date, first] = [new Date(day), new Date(start)]
  switch (frequency) {
    case 'DAILY':
      return true
    case 'WEEKLY':
      return date.getUTCDay() === first.getUTCDay()
    case 'MONTHLY':
      return date.getUTCDate() === first.getUTCDate()
    case 'YEARLY':
      return (
        date.getUTCDate() === first.getUTCDate() && (months.length > 0 || date.getUTCMonth() === first.getUTCMonth())
      )
    default:
      return frequency satisfies never
  }
}

function timesOfDay({ hours, minutes }: Rule, start: Wall): readonly number[] {
  const time = ((start % dayMillis) + dayMillis) % dayMillis
  const [hour, minute] = [Math.floor(time / 3_600_000), Math.floor(time / 60_000) % 60]
  const rest = time % 60_000
  const sorted = (numbers: readonly number[], other: number) =>
    numbers.length === 0 ? [other] : [...new Set(numbers)].sort((a, b) => a - b)
  return sorted(hours, hour).flatMap((h) => sorted(minutes, minute).map((m) => h * 3_600_000 + m * 60_000 + rest))
}

function taken({ positions }: Rule, times: readonly Wall[]): readonly Wall[] {
  if (positions.length === 0) return times
  return times.filter((_, index) => positions.includes(index + 1) || positions.includes(index - times.length))
}

/** 0 is Monday. */
function weekdayAt(day: Wall): number {
  return (new Date(day).getUTCDay() + 6) % 7
}

function weekdayOf(text: unknown): Weekday | undefined {
  const match = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(String(text))
  if (match === null) return undefined
  const [, ordinal, name = ''] = match
  if (ordinal === undefined) return { day: names.indexOf(name) }
  return Number(ordinal) === 0 ? undefined : { day: names.indexOf(name), ordinal: Number(ordinal) }
}

function numbersOf(value: unknown, min: number, max: number): readonly number[] | undefined {
  const numbers = listOf(value).map(Number)
  const isFit = (number: number) => isBetween(number, min, max) && (min >= 0 || number !== 0)
  return numbers.every(isFit) ? numbers : undefined
}

function isBetween(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** The end of a rule given as a day is the end of that day. */
export function lastWallOf(until: string, wallOfUtc: (moment: number) => Wall): Wall | undefined {
  const time = wallTimeOf(until)
  if (time === undefined) return undefined
  if (time.day) return time.wall + dayMillis - 1
  return time.utc ? wallOfUtc(time.wall) : time.wall
}
