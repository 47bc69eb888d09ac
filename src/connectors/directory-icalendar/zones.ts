/**
 * Whose wall clock is meant? Names of the IANA database first, since their rules are kept up to date; for other names what
 * the calendar itself defines (VTIMEZONE), as calendars of offices do. A name that is neither is not guessed.
 */
import { isZone, momentOfWallBy, offsetAt } from '../../lib/zone.ts'
import { all, type Component, first, textOf } from './calendar.ts'
import { lastWallOf, ruleOf, timesOf } from './recurrence.ts'
import { offsetOf, wallTimeOf } from './values.ts'

export interface Zone {
  momentOf(wall: number): number
  wallAt(moment: number): number
}

export const utc: Zone = zoneBy(() => 0)

export function ianaZone(name: string): Zone | undefined {
  return isZone(name) ? zoneBy((moment) => offsetAt(name, moment)) : undefined
}

/** @param end milliseconds; offsets are known up to then. @returns the zone, or why there is none. */
export function zoneNamed(name: string, defined: readonly Component[], end: number): Zone | string {
  // `/softwarestudio.org/Tzfile/Europe/London` names a register and then the zone.
  const plain = name.startsWith('/') ? name.split('/').slice(-2).join('/') : name
  const iana = ianaZone(plain)
  if (iana !== undefined) return iana
  const own = defined.find((component) => textOf(component, 'tzid') === name)
  if (own === undefined) return `\`${name}\` is no time zone, and the calendar does not define it`
  return definedZone(own, end)
}

interface Change {
  readonly moment: number
  readonly offset: number
}

function definedZone(component: Component, end: number): Zone | string {
  const changes: Change[] = []
  let earliest: { readonly moment: number; readonly before: number } | undefined
  for (const observance of component.components) {
    const read = changesOf(observance, end)
    if (typeof read === 'string') return `the time zone \`${textOf(component, 'tzid')}\`: ${read}`
    changes.push(...read.changes)
    const begin = read.changes[0]?.moment
    if (begin !== undefined && (earliest === undefined || begin < earliest.moment))
      earliest = { moment: begin, before: read.before }
  }
  if (earliest === undefined) return `the time zone \`${textOf(component, 'tzid')}\` has no rules`
  changes.sort((a, b) => a.moment - b.moment)
  const { before } = earliest
  return zoneBy((moment) => changes[lastUpTo(changes, moment)]?.offset ?? before)
}

/** Standard time or summer time: when it begins, each time. */
function changesOf(observance: Component, end: number): { changes: readonly Change[]; before: number } | string {
  const before = offsetOf(textOf(observance, 'tzoffsetfrom'))
  const offset = offsetOf(textOf(observance, 'tzoffsetto'))
  const start = wallTimeOf(first(observance, 'dtstart')?.values[0])
  if (before === undefined || offset === undefined || start === undefined)
    return 'an offset or a beginning cannot be read'
  const walls = new Set([start.wall])
  for (const { values } of all(observance, 'rrule')) {
    const rule = ruleOf(values[0], (until) => lastWallOf(until, (moment) => moment + before))
    if (typeof rule === 'string') return rule
    const times = timesOf(rule, start.wall, start.wall, end)
    if (times === undefined) return 'it changes too often'
    for (const wall of times) walls.add(wall)
  }
  for (const value of all(observance, 'rdate').flatMap(({ values }) => values)) {
    const time = wallTimeOf(value)
    if (time === undefined) return 'a date cannot be read'
    walls.add(time.wall)
  }
  return { before, changes: [...walls].sort((a, b) => a - b).map((wall) => ({ moment: wall - before, offset })) }
}

function zoneBy(offset: (moment: number) => number): Zone {
  return { momentOf: (wall) => momentOfWallBy(offset, wall), wallAt: (moment) => moment + offset(moment) }
}

/** Place of the last change that is not after the moment; -1 before the first. */
function lastUpTo(changes: readonly Change[], moment: number): number {
  let [low, high] = [0, changes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((changes[middle] as Change).moment <= moment) low = middle + 1
    else high = middle
  }
  return low - 1
}
