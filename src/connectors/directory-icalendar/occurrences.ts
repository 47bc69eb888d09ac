/**
 * When does each event of a calendar really take place? Rules, dates added and taken out, and single times that were moved,
 * taken over or called off. An event ends at the same time on the wall every time, as calendars show it, also in the week
 * in which clocks are put forward or back.
 */
import type { Problem } from '../../files/yaml.ts'
import { all, type Calendar, type Event, first, type Property, parameterOf, textOf } from './calendar.ts'
import { lastWallOf, ruleOf, timesOf } from './recurrence.ts'
import { lengthOf, wallTimeOf } from './values.ts'
import { utc, type Zone, zoneNamed } from './zones.ts'

/** Milliseconds; up to and without `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Occurrence extends Span {
  /** What says who is on duty: the event, or the single time that was changed. */
  readonly event: Event
}

const dayMillis = 86_400_000

/** @param fallback the zone of times that do not say theirs. */
export function occurrencesIn(calendar: Calendar, within: Span, fallback: Zone | undefined) {
  const reader = new Reader(calendar, within, fallback)
  const series = Map.groupBy(calendar.events, (event) => textOf(event, 'uid') ?? event.where)
  const occurrences = [...series.values()].flatMap((events) => reader.series(events))
  return { occurrences, problems: reader.problems as readonly Problem[] }
}

/** How one event lies on the wall of its zone. */
interface Placing {
  readonly zone: Zone
  readonly start: number
  readonly length: number
  readonly day: boolean
}

/** A time that was changed, and which one it was. */
interface Changed {
  readonly event: Event
  readonly placing: Placing
  /** Milliseconds of the time it stands for; the day's beginning where only a day is named. */
  readonly stoodFor: number
  readonly andLater: boolean
}

class Reader {
  readonly problems: Problem[] = []
  private readonly calendar: Calendar
  private readonly within: Span
  private readonly fallback: Zone | undefined
  private readonly zones = new Map<string, Zone | string>()

  constructor(calendar: Calendar, within: Span, fallback: Zone | undefined) {
    this.calendar = calendar
    this.within = within
    this.fallback = fallback
  }

  /** Events of one UID: the event itself and single times of it. */
  series(events: readonly Event[]): readonly Occurrence[] {
    const { main, changes } = this.newest(events)
    const changed = changes.flatMap((event) => this.changed(event) ?? [])
    const single = changed.flatMap(({ event, placing }) => this.at(event, placing, placing.start))
    if (main === undefined || isCancelled(main)) return single
    const placing = this.placing(main)
    const longest = Math.max(0, ...changed.map((each) => each.placing.length), placing?.length ?? 0)
    const times = placing === undefined ? undefined : this.times(main, placing, longest)
    if (placing === undefined || times === undefined) return []
    const own = times.flatMap((time) => this.regular(main, placing, time, changed))
    return [...own, ...single]
  }

  /** One time by the rule, unless it was changed by itself; by the latest change that holds from then on. */
  private regular(
    main: Event,
    placing: Placing,
    { wall, length }: Time,
    changed: readonly Changed[],
  ): readonly Occurrence[] {
    const moment = placing.zone.momentOf(wall)
    if (changed.some(({ stoodFor, andLater }) => stoodFor === moment && !andLater)) return []
    const since = changed
      .filter(({ andLater, stoodFor }) => andLater && stoodFor <= moment)
      .reduce<Changed | undefined>((a, b) => (a === undefined || b.stoodFor > a.stoodFor ? b : a), undefined)
    if (since === undefined) return this.at(main, { ...placing, length }, wall)
    if (since.stoodFor === moment) return []
    const moved = since.placing.start - since.placing.zone.wallAt(since.stoodFor)
    return this.at(since.event, since.placing, since.placing.zone.wallAt(moment) + moved)
  }

  private at(event: Event, { zone, length }: Placing, wall: number): readonly Occurrence[] {
    if (isCancelled(event)) return []
    const [start, end] = [zone.momentOf(wall), zone.momentOf(wall + length)]
    return start < end && start < this.within.end && end > this.within.start ? [{ event, start, end }] : []
  }

  /** Of several versions the one with the highest SEQUENCE; two of the same cannot be told apart. */
  private newest(events: readonly Event[]): { main: Event | undefined; changes: readonly Event[] } {
    const versions = Map.groupBy(events, (event) => JSON.stringify(first(event, 'recurrence-id')?.values ?? []))
    const chosen = [...versions.values()].map((same) => {
      const sequence = (event: Event) => Number(first(event, 'sequence')?.values[0] ?? 0)
      const [best, other] = [...same].sort((a, b) => sequence(b) - sequence(a))
      if (other !== undefined && sequence(best as Event) === sequence(other))
        this.report(other, `\`${textOf(other, 'uid') ?? ''}\` is there twice, at ${best?.where}`)
      return best as Event
    })
    const [mains, changes] = [chosen.filter(isMain), chosen.filter((event) => !isMain(event))]
    return { main: mains[0], changes }
  }

  private changed(event: Event): Changed | undefined {
    const placing = this.placing(event)
    const property = first(event, 'recurrence-id') as Property
    const time = wallTimeOf(property.values[0])
    const zone = time === undefined ? undefined : this.zoneOf(event, property, time.utc)
    if (time === undefined) return this.report(event, 'its `RECURRENCE-ID` is no moment')
    if (placing === undefined || zone === undefined) return undefined
    const range = parameterOf(property, 'range')
    if (range !== undefined && range.toUpperCase() !== 'THISANDFUTURE')
      return this.report(event, `\`RANGE=${range}\` is not understood`)
    return { event, placing, stoodFor: zone.momentOf(time.wall), andLater: range !== undefined }
  }

