/**
 * Where do millions of relations live so that a question about one person touches only what concerns that person?
 * Every node has a page in one long array, with all its relations in both directions, sorted; looking at a node costs
 * a look at one place in memory. Whatever order the facts came in, the pages are the same, so the same path is found
 * every time.
 */
import type { RelationKind } from '../directory.ts'
import type { Steps } from '../steps.ts'
import { countBits, type KindSet, kindNames, soleAccountNumber } from './kinds.ts'
import { consecutive, countingSort, pick, sortRuns } from './sorting.ts'

export { kindSet } from './kinds.ts'

export const confirmedFlag = 1
/** An end that nobody can read: against somebody it never ends, in favour it ended long ago. */
export const unreadableEndFlag = 2

/** Later than any moment, so that an unknown beginning never lends tenure. */
export const unknownSince = Number.POSITIVE_INFINITY

/**
 * Relations are numbers from 0; every array is indexed by them unless it says otherwise.
 *
 * A page is: the kinds of relations that start at the node; the kinds of those that lead to it; for each of these
 * kinds, in that order, where its entries end; the entries. An entry is a relation and the node at its far end, the
 * latter as `~node` when the relation has an ending that must be looked up. Behind the last page stands an empty one.
 */
export interface Graph {
  readonly pages: Int32Array
  /** By node: where its page begins. */
  readonly pageOf: Uint32Array
  readonly from: Int32Array
  readonly kind: Uint8Array
  readonly source: Uint32Array
  readonly flags: Uint8Array
  /** Numbers of instants; 0 for an unknown beginning and for what has not ended. */
  readonly beginning: Uint32Array
  readonly ending: Uint32Array
  /** Milliseconds by number; number 0 is `Infinity`. */
  readonly instants: Float64Array
}

/** Relations in the order they were read, before they are sorted. */
export interface Rows extends Omit<Graph, 'pages' | 'pageOf'> {
  readonly count: number
  readonly to: Int32Array
}

export const headSize = 2
export const entrySize = 2

/** `end` as the entry has it. */
export type VisitEntry = (relation: number, end: number) => void

/** Entries of the kinds of relations that start at the node. */
export function eachOutgoing({ pages, pageOf }: Graph, kinds: KindSet, node: number, visit: VisitEntry): void {
  const page = pageOf[node] as number
  const out = pages[page] as number
  if ((out & kinds) === 0) return
  const slots = page + headSize
  eachEntry(pages, out, kinds, slots, slots + countBits(out) + countBits(pages[page + 1] as number), visit)
}

/** Entries of the kinds of relations that lead to the node. */
export function eachIncoming({ pages, pageOf }: Graph, kinds: KindSet, node: number, visit: VisitEntry): void {
  const page = pageOf[node] as number
  const into = pages[page + 1] as number
  if ((into & kinds) === 0) return
  const slots = page + headSize + countBits(pages[page] as number)
  const end = slots + countBits(into)
  // What leads here comes after what starts here, where there is any of that.
  eachEntry(pages, into, kinds, slots, slots === page + headSize ? end : (pages[slots - 1] as number), visit)
}

/** `slots` is where the ends of the present kinds stand, `begin` where the entries of the first one begin. */
function eachEntry(
  pages: Int32Array,
  present: KindSet,
  kinds: KindSet,
  slots: number,
  begin: number,
  visit: VisitEntry,
) {
  let start = begin
  for (let left = present, slot = slots; left !== 0; left &= left - 1, slot++) {
    const end = pages[slot] as number
    if ((left & -left & kinds) !== 0) {
      for (let entry = start; entry < end; entry += entrySize) visit(pages[entry] as number, pages[entry + 1] as number)
    }
    start = end
  }
}

/** Those of the kinds that start at the node or lead to it; 0 when there is none. */
export function kindsAt({ pages, pageOf }: Graph, node: number, along: KindSet, against: KindSet): KindSet {
  const page = pageOf[node] as number
  return ((pages[page] as number) & along) | ((pages[page + 1] as number) & against)
}

export function kindOfRelation(graph: Graph, relation: number): RelationKind {
  return kindNames[graph.kind[relation] as number] as RelationKind
}

/** `isAccount` says whether a node is an account and nothing else. */
export function* buildGraph(given: Rows, nodeCount: number, isAccount: (node: number) => boolean): Steps<Graph> {
  const rows = { ...given, kind: withSoleAccounts(given, nodeCount, isAccount) }
  yield
  const order = sortedRows(rows, nodeCount)
  yield
  const sorted = {
    from: pick(rows.from, order, new Int32Array(rows.count)),
    kind: pick(rows.kind, order, new Uint8Array(rows.count)),
    source: pick(rows.source, order, new Uint32Array(rows.count)),
    flags: pick(rows.flags, order, new Uint8Array(rows.count)),
    beginning: pick(rows.beginning, order, new Uint32Array(rows.count)),
    ending: pick(rows.ending, order, new Uint32Array(rows.count)),
    instants: rows.instants,
  }
  yield
  return {
    ...sorted,
    ...writePages({ ...sorted, count: rows.count, to: pick(rows.to, order, new Int32Array(rows.count)) }, nodeCount),
  }
}

