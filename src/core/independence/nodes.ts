/**
 * Which nodes are there, and what is each? Every id gets a number, in the order of the ids, so that the numbers do not
 * depend on the order of the facts and ids of one prefix lie together. What is out of the ordinary is kept apart, in
 * small sets: ids that are only mentioned, nodes that somebody calls something else than their id does.
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

export interface Nodes {
  readonly ids: readonly NodeId[]
  readonly numbers: ReadonlyMap<NodeId, number>
  /** Where the ids of each kind's prefix begin and end. */
  readonly ranges: Readonly<Record<NodeKind, Range>>
  /** By node: the kinds that sources call it besides the one its id announces. */
  readonly alsoCalled: ReadonlyMap<number, ReadonlySet<NodeKind>>
  /** Ids that no source describes. */
  readonly undescribed: ReadonlySet<number>
  /** Nodes with a relation, counting or not, to or from such an id. */
  readonly dangling: ReadonlySet<number>
  readonly external: ReadonlySet<number>
  readonly agents: ReadonlySet<number>
  /** Milliseconds of the earliest end that any source states; `-Infinity` for an end nobody can read. */
  readonly endings: ReadonlyMap<number, number>
}

interface Range {
  readonly first: number
  readonly end: number
}

/** The nodes, and between which of them each relation of the facts stands, in the order of the facts. */
export interface Numbered {
  readonly nodes: Nodes
  readonly from: Int32Array
  readonly to: Int32Array
}

export function numberNodes(facts: DirectoryFacts): Numbered {
  const { ids, numbers, described, from, to } = numbered(facts)
  const nodes = {
    ids,
    numbers,
    ranges: rangesOf(ids),
    alsoCalled: new Map<number, Set<NodeKind>>(),
    undescribed: undescribedAmong(ids, described, numbers.get(countersignSystem) as number),
    dangling: new Set<number>(),
    external: new Set<number>(),
    agents: new Set<number>(),
    endings: new Map<number, number>(),
  }
  for (const [i, node] of facts.nodes.entries()) note(nodes, described[i] as number, node)
  for (let i = 0; i < from.length; i++) noteDangling(nodes, from[i] as number, to[i] as number)
  for (const { person, rota } of facts.shifts) {
    noteDangling(nodes, numbers.get(person) as number, numbers.get(rota) as number)
  }
  return { nodes, from, to }
}

/** A person by every source's word and by the id itself. Anything doubtful is not a person. */
export function isPerson(nodes: Nodes, node: number): boolean {
  return isOnly(nodes, node, 'person')
}

/** Described as an account and as nothing else. */
export function isAccount(nodes: Nodes, node: number): boolean {
  return isOnly(nodes, node, 'account')
}

/** True as soon as anybody, or the id, says so. */
export function mayBe(nodes: Nodes, node: number, kind: NodeKind): boolean {
  const { first, end } = nodes.ranges[kind]
  return (first <= node && node < end) || nodes.alsoCalled.get(node)?.has(kind) === true
}

export function isDescribed(nodes: Nodes, node: number): boolean {
  return !nodes.undescribed.has(node)
}

/** True when some relation of the node, counting or not, leads to an id that nobody describes. */
export function mayDangle(nodes: Nodes, node: number): boolean {
  return nodes.dangling.has(node)
}

export function hasEnded(nodes: Nodes, node: number, now: number): boolean {
  const end = nodes.endings.get(node)
  return end !== undefined && !(end > now)
}

function isOnly(nodes: Nodes, node: number, kind: NodeKind): boolean {
  return mayBe(nodes, node, kind) && !nodes.alsoCalled.has(node) && isDescribed(nodes, node)
}

/** Looks every id up once: first by the order in which ids turn up, then by the order of the ids. */
function numbered({ nodes, relations, shifts }: DirectoryFacts) {
  const numbers = new Map<NodeId, number>([[countersignSystem, 0]])
  const meet = (id: NodeId) => numbers.get(id) ?? numbers.set(id, numbers.size).size - 1
  const described = numbersFor(nodes, ({ id }) => id, meet)
  const from = numbersFor(relations, (relation) => relation.from, meet)
  const to = numbersFor(relations, (relation) => relation.to, meet)
  for (const { rota, person } of shifts) [meet(rota), meet(person)]
  const ids = [...numbers.keys()].sort()
  const places = new Int32Array(ids.length)
  for (const [number, id] of ids.entries()) {
    places[numbers.get(id) as number] = number
    numbers.set(id, number)
  }
  for (const mentions of [described, from, to]) settle(mentions, places)
  return { ids, numbers, described, from, to }
}

/** Facts come in runs of the same node, and looking it up is what takes the time. */
function numbersFor<Fact>(facts: readonly Fact[], idOf: (fact: Fact) => NodeId, numberOf: (id: NodeId) => number) {
  const numbers = new Int32Array(facts.length)
  let lastId: NodeId | undefined
  for (const [i, fact] of facts.entries()) {
    const id = idOf(fact)
    numbers[i] = id === lastId ? (numbers[i - 1] as number) : numberOf(id)
    lastId = id
  }
  return numbers
}

function settle(numbers: Int32Array, places: Int32Array): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = places[numbers[i] as number] as number
}

/** Ids are sorted, so those of one prefix lie together. */
function rangesOf(ids: readonly NodeId[]): Record<NodeKind, Range> {
  const ranges: Record<NodeKind, Range> = {
    person: { first: 0, end: 0 },
    account: { first: 0, end: 0 },
    team: { first: 0, end: 0 },
    workload: { first: 0, end: 0 },
    system: { first: 0, end: 0 },
    rota: { first: 0, end: 0 },
  }
  for (const [node, id] of ids.entries()) {
    const kind = kindOf(id)
    if (kind === undefined) continue
    const { first, end } = ranges[kind]
    ranges[kind] = { first: end === 0 ? node : first, end: node + 1 }
  }
  return ranges
}

/** This installation knows itself. */
function undescribedAmong(ids: readonly NodeId[], described: Int32Array, ourselves: number): Set<number> {
  const isKnown = new Uint8Array(ids.length)
  isKnown[ourselves] = 1
  for (const node of described) isKnown[node] = 1
  const unknown = new Set<number>()
  for (const [node, known] of isKnown.entries()) if (known === 0) unknown.add(node)
  return unknown
}

type Noted = {
  [key in keyof Nodes]: Nodes[key] extends ReadonlySet<number> ? Set<number> : Nodes[key]
} & { readonly alsoCalled: Map<number, Set<NodeKind>>; readonly endings: Map<number, number> }

function note(nodes: Noted, number: number, { id, kind, external, workloadKind, until }: DirectoryNode): void {
  if (kindOf(id) !== kind) nodes.alsoCalled.set(number, new Set(nodes.alsoCalled.get(number)).add(kind))
  if (external) nodes.external.add(number)
  if (workloadKind === 'agent') nodes.agents.add(number)
  if (until !== undefined) {
    nodes.endings.set(number, Math.min(nodes.endings.get(number) ?? Number.POSITIVE_INFINITY, endOf(until)))
  }
}

function noteDangling(nodes: Noted, from: number, to: number): void {
  if (nodes.undescribed.size === 0) return
  if (nodes.undescribed.has(from)) nodes.dangling.add(to)
  if (nodes.undescribed.has(to)) nodes.dangling.add(from)
}

function endOf(until: string): number {
  const millis = millisOf(until)
  return Number.isNaN(millis) ? Number.NEGATIVE_INFINITY : millis
}
