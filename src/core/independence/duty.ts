/**
 * Who is on duty when? Turns of duty only: being on a rota is not being awake. Never says anything about independence.
 */
import type { Shift } from '../directory.ts'
import { millisOf } from '../time.ts'
import type { Nodes } from './nodes.ts'

interface Turn {
  readonly person: number
  readonly start: number
  readonly end: number
}

/** Turns by rota, in the order in which they begin. */
export type Duty = ReadonlyMap<number, readonly Turn[]>

export function dutyOf(shifts: readonly Shift[], nodes: Nodes): Duty {
  const duty = new Map<number, Turn[]>()
  for (const shift of shifts) {
    const rota = nodes.numbers.get(shift.rota) as number
    const person = nodes.numbers.get(shift.person) as number
    const turn = { person, start: millisOf(shift.start), end: millisOf(shift.end) }
    if (!(turn.start < turn.end)) continue
    const turns = duty.get(rota)
    if (turns === undefined) duty.set(rota, [turn])
    else turns.push(turn)
  }
  for (const turns of duty.values()) turns.sort((a, b) => a.start - b.start || a.person - b.person || a.end - b.end)
  return duty
}

/** People on duty on this rota at this moment (milliseconds), each once, in the order of their ids. */
export function peopleOnDuty(duty: Duty, rota: number, at: number): number[] {
  const turns = duty.get(rota) ?? []
  const people = turns.filter((turn) => turn.start <= at && at < turn.end).map((turn) => turn.person)
  return [...new Set(people)].sort((a, b) => a - b)
}
