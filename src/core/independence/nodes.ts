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
import { factsInStep, type Steps } from '../steps.ts'
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
/** Some relation of the node, counting or not, leads to an id that nobody describes. */
const danglingMark = 128

export interface Nodes {
  readonly ids: readonly NodeId[]
  readonly numbers: Pick<ReadonlyMap<NodeId, number>, 'get'>
  /** By node: what the id and all sources call it, and the two marks above. One byte, so that all of them stay at hand. */
  readonly marks: Uint8Array
  readonly hasUndescribed: boolean
  readonly external: ReadonlySet<number>
  readonly agents: ReadonlySet<number>
  /** Milliseconds of the earliest end that any source states; `-Infinity` for an end nobody can read. */
  readonly endings: ReadonlyMap<number, number>
}

/** The nodes, and between which of them each relation of the facts stands, in the order of the facts. */
export interface Numbered {
  readonly nodes: Nodes
  readonly from: Int32Array
  readonly to: Int32Array
  /** Of the access stated. */
  readonly holders: Int32Array
}

export function* numberNodes(facts: DirectoryFacts): Steps<Numbered> {
  const { ids, numbers, described, from, to, holders } = yield* numbered(facts)
  const marks = Uint8Array.from(ids, announcedMark)
  yield
  const [external, agents, endings] = [new Set<number>(), new Set<number>(), new Map<number, number>()]
  for (const [i, node] of facts.nodes.entries()) {
    const number = described[i] as number
    marks[number]! |= describedMark | kindMark[node.kind]
    if (node.external) external.add(number)
    if (node.workloadKind === 'agent') agents.add(number)
    noteEnd(endings, number, node)
    if (i % factsInStep === 0) yield
  }
  const ourselves = numbers.get(countersignSystem) as number
  marks[ourselves]! |= kindMark.system | describedMark
  markDangling(marks, from, to)
  yield
  for (const { person, rota } of facts.shifts) {
    markDangling(marks, [numbers.get(person) as number], [numbers.get(rota) as number])
  }
  const hasUndescribed = marks.some((mark) => (mark & describedMark) === 0)
  return { nodes: { ids, numbers, marks, hasUndescribed, external, agents, endings }, from, to, holders }
}

/** With the ends of these nodes as the facts have them. */
export function endingsWith(
  { endings, numbers }: Nodes,
  moved: ReadonlySet<NodeId>,
  facts: DirectoryFacts['nodes'],
): ReadonlyMap<number, number> {
  const made = new Map(endings)
  for (const id of moved) made.delete(numbers.get(id) as number)
  for (const node of facts) if (moved.has(node.id)) noteEnd(made, numbers.get(node.id) as number, node)
  return made
}

function noteEnd(endings: Map<number, number>, number: number, { until }: DirectoryNode): void {
  if (until !== undefined) endings.set(number, Math.min(endings.get(number) ?? Infinity, endOf(until)))
}

/** The marks of one more node, which is a person by everybody's word. */
export function withPerson(marks: Uint8Array): Uint8Array {
  const longer = new Uint8Array(marks.length + 1)
  longer.set(marks)
  longer[marks.length] = kindMark.person | describedMark
  return longer
}

/** A person by every source's word and by the id itself. Anything doubtful is not a person. */
export function isPerson({ marks }: Nodes, node: number): boolean {
  return ((marks[node] as number) & (everyKind | describedMark)) === (kindMark.person | describedMark)
}

/** Described as an account and as nothing else. */
export function isAccount({ marks }: Nodes, node: number): boolean {
  return ((marks[node] as number) & (everyKind | describedMark)) === (kindMark.account | describedMark)
}

/** True as soon as anybody, or the id, says so. */
export function mayBe({ marks }: Nodes, node: number, kind: NodeKind): boolean {
  return ((marks[node] as number) & kindMark[kind]) !== 0
}

export function isDescribed({ marks }: Nodes, node: number): boolean {
  return ((marks[node] as number) & describedMark) !== 0
}

/** True when some relation of the node, counting or not, leads to an id that nobody describes. */
export function mayDangle({ marks }: Nodes, node: number): boolean {
  return ((marks[node] as number) & danglingMark) !== 0
}

export function hasEnded(nodes: Nodes, node: number, now: number): boolean {
  const end = nodes.endings.get(node)
  return end !== undefined && !(end > now)
}

/** Looks every id up once: first by the order in which ids turn up, then by the order of the ids. */
function* numbered({ nodes, relations, shifts, access = [] }: DirectoryFacts) {
  const numbers = new Map<NodeId, number>([[countersignSystem, 0]])
  const meet = (id: NodeId) => numbers.get(id) ?? numbers.set(id, numbers.size).size - 1
  const described = yield* numbersFor(nodes, ({ id }) => id, meet)
  const from = yield* numbersFor(relations, (relation) => relation.from, meet)
  const to = yield* numbersFor(relations, (relation) => relation.to, meet)
  for (const { rota, person } of shifts) [meet(rota), meet(person)]
  const holders = yield* numbersFor(access, ({ holder }) => holder, meet)
  const ids = [...numbers.keys()].sort()
  yield
  const places = new Int32Array(ids.length)
  for (const [number, id] of ids.entries()) {
    places[numbers.get(id) as number] = number
    numbers.set(id, number)
    if (number % factsInStep === 0) yield
  }
  for (const mentions of [described, from, to, holders]) settle(mentions, places)
  return { ids, numbers, described, from, to, holders }
}

/** Facts come in runs of the same node, and looking it up is what takes the time. */
function* numbersFor<Fact>(
  facts: readonly Fact[],
  idOf: (fact: Fact) => NodeId,
  numberOf: (id: NodeId) => number,
): Steps<Int32Array> {
  const numbers = new Int32Array(facts.length)
  let lastId: NodeId | undefined
  for (const [i, fact] of facts.entries()) {
    const id = idOf(fact)
    numbers[i] = id === lastId ? (numbers[i - 1] as number) : numberOf(id)
    lastId = id
    if (i % factsInStep === 0) yield
  }
  return numbers
}

function settle(numbers: Int32Array, places: Int32Array): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = places[numbers[i] as number] as number
}

function announcedMark(id: NodeId): number {
  const announced = kindOf(id)
  return announced === undefined ? 0 : kindMark[announced]
}

function markDangling(marks: Uint8Array, from: ArrayLike<number>, to: ArrayLike<number>): void {
  for (let i = 0; i < from.length; i++) {
    const start = from[i] as number
    const end = to[i] as number
    if (((marks[start] as number) & describedMark) === 0) marks[end]! |= danglingMark
    if (((marks[end] as number) & describedMark) === 0) marks[start]! |= danglingMark
  }
}

function endOf(until: string): number {
  const millis = millisOf(until)
  return Number.isNaN(millis) ? Number.NEGATIVE_INFINITY : millis
}
