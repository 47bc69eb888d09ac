/**
 * Where do millions of relations live so that a question about one person touches only what concerns that person?
 * In a few typed arrays: relations sorted by kind, then by where they start, with a second order by where they end.
 * Whatever order the facts came in, the arrays are the same, so the same path is found every time.
 */
import type { RelationKind } from '../directory.ts'

const relationKinds = [
  'member-of',
  'part-of',
  'maintains',
  'reports-to',
  'belongs-to',
  'same-as',
  'owns',
  'operates',
  'created',
  'holds-credential-of',
  'can-change',
  'delegates-to',
  'delegate-of',
  'administers',
  'on-rota',
  'sponsors',
] as const satisfies readonly RelationKind[]

/** `belongs-to` of an account about which nothing else is said, so that it leads nobody anywhere. */
const soleAccountNumber = relationKinds.length
const kindNames: readonly RelationKind[] = [...relationKinds, 'belongs-to']
const kindNumbers = kindNames.map((_, number) => number)
const numbersByKind = new Map<string, number>(relationKinds.map((kind, number) => [kind, number]))

/** Kinds of relations, one bit each. */
export type KindSet = number

export function kindSet(...kinds: readonly RelationKind[]): KindSet {
  return kindNumbers.reduce(
    (set, number) => (kinds.includes(kindNames[number] as RelationKind) ? set | (1 << number) : set),
    0,
  )
}

/** Accounts that tell nothing about whoever they belong to: most accounts, and not worth a step. */
export const soleAccounts: KindSet = 1 << soleAccountNumber

export const everyKind: KindSet = kindSet(...relationKinds)

/** To go through a set: take the lowest, then clear it with `set &= set - 1`. */
export function lowestKind(kinds: KindSet): number {
  return 31 - Math.clz32(kinds & -kinds)
}

/** `-1` for what is no kind of relation. */
export function kindNumber(kind: RelationKind): number {
  return numbersByKind.get(kind) ?? -1
}

export const confirmedFlag = 1
/** An end that nobody can read: against somebody it never ends, in favour it ended long ago. */
export const unreadableEndFlag = 2

/** Later than any moment, so that an unknown beginning never lends tenure. */
export const unknownSince = Number.POSITIVE_INFINITY

/** One kind in one direction: the relations that touch node `n` are `starts[n - first]` up to `starts[n - first + 1]`. */
interface Way {
  readonly first: number
  readonly starts: Uint32Array
}

/** Relations are numbers from 0; every array is indexed by them unless it says otherwise. */
export interface Graph {
  readonly from: Int32Array
  /** The node where it leads; `~node` when the relation has an ending that must be looked up. */
  readonly to: Int32Array
  readonly source: Uint32Array
  readonly flags: Uint8Array
  /** Numbers of instants; 0 for an unknown beginning and for what has not ended. */
  readonly beginning: Uint32Array
  readonly ending: Uint32Array
  /** Milliseconds by number; number 0 is `Infinity`. */
  readonly instants: Float64Array
  /** Where each kind begins, by kind number, and one more. */
  readonly kindStarts: Uint32Array
  /** The kinds of a node's relations, leading away at twice its number, leading to it at the next place. */
  readonly kinds: Uint32Array
  readonly outgoing: readonly Way[]
  readonly incoming: readonly Way[]
  /** Relations in the order of `incoming`, and where each comes from in the manner of `to`. */
  readonly incomingOrder: Uint32Array
  readonly incomingFrom: Int32Array
}

/** Relations in the order they were read, before they are sorted. */
export interface Rows {
  readonly count: number
  readonly kind: Uint8Array
  readonly from: Int32Array
  readonly to: Int32Array
  readonly source: Uint32Array
  readonly flags: Uint8Array
  readonly beginning: Uint32Array
  readonly ending: Uint32Array
  readonly instants: Float64Array
}

export function buildGraph(rows: Rows, nodeCount: number, isAccount: (node: number) => boolean): Graph {
  const kinds = separateSoleAccounts(rows, nodeCount, isAccount)
  const kindStarts = kindStartsOf(kinds)
  const order = sortedRows(rows, kinds, nodeCount)
  const from = pick(rows.from, order, new Int32Array(rows.count))
  const to = pick(rows.to, order, new Int32Array(rows.count))
  const ending = pick(rows.ending, order, new Uint32Array(rows.count))
  const incomingOrder = orderByKindAndEnd(to, kindStarts, nodeCount)
  return {
    from,
    to: packed(to, ending),
    source: pick(rows.source, order, new Uint32Array(rows.count)),
    flags: pick(rows.flags, order, new Uint8Array(rows.count)),
    beginning: pick(rows.beginning, order, new Uint32Array(rows.count)),
    ending,
    instants: rows.instants,
    kindStarts,
    kinds: kindsByNode(rows, kinds, nodeCount),
    outgoing: kindNumbers.map((kind) => wayOf(kindStarts, kind, (place) => from[place] as number)),
    incoming: kindNumbers.map((kind) =>
      wayOf(kindStarts, kind, (place) => to[incomingOrder[place] as number] as number),
    ),
    incomingOrder,
    incomingFrom: packed(
      pick(from, incomingOrder, new Int32Array(rows.count)),
      pick(ending, incomingOrder, new Uint32Array(rows.count)),
    ),
  }
}

/** Nodes, those of relations that have an ending as `~node`. */
function packed(nodes: Int32Array, ending: Uint32Array): Int32Array {
  return nodes.map((node, i) => (ending[i] === 0 ? node : ~node))
}

