/**
 * Who could ask? Everybody in a team at any hour, whoever is on duty on a rota while they are, a workload by itself. A
 * group is covered at an hour only if whoever of it asks then finds somebody.
 */
import type { NodeId, NodeKind } from '../directory.ts'
import { appliedTo } from '../independence/applied.ts'
import { isAbsent, type Span } from '../independence/duty.ts'
import { kindSet } from '../independence/kinds.ts'
import { eachCurrentIn, eachIn, idOf, isAlive, type Moment, momentAt, numberOf } from '../independence/moment.ts'
import { mayBe } from '../independence/nodes.ts'
import type { Asker } from './freedom.ts'
import type { PreparedCoverage } from './prepare.ts'
import { onePerKind } from './twins.ts'

export type GroupKind = 'team' | 'rota' | 'workload'

/** One of those who could ask, and when they would; always when nothing is said. */
export interface GroupAsker extends Asker {
  readonly when?: readonly Span[]
  /** How many of the group are in the same position, this one included. */
  readonly alike: number
}

export interface Group {
  readonly id: NodeId
  readonly kind: GroupKind
  readonly askers: readonly GroupAsker[]
}

const memberOf = kindSet('member-of')
const control = kindSet('owns', 'operates', 'created', 'holds-credential-of')

/** Every team with somebody in it and every rota with a turn ahead, in the order of their ids. */
export function teamsAndRotas(prepared: PreparedCoverage): Iterable<Group> {
  return groupsOf(prepared, (moment, node) => ofKind(moment, node, 'team') || ofKind(moment, node, 'rota'))
}

/** Every workload behind which there is somebody. One behind which nobody is known asks for nothing. */
export function workloadsOf(prepared: PreparedCoverage): Iterable<Group> {
  return groupsOf(prepared, (moment, node) => ofKind(moment, node, 'workload') && isControlled(moment, node))
}

/** @returns the group of this id; `undefined` for what is no team, rota or workload, and for those of which nobody asks. */
export function groupNamed(prepared: PreparedCoverage, id: NodeId): Group | undefined {
  const moment = momentAt(prepared.directory, prepared.from)
  const node = numberOf(moment, id)
  return node === undefined ? undefined : groupAt(prepared, moment, node)
}

function* groupsOf(prepared: PreparedCoverage, wanted: (moment: Moment, node: number) => boolean): Iterable<Group> {
  const moment = momentAt(prepared.directory, prepared.from)
  for (let node = 0; node < prepared.directory.nodes.ids.length; node++) {
    const group = wanted(moment, node) ? groupAt(prepared, moment, node) : undefined
    if (group !== undefined) yield group
  }
}

function groupAt(prepared: PreparedCoverage, moment: Moment, node: number): Group | undefined {
  const { nodes } = moment.directory
  const id = idOf(moment, node)
  if (!isAlive(moment, node)) return undefined
  if (mayBe(nodes, node, 'team')) {
    if (appliedTo(nodes, prepared.policy).marks.get(node) === 'all-staff') return undefined
    return filled({ id, kind: 'team', askers: membersOf(prepared, moment, node) })
  }
  if (mayBe(nodes, node, 'rota')) return filled({ id, kind: 'rota', askers: turnsOf(prepared, moment, node) })
  if (!mayBe(nodes, node, 'workload')) return undefined
  return { id, kind: 'workload', askers: [{ requester: id, beneficiary: id, alike: 1 }] }
}

function filled(group: Group): Group | undefined {
  return group.askers.length === 0 ? undefined : group
}

function membersOf(prepared: PreparedCoverage, moment: Moment, team: number): GroupAsker[] {
  const people = new Set<number>()
  eachCurrentIn(moment, memberOf, team, (_, person) => people.add(person))
  const sorted = [...people].sort((a, b) => a - b)
  return onePerKind(prepared, sorted).map(({ node, alike }) => asking(moment, node, alike))
}

function turnsOf({ start, end }: PreparedCoverage, moment: Moment, rota: number): GroupAsker[] {
  const { duty, absences } = moment.directory
  const spans = new Map<number, Span[]>()
  for (const turn of duty.get(rota) ?? []) {
    const within = { start: Math.max(start, turn.start), end: Math.min(end, turn.end) }
    if (within.start >= within.end) continue
    const there = presentIn(within, turn.person, absences)
    spans.set(turn.person, [...(spans.get(turn.person) ?? []), ...there])
  }
  return [...spans]
    .filter(([, when]) => when.length > 0)
    .sort(([a], [b]) => a - b)
    .map(([person, when]) => ({ ...asking(moment, person, 1), when }))
}

/** The parts of a turn during which the person is not away. */
function presentIn(turn: Span, person: number, absences: Moment['directory']['absences']): Span[] {
  const cuts = (absences.get(person) ?? []).flatMap(({ start, end }) => [start, end])
  const edges = [turn.start, ...cuts.filter((cut) => turn.start < cut && cut < turn.end), turn.end]
  const sorted = [...new Set(edges)].sort((a, b) => a - b)
  return sorted
    .slice(1)
    .map((end, place) => ({ start: sorted[place] as number, end }))
    .filter(({ start }) => !isAbsent(absences, person, start))
}

function asking(moment: Moment, person: number, alike: number): GroupAsker {
  const id = idOf(moment, person)
  return { requester: id, beneficiary: id, alike }
}

function ofKind({ directory }: Moment, node: number, kind: NodeKind): boolean {
  return mayBe(directory.nodes, node, kind)
}

function isControlled(moment: Moment, node: number): boolean {
  let found = false
  eachIn(moment, control, node, () => {
    found = true
  })
  return found
}
