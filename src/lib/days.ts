/** Which hours make up which day on the clock on the wall? A day has 23, 24 or 25 of them, and all are kept. */
import { wallAt } from './zone.ts'

export interface LocalDay {
  /** `2026-11-28` */
  readonly date: string
  /** `Sat 28 Nov` */
  readonly label: string
  /** By hour of the wall clock, 24 of them: numbers of the hours that begin in it. Two where it is put back, none where it is put forward. */
  readonly slots: readonly (readonly number[])[]
}

const hourMillis = 3_600_000
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** @param from milliseconds of the first hour. @returns the days in order. */
export function localDays(from: number, hours: number, zone: string): readonly LocalDay[] {
  const days: { date: string; label: string; slots: number[][] }[] = []
  for (let hour = 0; hour < hours; hour++) {
    const wall = new Date(wallAt(zone, from + hour * hourMillis))
    const date = wall.toISOString().slice(0, 10)
    if (days.at(-1)?.date !== date)
      days.push({ date, label: labelOf(wall), slots: Array.from({ length: 24 }, () => []) })
    days.at(-1)?.slots[wall.getUTCHours()]?.push(hour)
  }
  return days
}

/** `Sat 28 Nov 07:00`, in that zone. */
export function wallTime(millis: number, zone: string): string {
  const wall = new Date(wallAt(zone, millis))
  return `${labelOf(wall)} ${wall.toISOString().slice(11, 16)}`
}

/** The beginning of the hour of the wall clock in which this moment lies. */
export function startOfHour(millis: number, zone: string): number {
  return millis - (((wallAt(zone, millis) % hourMillis) + hourMillis) % hourMillis)
}

function labelOf(wall: Date): string {
  return `${weekdays[wall.getUTCDay()]} ${wall.getUTCDate()} ${months[wall.getUTCMonth()]}`
}