  private placing(event: Event): Placing | undefined {
    const property = first(event, 'dtstart')
    const time = wallTimeOf(property?.values[0])
    if (property === undefined || time === undefined) return this.report(event, 'its `DTSTART` is no moment')
    const zone = this.zoneOf(event, property, time.utc)
    const length = zone === undefined ? undefined : this.length(event, zone, time)
    if (zone === undefined || length === undefined) return undefined
    if (length <= 0) return this.report(event, 'it ends before it starts')
    return { zone, start: time.wall, length, day: time.day }
  }

  private length(event: Event, zone: Zone, start: { wall: number; day: boolean }): number | undefined {
    const [ending, lasting] = [first(event, 'dtend'), first(event, 'duration')]
    if (ending !== undefined) {
      const end = wallTimeOf(ending.values[0])
      const endZone = end === undefined ? undefined : this.zoneOf(event, ending, end.utc)
      if (end === undefined) return this.report(event, 'its `DTEND` is no moment')
      return endZone === undefined ? undefined : zone.wallAt(endZone.momentOf(end.wall)) - start.wall
    }
    if (lasting !== undefined)
      return lengthOf(lasting.values[0]) ?? this.report(event, 'its `DURATION` is no length of time')
    return start.day ? dayMillis : this.report(event, 'it has no end: neither `DTEND` nor `DURATION`')
  }

  /** The regular times, without those taken out, with those added; `undefined` after a problem. */
  private times(event: Event, placing: Placing, longest: number): readonly Time[] | undefined {
    const { zone, start, length } = placing
    if (all(event, 'exrule').length > 0) return this.report(event, '`EXRULE` is not understood')
    const end = zone.wallAt(this.within.end) + dayMillis
    const from = zone.wallAt(this.within.start) - dayMillis - longest
    const walls = new Map<number, Time>([[start, { wall: start, length }]])
    for (const { values } of all(event, 'rrule')) {
      const rule = ruleOf(values[0], (until) => lastWallOf(until, (moment) => zone.wallAt(moment)))
      if (typeof rule === 'string') return this.report(event, rule)
      const times = timesOf(rule, start, from, end)
      if (times === undefined) return this.report(event, 'it takes place too often for a turn of duty')
      for (const wall of times) walls.set(wall, { wall, length })
    }
    for (const added of this.added(event, placing)) walls.set(added.wall, added)
    const out = this.takenOut(event, placing)
    return [...walls.values()].filter(({ wall }) => !out.has(wall) && !out.has(Math.floor(wall / dayMillis) + 0.5))
  }

  private added(event: Event, { zone, length }: Placing): readonly Time[] {
    return this.moments(event, 'rdate').flatMap(({ value, property }): Time[] => {
      const [begin, lasting] = property.type === 'period' && Array.isArray(value) ? value : [value]
      const time = wallTimeOf(begin)
      const own = time === undefined ? undefined : this.zoneOf(event, property, time.utc)
      if (time === undefined) this.report(event, 'a date of `RDATE` is no moment')
      if (time === undefined || own === undefined) return []
      const wall = zone.wallAt(own.momentOf(time.wall))
      if (lasting === undefined) return [{ wall, length }]
      const end = wallTimeOf(lasting)
      const lasts = end === undefined ? lengthOf(lasting) : zone.wallAt(own.momentOf(end.wall)) - wall
      if (lasts === undefined) this.report(event, 'a period of `RDATE` has no end')
      return lasts === undefined ? [] : [{ wall, length: lasts }]
    })
  }

  /** Wall times; a whole day as its number and a half. */
  private takenOut(event: Event, { zone, day }: Placing): ReadonlySet<number> {
    const out = this.moments(event, 'exdate').flatMap(({ value, property }) => {
      const time = wallTimeOf(value)
      const own = time === undefined ? undefined : this.zoneOf(event, property, time.utc)
      if (time === undefined) this.report(event, 'a date of `EXDATE` is no moment')
      if (time === undefined || own === undefined) return []
      if (time.day && !day) return [time.wall / dayMillis + 0.5]
      return [zone.wallAt(own.momentOf(time.wall))]
    })
    return new Set(out)
  }

  private moments(event: Event, name: string): readonly { value: unknown; property: Property }[] {
    return all(event, name).flatMap((property) => property.values.map((value) => ({ value, property })))
  }

  private zoneOf(event: Event, property: Property, isUtc: boolean): Zone | undefined {
    if (isUtc) return utc
    const name = parameterOf(property, 'tzid')
    if (name === undefined)
      return this.fallback ?? this.report(event, 'its times say no time zone; set `timeZone` for this source')
    const known = this.zones.get(name) ?? zoneNamed(name, this.calendar.zones, this.within.end + 2 * dayMillis)
    this.zones.set(name, known)
    return typeof known === 'string' ? this.report(event, known) : known
  }

  private report({ where }: Event, message: string): undefined {
    this.problems.push({ where, message })
    return undefined
  }
}

interface Time {
  readonly wall: number
  readonly length: number
}

function isMain(event: Event): boolean {
  return first(event, 'recurrence-id') === undefined
}

function isCancelled(event: Event): boolean {
  return textOf(event, 'status')?.toUpperCase() === 'CANCELLED'
}
