/**
 * How does one get from nodes to the nodes they are related to, nearest first? A walk says which kinds of relations it
 * follows and where it may go; following them is done here, once, in a loop that touches nothing it need not.
 */
import { entrySize, headSize } from './graph.ts'
import { countBits, type KindSet } from './kinds.ts'
import { counts, type Moment } from './moment.ts'
import { Reach } from './reach.ts'

/** Kinds to follow along their direction and against it. */
export interface Ways {
  readonly along?: KindSet
  readonly against?: KindSet
}

type Where = (node: number) => boolean

export interface Walk extends Ways {
  /** From which nodes the walk goes on; everywhere unless said. */
  readonly goesOnFrom?: Where
  /** Where the walk may come to; anywhere unless said. */
  readonly comesTo?: Where
  /** Where the walk may end, all others being of no interest then. */
  readonly until?: Where
}

export interface Continuation {
  /** Nodes of the earlier walk that belong to this one too; none unless said. */
  readonly keeps?: Where
  /** The first step away from a node of the earlier walk. */
  readonly first?: Walk
  /** Steps from there on. */
  readonly further?: Walk
}

/** A walk with everything said, so that all walks have one shape and the loops below stay fast. */
interface Route {
  readonly along: KindSet
  readonly against: KindSet
  readonly goesOnFrom: Where | undefined
  readonly comesTo: Where | undefined
  readonly until: Where | undefined
}

function routeOf({ along = 0, against = 0, goesOnFrom, comesTo, until }: Walk): Route {
  return { along, against, goesOnFrom, comesTo, until }
}

/** Walks from these nodes as far as the ways lead. */
export function walkFrom(moment: Moment, nodes: readonly number[], walk: Walk): Reach {
  const reach = new Reach()
  for (const node of nodes) reach.begin(node)
  goOn(moment, reach, routeOf(walk), 0, Number.POSITIVE_INFINITY)
  return reach
}

/** Continues an earlier walk. Nodes at equal distance are taken together, so that nearer ones always come first. */
export function walkOn(moment: Moment, base: Reach, { keeps, first, further }: Continuation): Reach {
  const reach = new Reach(base)
  const leaving = first !== undefined && mayLeave(base, first) ? routeOf(first) : undefined
  if (leaving === undefined && keeps === undefined) return reach
  const going = further === undefined ? undefined : routeOf(further)
  let place = 0
  for (let start = 0, end = 0; start < base.nodes.length; start = end) {
    end = endOfLevel(base, start)
    if (going !== undefined) place = goOn(moment, reach, going, place, base.depthAt(start))
    if (keeps !== undefined) keep(reach, base, start, end, keeps)
    if (leaving !== undefined) for (let at = start; at < end; at++) follow(moment, reach, leaving, base, at)
  }
  if (going !== undefined) goOn(moment, reach, going, place, Number.POSITIVE_INFINITY)
  return reach
}

/** False when no node of the earlier walk has any relation to follow. */
function mayLeave({ base, kindsOut, kindsIn }: Reach, { along = 0, against = 0 }: Ways): boolean {
  return base !== undefined || ((kindsOut & along) | (kindsIn & against)) !== 0
}

function keep(reach: Reach, base: Reach, start: number, end: number, keeps: Where): void {
  for (let at = start; at < end; at++) if (keeps(base.nodes[at] as number)) reach.stay(at)
}

/** From every place nearer than `depth`, beginning at `place`. @returns the first place left. */
function goOn(moment: Moment, reach: Reach, route: Route, place: number, depth: number): number {
  let start = place
  while (start < reach.nodes.length && reach.depthAt(start) < depth) {
    const end = endOfLevel(reach, start)
    if (isThere(reach, route, start, end)) return end
    if (leadsOn(moment, reach, route, start, end)) {
      for (let at = start; at < end; at++) follow(moment, reach, route, reach, at)
    }
    start = end
  }
  return start
}

function isThere(reach: Reach, { until }: Route, start: number, end: number): boolean {
  if (until === undefined) return false
  for (let at = start; at < end; at++) if (until(reach.nodes[at] as number)) return true
  return false
}

function endOfLevel(reach: Reach, start: number): number {
  const depth = reach.depthAt(start)
  let end = start + 1
  while (end < reach.nodes.length && reach.depthAt(end) === depth) end++
  return end
}

/**
 * Whether any node of a level has a relation to follow. Asking them all before following one lets the processor fetch
 * their pages side by side; one after the other, waiting for memory would take most of the time.
 */
function leadsOn(moment: Moment, reach: Reach, route: Route, start: number, end: number): boolean {
  const { pages, pageOf } = moment.directory.graph
  let out = 0
  let into = 0
  for (let at = start; at < end; at++) {
    const node = reach.nodes[at] as number
    if (route.goesOnFrom?.(node) === false) continue
    const page = pageOf[node] as number
    out |= pages[page] as number
    into |= pages[page + 1] as number
  }
  reach.kindsOut |= out
  reach.kindsIn |= into
  return ((out & route.along) | (into & route.against)) !== 0
}

/**
 * From one place along and against the relations the walk follows. Reads the page by hand: this is where the time goes,
 * and a function called for every relation would take as much of it again.
 */
function follow(moment: Moment, reach: Reach, route: Route, from: Reach, place: number): void {
  const { pages, pageOf } = moment.directory.graph
  const node = from.nodes[place] as number
  const page = pageOf[node] as number
  const out = pages[page] as number
  const into = pages[page + 1] as number
  const along = out & route.along
  const against = into & route.against
  if ((along | against) === 0 || route.goesOnFrom?.(node) === false) return
  const outSlots = page + headSize
  const inSlots = outSlots + countBits(out)
  const entries = inSlots + countBits(into)
  if (along !== 0) followKinds(moment, reach, route, from, place, out, along, outSlots, entries)
  if (against === 0) return
  const inEntries = out === 0 ? entries : (pages[inSlots - 1] as number)
  followKinds(moment, reach, route, from, place, into, against, inSlots, inEntries)
}

/** `slots` say where the entries of each of the present kinds end; those of the first one begin at `begin`. */
function followKinds(
  moment: Moment,
  reach: Reach,
  route: Route,
  from: Reach,
  place: number,
  present: KindSet,
  wanted: KindSet,
  slots: number,
  begin: number,
): void {
  const { pages } = moment.directory.graph
  let start = begin
  let slot = slots
  for (let left = present; left !== 0; left &= left - 1) {
    const end = pages[slot++] as number
    if ((left & -left & wanted) !== 0) {
      for (let entry = start; entry < end; entry += entrySize) {
        arrive(moment, reach, route, from, place, pages[entry] as number, pages[entry + 1] as number)
      }
    }
    start = end
  }
}

function arrive(
  moment: Moment,
  reach: Reach,
  route: Route,
  from: Reach,
  place: number,
  relation: number,
  end: number,
): void {
  if (end < 0 && !counts(moment, relation)) return
  const node = end < 0 ? ~end : end
  if (route.comesTo?.(node) === false) return
  if (from === reach) reach.step(node, relation, place)
  else reach.enter(node, relation, place)
}
