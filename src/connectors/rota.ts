/**
 * Who has which turn? Rules that repeat (rotations, layers over each other, hours of the day or week, exceptions, leave)
 * become plain turns of duty, computed in the wall time of a zone: whoever hands over at nine does so at nine in summer and
 * in winter. The same rules and week give the same turns whenever they are read.
 */
import { type Instant, instantOf, millisOf, type Window } from '../core/time.ts'
import { momentOfWall, wallAt } from '../lib/zone.ts'

const hourMillis = 3_600_000
const dayMillis = 24 * hourMillis
const weekMillis = 7 * dayMillis
/** Monday, 5 January 1970, in whatever zone: weeks of wall time are counted from here. */
const firstMonday = 4 * dayMillis

/** Hours in which a rotation is on duty, in wall time. */
export interface Hours {
  /** 0 is Monday; absent: every day. */
  readonly weekday?: number
  /** From midnight. */
  readonly startSeconds: number
  /** May reach into the next days. */
  readonly lengthSeconds: number
}

export interface Rotation {
  /** In the order of their turns; `undefined` for a turn that no person has. Never empty. */
  readonly members: readonly (string | undefined)[]
  /** When the first of them takes over; what turns are counted from. */
  readonly start: Instant
  /** When the rotation comes into force, if that is another moment. */
  readonly from?: Instant
  readonly everySeconds: number
  /** IANA name; default UTC. */
  readonly zone?: string
  /** When the rotation ends, if it does. */
  readonly until?: Instant
  /** Default: all of them. */
  readonly hours?: readonly Hours[]
  /** Whoever has the turn when the hours begin stays until they end; otherwise the turn ends within them. */
  readonly keepsHours?: boolean
}

/** From `start` up to `end`. */
export interface Turn extends Window {
  /** `undefined`: nobody, although a rule says so. */
  readonly member: string | undefined
}

/** Somebody is there in the place of another one, or of everybody. */
export interface Exception extends Window {
  readonly member: string | undefined
  readonly instead?: string
}

export interface Leave extends Window {
  readonly member: string
}

export interface Rules {
  /** Side by side: each has its own turns. */
  readonly rotations: readonly Rotation[]
  /** Over each other: where a later one has a turn, the earlier ones have none. */
  readonly layers: readonly Rotation[]
  readonly exceptions: readonly Exception[]
  /** Away from the layers, so that the one below stands in. Elsewhere a turn stays a turn, and nobody is there. */
  readonly leave: readonly Leave[]
}

/**
 * The weeks for which turns are computed: eight back, so that whoever was on duty lately is known, and thirteen to come at
 * any moment of the current one. It moves on Mondays only, so that facts change once a week and not with every reading.
 */
export function horizonAt(now: Instant): Window {
  const week = mondayOf(now)
  return { start: instantOf(week - 8 * weekMillis), end: instantOf(week + 14 * weekMillis) }
}

/** A revision of rules and the week in which turns were computed from them: `sha256:…@2026-11-16`. */
export function revisionWithWeek(revision: string, now: Instant): string {
  return `${revision}@${instantOf(mondayOf(now)).slice(0, 10)}`
}

function mondayOf(now: Instant): number {
  return firstMonday + Math.floor((millisOf(now) - firstMonday) / weekMillis) * weekMillis
}

/**
 * @returns the turns of people that touch `within`, in order. They begin and end where the rules say, never at the edge of
 * `within`, so that a turn is the same whenever it is computed.
 */
export function turnsOf({ rotations, layers, exceptions, leave }: Rules, within: Window): readonly PersonalTurn[] {
  const wide = widened(within, [...rotations, ...layers])
  const stacked = layers.reduce<readonly Turn[]>((below, layer) => {
    const above = withoutLeave(rotationTurns(layer, wide), leave)
    return [...above, ...without(below, above)]
  }, [])
  const planned = [...rotations.flatMap((rotation) => rotationTurns(rotation, wide)), ...stacked]
  const real = exceptions.reduce<readonly Turn[]>((turns, exception) => {
    const isMeant = ({ member }: Turn) => exception.instead === undefined || exception.instead === member
    const [meant, others] = [turns.filter(isMeant), turns.filter((turn) => !isMeant(turn))]
    return [...others, ...without(meant, [exception]), exception]
  }, planned)
  return distinct(real.filter(isPersonal).filter((turn) => turn.start < within.end && turn.end > within.start))
}

export interface PersonalTurn extends Turn {
  readonly member: string
}

/** The turns of one rotation that touch `within`. */
export function rotationTurns(rotation: Rotation, within: Window): readonly Turn[] {
  const turns = rotation.hours === undefined ? wholeTurns(rotation, within) : hourlyTurns(rotation, within)
  const { start, from = start, until } = rotation
  return turns.flatMap((each) => {
    const end = until === undefined ? each.end : earlier(each.end, until)
    const cut = { member: each.member, start: later(each.start, from), end }
    return cut.start < cut.end && touches(cut, within) ? [cut] : []
  })
}