/** The kind of each row, accounts about which nothing else is said set apart. */
function withSoleAccounts(rows: Rows, nodeCount: number, isAccount: (node: number) => boolean): Uint8Array {
  const belongsTo = kindNames.indexOf('belongs-to')
  const degrees = new Uint32Array(nodeCount)
  for (let row = 0; row < rows.count; row++) {
    degrees[rows.from[row] as number]!++
    degrees[rows.to[row] as number]!++
  }
  return rows.kind.subarray(0, rows.count).map((kind, row) => {
    const account = rows.from[row] as number
    return kind === belongsTo && degrees[account] === 1 && isAccount(account) ? soleAccountNumber : kind
  })
}

/** By kind, start and end of the relation; among equals the one that has not ended first, then by source. */
function sortedRows(rows: Rows, nodeCount: number): Uint32Array {
  let order = consecutive(rows.count)
  order = countingSort(order, nodeCount, rows.to)
  order = countingSort(order, nodeCount, rows.from)
  order = countingSort(order, kindNames.length, rows.kind)
  const isSame = (a: number, b: number) =>
    rows.from[a] === rows.from[b] && rows.to[a] === rows.to[b] && rows.kind[a] === rows.kind[b]
  sortRuns(order, isSame, (a, b) => compareStatements(rows, a, b))
  return order
}

/** Several sources, or several stints, may state the same relation. */
function compareStatements(rows: Rows, a: number, b: number): number {
  const instantOf = (numbers: Uint32Array, row: number) => rows.instants[numbers[row] as number] as number
  const later = instantOf(rows.ending, b) - instantOf(rows.ending, a)
  if (later > 0 || later < 0) return later
  const bySource = (rows.source[a] as number) - (rows.source[b] as number)
  if (bySource !== 0) return bySource
  const earlier = instantOf(rows.beginning, a) - instantOf(rows.beginning, b)
  if (earlier > 0 || earlier < 0) return earlier
  return (rows.flags[b] as number) - (rows.flags[a] as number)
}

function writePages(rows: Rows, nodeCount: number): Pick<Graph, 'pages' | 'pageOf'> {
  const { pageOf, pages } = emptyPages(rows, nodeCount)
  const next = nextEntries(pageOf, pages, nodeCount)
  const put = (node: number, slots: number, present: KindSet, relation: number, other: number) => {
    const entry = next[node] as number
    pages[entry] = relation
    pages[entry + 1] = rows.ending[relation] === 0 ? other : ~other
    next[node] = entry + entrySize
    const below = present & ((1 << (rows.kind[relation] as number)) - 1)
    pages[slots + countBits(below)] = entry + entrySize
  }
  for (let relation = 0; relation < rows.count; relation++) {
    const [from, to] = [rows.from[relation] as number, rows.to[relation] as number]
    const page = pageOf[from] as number
    put(from, page + headSize, pages[page] as number, relation, to)
  }
  // Sorted by kind first, so that the entries of a page are in the order of its kinds.
  for (const relation of countingSort(
    countingSort(consecutive(rows.count), nodeCount, rows.to),
    kindNames.length,
    rows.kind,
  )) {
    const [from, to] = [rows.from[relation] as number, rows.to[relation] as number]
    const page = pageOf[to] as number
    put(to, page + headSize + countBits(pages[page] as number), pages[page + 1] as number, relation, from)
  }
  return { pages, pageOf }
}

/** Pages of the right length, with the kinds in their heads. */
function emptyPages(rows: Rows, nodeCount: number): Pick<Graph, 'pages' | 'pageOf'> {
  const [out, into, degrees] = [new Uint32Array(nodeCount), new Uint32Array(nodeCount), new Uint32Array(nodeCount)]
  for (let relation = 0; relation < rows.count; relation++) {
    const [from, to, kind] = [rows.from[relation] as number, rows.to[relation] as number, rows.kind[relation] as number]
    out[from]! |= 1 << kind
    into[to]! |= 1 << kind
    degrees[from]!++
    degrees[to]!++
  }
  const pageOf = new Uint32Array(nodeCount)
  let length = 0
  for (let node = 0; node < nodeCount; node++) {
    pageOf[node] = length
    const slots = countBits(out[node] as number) + countBits(into[node] as number)
    length += headSize + slots + entrySize * (degrees[node] as number)
  }
  const pages = new Int32Array(length + headSize)
  for (let node = 0; node < nodeCount; node++) {
    const page = pageOf[node] as number
    pages[page] = out[node] as number
    pages[page + 1] = into[node] as number
  }
  return { pages, pageOf }
}

/** Where the first entry of each page stands. */
function nextEntries(pageOf: Uint32Array, pages: Int32Array, nodeCount: number): Uint32Array {
  const next = new Uint32Array(nodeCount)
  for (let node = 0; node < nodeCount; node++) {
    const page = pageOf[node] as number
    next[node] = page + headSize + countBits(pages[page] as number) + countBits(pages[page + 1] as number)
  }
  return next
}
