/**
 * Who is on duty when? Turns of duty only: being on a rota is not being awake, and whoever is away has no turn. Never
 * says anything about independence.
 */
import type { Absence, Shift } from '../directory.ts'
import { millisOf } from '../time.ts'
import type { Nodes } from './nodes.ts'

/** `[start, end)` in milliseconds. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Turn extends Span {
  readonly person: number
}

/** By person, in the order in which they begin. */
export type Absences = ReadonlyMap<number, readonly Span[]>

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

/** Absences of people nobody else mentions say nothing. One that ends before it begins is none. */
export function absencesOf(stated: readonly Absence[], nodes: Nodes): Absences {
  const absences = new Map<number, Span[]>()
  for (const { person, start, end } of stated) {
    const node = nodes.numbers.get(person)
    const span = { start: millisOf(start), end: millisOf(end) }
    if (node === undefined || !(span.start < span.end)) continue
    const known = absences.get(node)
    if (known === undefined) absences.set(node, [span])
    else known.push(span)
  }
  for (const spans of absences.values()) spans.sort((a, b) => a.start - b.start || a.end - b.end)
  return absences
}

export function isAbsent(absences: Absences, person: number, at: number): boolean {
  return absences.get(person)?.some(({ start, end }) => start <= at && at < end) ?? false
}

/** People on duty on this rota at this moment (milliseconds), each once, in the order of their ids. */
export function peopleOnDuty(duty: Duty, absences: Absences, rota: number, at: number): number[] {
  const turns = (duty.get(rota) ?? []).filter(({ start, end }) => start <= at && at < end)
  const people = turns.map(({ person }) => person).filter((person) => !isAbsent(absences, person, at))
  return [...new Set(people)].sort((a, b) => a - b)
}
