/**
 * Which relations count at this moment? Against somebody, every relation counts from the day it is stated until long
 * after it ended; in favour of somebody, only what holds right now. These two are never mixed: a rule asks either with
 * `eachOut` and `eachIn`, or with `eachCurrentOut` and `eachCurrentIn`.
 */
import type { CompiledDirectory } from '../compile.ts'
import type { NodeId } from '../directory.ts'
import type { Policy } from '../policy.ts'
import { type Instant, millisOf } from '../time.ts'
import { eachIncoming, eachOutgoing, unknownSince, unreadableEndFlag } from './graph.ts'
import type { KindSet } from './kinds.ts'
import { hasEnded, isDescribed } from './nodes.ts'

/** A relation goes on counting this long after it ended, whatever the policy says. */
export const lingerDaysMin = 30

export const dayMillis = 86_400_000

/**
 * Until when an answer holds: the earliest later moment at which something that was looked at will look different. Asked
 * again before then, on the same facts, the same question has the same answer.
 */
export class Validity {
  private readonly from: number
  /** Milliseconds; `Infinity` while nothing is known to change. */
  until = Number.POSITIVE_INFINITY

  constructor(from: Instant) {
    this.from = millisOf(from)
  }

  changesAt(millis: number): void {
    if (millis > this.from && millis < this.until) this.until = millis
  }
}

export interface Moment {
  readonly directory: CompiledDirectory
  /** Milliseconds; `NaN` when nobody can read it, and then everything counts against and nothing in favour. */
  readonly now: number
  /** What ended at this moment or before no longer counts. Milliseconds. */
  readonly countsAfter: number
  /** Told of everything that was looked at and will change. */
  readonly validity?: Validity
}

/** `relation` is the number of the relation, `other` the node at its far end. */
type Visit = (relation: number, other: number) => void

export function momentOf(directory: CompiledDirectory, policy: Policy, now: Instant, validity?: Validity): Moment {
  return momentWith(directory, policy.independence.lingerDays, now, validity)
}

/** For questions about what holds right now, to which no policy has anything to add. */
export function momentAt(directory: CompiledDirectory, now: Instant, validity?: Validity): Moment {
  return momentWith(directory, lingerDaysMin, now, validity)
}

function momentWith(
  directory: CompiledDirectory,
  lingerDays: number,
  now: Instant,
  validity: Validity | undefined,
): Moment {
  const at = millisOf(now)
  const countsAfter = at - Math.max(lingerDaysMin, lingerDays) * dayMillis
  const moment = { directory, now: at, countsAfter: Number.isNaN(countsAfter) ? Number.NEGATIVE_INFINITY : countsAfter }
  return validity === undefined ? moment : { ...moment, validity }
}

export function numberOf(moment: Moment, id: NodeId): number | undefined {
  return moment.directory.nodes.numbers.get(id)
}

export function idOf(moment: Moment, node: number): NodeId {
  return moment.directory.nodes.ids[node] as NodeId
}

/** @returns milliseconds, `Infinity` for what has not ended. */
export function endingOf(moment: Moment, relation: number): number {
  const { ending, instants } = moment.directory.graph
  return instants[ending[relation] as number] as number
}

/** @returns milliseconds, `unknownSince` where nobody said. */
export function sinceOf(moment: Moment, relation: number): number {
  const { beginning, instants } = moment.directory.graph
  return instants[beginning[relation] as number] as number
}

/** Relations of these kinds that start at the node. */
export function eachOut(moment: Moment, kinds: KindSet, node: number, visit: Visit): void {
  eachOutgoing(moment.directory.graph, kinds, node, (relation, end) => {
    if (end >= 0 || counts(moment, relation)) visit(relation, end < 0 ? ~end : end)
  })
}

/** Relations of these kinds that lead to the node. */
export function eachIn(moment: Moment, kinds: KindSet, node: number, visit: Visit): void {
  eachIncoming(moment.directory.graph, kinds, node, (relation, end) => {
    if (end >= 0 || counts(moment, relation)) visit(relation, end < 0 ? ~end : end)
  })
}

/** Against somebody: has not ended, or not long enough ago. */
export function counts(moment: Moment, relation: number): boolean {
  const end = endingOf(moment, relation)
  moment.validity?.changesAt(end + moment.now - moment.countsAfter)
  return end > moment.countsAfter
}

/** For memberships: relations that hold right now, between nodes that are known and have not ended. */
export function eachCurrentOut(moment: Moment, kinds: KindSet, node: number, visit: Visit): void {
  eachOut(moment, kinds, node, (relation, other) => {
    if (isCurrent(moment, relation) && isAlive(moment, other)) visit(relation, other)
  })
}

export function eachCurrentIn(moment: Moment, kinds: KindSet, node: number, visit: Visit): void {
  eachIn(moment, kinds, node, (relation, other) => {
    if (isCurrent(moment, relation) && isAlive(moment, other)) visit(relation, other)
  })
}

/** Described by some source, and ended by none. */
export function isAlive(moment: Moment, node: number): boolean {
  return isDescribed(moment.directory.nodes, node) && !isGone(moment, node)
}

/** Deactivated or no longer reported, by the word of any source. */
export function isGone(moment: Moment, node: number): boolean {
  const { nodes } = moment.directory
  const end = nodes.endings.get(node)
  if (end === undefined) return false
  moment.validity?.changesAt(end)
  return hasEnded(nodes, node, moment.now)
}

export function isCurrent(moment: Moment, relation: number): boolean {
  const flags = moment.directory.graph.flags[relation] as number
  if ((flags & unreadableEndFlag) !== 0) return false
  const since = sinceOf(moment, relation)
  moment.validity?.changesAt(since)
  moment.validity?.changesAt(endingOf(moment, relation))
  return endingOf(moment, relation) > moment.now && (since <= moment.now || since === unknownSince)
}
