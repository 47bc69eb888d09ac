/**
 * Which nodes are there, and what is each? Every id gets a number, in the order of the ids, so that the numbers do not
 * depend on the order of the facts. An id that is only mentioned gets one too, but nothing is known about it.
 */
import {
  countersignSystem,
  type DirectoryFacts,
  type DirectoryNode,
  kindOf,
  type NodeId,
  type NodeKind,
} from '../directory.ts'
import { millisOf } from '../time.ts'

const kindMark: Readonly<Record<NodeKind, number>> = {
  person: 1,
  account: 2,
  team: 4,
  workload: 8,
  system: 16,
  rota: 32,
}
const everyKind = 63
/** Some source describes the node; without it the id is only mentioned. */
const describedMark = 64
/** Some relation of the node leads to an id that nobody describes. */
const danglingMark = 128
const externalMark = 256
const agentMark = 512

export interface Nodes {
  readonly ids: readonly NodeId[]
  readonly numbers: ReadonlyMap<NodeId, number>
  readonly marks: Uint16Array
  /** Milliseconds of the earliest end that any source states; `-Infinity` for an end nobody can read. */
  readonly endings: ReadonlyMap<number, number>
}

export function numberNodes(facts: DirectoryFacts): Nodes {
  const numbers = numbered(facts)
  const ids = [...numbers.keys()]
  const marks = Uint16Array.from(ids, announcedMark)
  const endings = new Map<number, number>()
  for (const node of facts.nodes) {
    const number = numbers.get(node.id) as number
    marks[number]! |= marksOf(node)
    if (node.until !== undefined) endings.set(number, Math.min(endings.get(number) ?? Infinity, endOf(node.until)))
  }
  const ourselves = numbers.get(countersignSystem) as number
  marks[ourselves]! |= kindMark.system | describedMark
  return { ids, numbers, marks, endings }
}

/** A person by every source's word and by the id itself. Anything doubtful is not a person. */
export function isPerson(nodes: Nodes, node: number): boolean {
  return ((nodes.marks[node] as number) & (everyKind | describedMark)) === (kindMark.person | describedMark)
}

/** Described as an account and as nothing else. */
export function isAccount(nodes: Nodes, node: number): boolean {
  return ((nodes.marks[node] as number) & (everyKind | describedMark)) === (kindMark.account | describedMark)
}

/** True as soon as anybody, or the id, says so. */
export function mayBe(nodes: Nodes, node: number, kind: NodeKind): boolean {
  return ((nodes.marks[node] as number) & kindMark[kind]) !== 0
}

export function isDescribed(nodes: Nodes, node: number): boolean {
  return ((nodes.marks[node] as number) & describedMark) !== 0
}

export function isExternal(nodes: Nodes, node: number): boolean {
  return ((nodes.marks[node] as number) & externalMark) !== 0
}

export function isAgent(nodes: Nodes, node: number): boolean {
  return ((nodes.marks[node] as number) & agentMark) !== 0
}

/** True when some relation of the node, counting or not, leads to an id that nobody describes. */
export function mayDangle(nodes: Nodes, node: number): boolean {
  return ((nodes.marks[node] as number) & danglingMark) !== 0
}

export function hasEnded(nodes: Nodes, node: number, now: number): boolean {
  const end = nodes.endings.get(node)
  return end !== undefined && !(end > now)
}

/** To be called once for every relation. */
export function markDangling(nodes: Nodes, from: number, to: number): void {
  if (!isDescribed(nodes, from)) nodes.marks[to]! |= danglingMark
  if (!isDescribed(nodes, to)) nodes.marks[from]! |= danglingMark
}

/** Every id that is mentioned anywhere, in the order of the ids. */
function numbered(facts: DirectoryFacts): Map<NodeId, number> {
  const mentioned = new Set<NodeId>([countersignSystem])
  for (const node of facts.nodes) mentioned.add(node.id)
  for (const { from, to } of facts.relations) {
    if (!mentioned.has(from)) mentioned.add(from)
    if (!mentioned.has(to)) mentioned.add(to)
  }
  for (const { rota, person } of facts.shifts) mentioned.add(rota).add(person)
  return new Map([...mentioned].sort().map((id, number) => [id, number]))
}

function announcedMark(id: NodeId): number {
  const announced = kindOf(id)
  return announced === undefined ? 0 : kindMark[announced]
}

function marksOf(node: DirectoryNode): number {
  return (
    describedMark |
    kindMark[node.kind] |
    (node.external ? externalMark : 0) |
    (node.workloadKind === 'agent' ? agentMark : 0)
  )
}

function endOf(until: string): number {
  const millis = millisOf(until)
  return Number.isNaN(millis) ? Number.NEGATIVE_INFINITY : millis
}