function wholeTurns(rotation: Rotation, within: Window): Turn[] {
  const { zone = 'UTC', everySeconds } = rotation
  const first = wallAt(zone, millisOf(rotation.start))
  const every = everySeconds * 1000
  const turns: Turn[] = []
  // A day of room on both sides: wall time and moments are at most that far apart.
  const begin = later(within.start, rotation.from ?? rotation.start)
  const from = Math.floor((wallAt(zone, millisOf(begin)) - dayMillis - first) / every)
  for (let index = from; first + index * every < wallAt(zone, millisOf(within.end)) + dayMillis; index++) {
    const [start, end] = [index, index + 1].map((number) => momentOfWall(zone, first + number * every))
    turns.push(turn(memberOf(rotation, index), start as number, end as number))
  }
  return turns
}

function hourlyTurns(rotation: Rotation, within: Window): Turn[] {
  const { zone = 'UTC', hours = [], keepsHours = false } = rotation
  const longest = Math.max(...hours.map(({ lengthSeconds }) => lengthSeconds)) * 1000
  const wide = {
    start: instantOf(millisOf(within.start) - longest - dayMillis),
    end: instantOf(millisOf(within.end) + longest + dayMillis),
  }
  const spans = hours.flatMap((each) => spansOf(each, zone, wide))
  if (keepsHours) {
    const begun = spans.filter(({ start }) => start >= (rotation.from ?? rotation.start))
    return begun.map(({ start, end }) => ({ member: memberAt(rotation, start), start, end }))
  }
  return wholeTurns(rotation, wide).flatMap((whole) =>
    spans.flatMap((span) => {
      const both = { member: whole.member, start: later(whole.start, span.start), end: earlier(whole.end, span.end) }
      return both.start < both.end ? [both] : []
    }),
  )
}

/** Every time these hours come, from the day before `within` on. */
function spansOf({ weekday, startSeconds, lengthSeconds }: Hours, zone: string, within: Window): Window[] {
  const spans: Window[] = []
  const firstDay = Math.floor(wallAt(zone, millisOf(within.start)) / dayMillis) - 1
  const lastDay = Math.floor(wallAt(zone, millisOf(within.end)) / dayMillis) + 1
  for (let day = firstDay; day <= lastDay; day++) {
    // Day 4 of the epoch was a Monday.
    if (weekday !== undefined && (((day - 4) % 7) + 7) % 7 !== weekday) continue
    const wall = day * dayMillis + startSeconds * 1000
    const span = {
      start: instantOf(momentOfWall(zone, wall)),
      end: instantOf(momentOfWall(zone, wall + lengthSeconds * 1000)),
    }
    if (span.start < span.end) spans.push(span)
  }
  return spans
}

function memberAt(rotation: Rotation, at: Instant): string | undefined {
  const { start, everySeconds, zone = 'UTC' } = rotation
  const passed = wallAt(zone, millisOf(at)) - wallAt(zone, millisOf(start))
  return memberOf(rotation, Math.floor(passed / (everySeconds * 1000)))
}

/** Turns before the first are counted backwards. */
function memberOf({ members }: Rotation, index: number): string | undefined {
  return members[((index % members.length) + members.length) % members.length]
}

/** Room for the longest turn on both sides, so that what lies over a turn at the edge is there to be seen. */
function widened({ start, end }: Window, rotations: readonly Rotation[]): Window {
  const longest = Math.max(0, ...rotations.map(({ everySeconds }) => everySeconds)) * 1000 + weekMillis
  return { start: instantOf(millisOf(start) - longest), end: instantOf(millisOf(end) + longest) }
}

function withoutLeave(turns: readonly Turn[], leave: readonly Leave[]): readonly Turn[] {
  if (leave.length === 0) return turns
  return turns.flatMap((each) =>
    without(
      [each],
      leave.filter(({ member }) => member === each.member),
    ),
  )
}

/** What is left of these turns outside of the given times. */
function without(turns: readonly Turn[], times: readonly Window[]): readonly Turn[] {
  const sorted = [...times].sort((a, b) => (a.start < b.start ? -1 : 1))
  return turns.flatMap((each) => {
    const left: Turn[] = []
    let start = each.start
    for (const time of sorted) {
      if (time.end <= start || time.start >= each.end) continue
      if (time.start > start) left.push({ ...each, start, end: time.start })
      start = later(start, time.end)
    }
    if (start < each.end) left.push({ ...each, start })
    return left
  })
}

/** Two rules may give one person the same turn. */
function distinct(turns: readonly PersonalTurn[]): readonly PersonalTurn[] {
  const unique = new Map(turns.map((each) => [`${each.start} ${each.end} ${each.member}`, each]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { member, start, end }]) => ({ member, start, end }))
}

function isPersonal(each: Turn): each is PersonalTurn {
  return each.member !== undefined
}

function touches({ start, end }: Window, within: Window): boolean {
  return start < within.end && end > within.start
}

function turn(member: string | undefined, start: number, end: number): Turn {
  return { member, start: instantOf(start), end: instantOf(end) }
}

/** Instants are written alike, so their texts are in the order of time. */
function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b
}