/** First place of the relations of this kind that touch the node; 0 with an end of 0 when there is none. */
export function beginOf(ways: readonly Way[], kind: number, node: number): number {
  const way = ways[kind] as Way
  const place = node - way.first
  return place >= 0 && place < way.starts.length - 1 ? (way.starts[place] as number) : 0
}

export function endOf(ways: readonly Way[], kind: number, node: number): number {
  const way = ways[kind] as Way
  const place = node - way.first
  return place >= 0 && place < way.starts.length - 1 ? (way.starts[place + 1] as number) : 0
}

export function kindOfRelation(graph: Graph, relation: number): RelationKind {
  const after = graph.kindStarts.findIndex((start) => start > relation)
  return kindNames[after - 1] as RelationKind
}

/** Number of the kind of each row. */
function separateSoleAccounts(rows: Rows, nodeCount: number, isAccount: (node: number) => boolean): Uint8Array {
  const belongsTo = kindNumber('belongs-to')
  const degrees = new Uint32Array(nodeCount)
  for (let row = 0; row < rows.count; row++) {
    degrees[rows.from[row] as number]!++
    degrees[rows.to[row] as number]!++
  }
  return rows.kind.subarray(0, rows.count).map((kind, row) => {
    const account = rows.from[row] as number
    const isSole = kind === belongsTo && degrees[account] === 1 && isAccount(account)
    return isSole ? soleAccountNumber : kind
  })
}

function kindsByNode(rows: Rows, kinds: Uint8Array, nodeCount: number): Uint32Array {
  const byNode = new Uint32Array(2 * nodeCount)
  for (let row = 0; row < rows.count; row++) {
    const kind = 1 << (kinds[row] as number)
    byNode[2 * (rows.from[row] as number)]! |= kind
    byNode[2 * (rows.to[row] as number) + 1]! |= kind
  }
  return byNode
}

function pick<T extends Int32Array | Uint8Array | Uint32Array>(values: T, order: Uint32Array, into: T): T {
  for (let place = 0; place < order.length; place++) into[place] = values[order[place] as number] as number
  return into
}

function kindStartsOf(kinds: Uint8Array): Uint32Array {
  const starts = new Uint32Array(kindNames.length + 1)
  for (const kind of kinds) starts[kind + 1]!++
  for (let kind = 0; kind < kindNames.length; kind++) starts[kind + 1]! += starts[kind] as number
  return starts
}

/** By kind, start and end of the relation; among equals the one that has not ended first, then by source. */
function sortedRows(rows: Rows, kinds: Uint8Array, nodeCount: number): Uint32Array {
  let order = consecutive(0, rows.count)
  order = countingSort(order, nodeCount, rows.to)
  order = countingSort(order, nodeCount, rows.from)
  order = countingSort(order, kindNames.length, kinds)
  sortEquals(rows, order)
  return order
}

function consecutive(start: number, end: number): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(end - start)
  for (let i = 0; i < numbers.length; i++) numbers[i] = start + i
  return numbers
}

/** Stable, in one pass over as many buckets as there are keys. `keys` by row. */
function countingSort(order: Uint32Array, keyCount: number, keys: Int32Array | Uint8Array): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(keyCount + 1)
  for (let place = 0; place < order.length; place++) next[(keys[order[place] as number] as number) + 1]!++
  for (let key = 0; key < keyCount; key++) next[key + 1]! += next[key] as number
  const sorted = new Uint32Array(order.length)
  for (let place = 0; place < order.length; place++) {
    const row = order[place] as number
    sorted[next[keys[row] as number]!++] = row
  }
  return sorted
}

/** Several sources, or several stints, may state the same relation: short runs, each sorted where it stands. */
function sortEquals(rows: Rows, order: Uint32Array): void {
  const same = (a: number, b: number) =>
    rows.from[a] === rows.from[b] && rows.to[a] === rows.to[b] && rows.kind[a] === rows.kind[b]
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && same(order[start] as number, order[end] as number)) end++
    if (end - start > 1) order.subarray(start, end).sort((a, b) => compareEquals(rows, a, b))
    start = end
  }
}

function compareEquals(rows: Rows, a: number, b: number): number {
  const instantOf = (numbers: Uint32Array, row: number) => rows.instants[numbers[row] as number] as number
  const later = instantOf(rows.ending, b) - instantOf(rows.ending, a)
  if (later > 0 || later < 0) return later
  const bySource = (rows.source[a] as number) - (rows.source[b] as number)
  if (bySource !== 0) return bySource
  const earlier = instantOf(rows.beginning, a) - instantOf(rows.beginning, b)
  if (earlier > 0 || earlier < 0) return earlier
  return (rows.flags[b] as number) - (rows.flags[a] as number)
}

function orderByKindAndEnd(to: Int32Array, kindStarts: Uint32Array, nodeCount: number): Uint32Array {
  const order = new Uint32Array(to.length)
  for (const kind of kindNumbers) {
    const relations = consecutive(kindStarts[kind] as number, kindStarts[kind + 1] as number)
    if (relations.length > 0) order.set(countingSort(relations, nodeCount, to), kindStarts[kind])
  }
  return order
}

function wayOf(kindStarts: Uint32Array, kind: number, nodeAt: (place: number) => number): Way {
  const begin = kindStarts[kind] as number
  const end = kindStarts[kind + 1] as number
  if (begin === end) return { first: 0, starts: new Uint32Array(0) }
  const first = nodeAt(begin)
  const starts = new Uint32Array(nodeAt(end - 1) - first + 2)
  let filled = 0
  for (let place = begin; place < end; place++) {
    for (const node = nodeAt(place) - first; filled <= node; filled++) starts[filled] = place
  }
  starts[filled] = end
  return { first, starts }
}
