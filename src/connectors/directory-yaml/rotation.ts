/**
 * Who has which turn? Turns of a rotation are computed from its start, never stored, so that the same file gives the
 * same turns whenever it is read. All times are UTC, so a day has 24 hours and no turn is lost or doubled.
 */
import { type Instant, instantOf, millisOf, type Window } from '../../core/time.ts'

export interface Rotation {
  /** In the order of their turns. Never empty. */
  readonly members: readonly string[]
  readonly start: Instant
  readonly everySeconds: number
  /** `HH:MM`; at or before `from`, `to` is on the next day. */
  readonly daily?: { readonly from: string; readonly to: string }
}

export interface Turn extends Window {
  readonly member: string
}

const dayMillis = 86_400_000

/**
 * @returns the turns that touch `within`, uncut, in order. With daily hours, whoever has the turn when the hours begin
 * stays until they end.
 */
export function turnsOf(rotation: Rotation, within: Window): readonly Turn[] {
  return rotation.daily === undefined ? wholeTurns(rotation, within) : dailyTurns(rotation, rotation.daily, within)
}

function wholeTurns(rotation: Rotation, within: Window): readonly Turn[] {
  const first = millisOf(rotation.start)
  const every = rotation.everySeconds * 1000
  const turns: Turn[] = []
  const from = Math.max(0, Math.floor((millisOf(within.start) - first) / every))
  for (let index = from; first + index * every < millisOf(within.end); index++) {
    const start = first + index * every
    turns.push({ member: memberAt(rotation, start), start: instantOf(start), end: instantOf(start + every) })
  }
  return turns
}

function dailyTurns(rotation: Rotation, daily: { from: string; to: string }, within: Window): readonly Turn[] {
  const from = millisOfClock(daily.from)
  const to = millisOfClock(daily.to)
  const length = to > from ? to - from : to + dayMillis - from
  const turns: Turn[] = []
  // The day before may reach into the first day.
  const firstDay = Math.floor(millisOf(within.start) / dayMillis) * dayMillis - dayMillis
  for (let day = firstDay; day < millisOf(within.end); day += dayMillis) {
    const start = day + from
    const touches = start < millisOf(within.end) && start + length > millisOf(within.start)
    if (!touches || start < millisOf(rotation.start)) continue
    turns.push({ member: memberAt(rotation, start), start: instantOf(start), end: instantOf(start + length) })
  }
  return turns
}

function memberAt(rotation: Rotation, millis: number): string {
  const index = Math.floor((millis - millisOf(rotation.start)) / (rotation.everySeconds * 1000))
  return rotation.members[index % rotation.members.length] as string
}

function millisOfClock(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
