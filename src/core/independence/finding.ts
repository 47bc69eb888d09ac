/**
 * How is a reason told? A rule answers with a finding: the path that proves it, in the words of the directory, and one
 * sentence. Relations are quoted with the source that stated them; our own records with the id of the event.
 */

import type { CompiledSource } from '../compile.ts'
import type { PathNote, PathStep } from '../conflict.ts'
import type { NodeId } from '../directory.ts'
import { kindOfRelation } from './graph.ts'
import { endingOf, idOf, type Moment, numberOf } from './moment.ts'
import { mayBe } from './nodes.ts'
import type { PreparedMatter, Subject } from './prepare.ts'
import { type Hop, type Meeting, meet } from './reach.ts'
import { selvesOf } from './side.ts'

export interface Finding {
  readonly path: readonly PathStep[]
  readonly because: string
}

/** One reason not to be independent. `undefined` when it does not hold. */
export type Rule = (prepared: PreparedMatter, subject: Subject) => Finding | undefined

/** What our own records are cited as. */
export const ownRecords = 'countersign'
/** Cited where the act being judged has no record yet. */
export const unrecorded = 'unrecorded'

export function stepsOf(moment: Moment, hops: readonly Hop[]): PathStep[] {
  return hops.map((hop) => stepOf(moment, hop))
}

function stepOf(moment: Moment, { from, relation, to }: Hop): PathStep {
  const { graph, sources } = moment.directory
  const source = sources[graph.source[relation] as number] as CompiledSource
  const end = endingOf(moment, relation)
  return {
    from: idOf(moment, from),
    relation: kindOfRelation(graph, relation),
    to: idOf(moment, to),
    ...(graph.from[relation] === from ? {} : { against: true }),
    source: source.id,
    revision: source.revision,
    ...(end <= moment.now ? { until: new Date(end).toISOString() } : {}),
  }
}

/** From the subject to whoever our records name, when the two are one being; otherwise `undefined`. */
export function pathToName({ moment }: PreparedMatter, subject: Subject, id: NodeId): PathStep[] | undefined {
  if (id === subject.id) return []
  const node = numberOf(moment, id)
  const same = node === undefined ? undefined : meet(subject.selves, selvesOf(moment, node))
  return same && stepsOf(moment, same.path)
}

export function recordStep(from: NodeId, relation: PathNote, to: NodeId, event = unrecorded): PathStep {
  return { from, relation, to, source: ownRecords, revision: event }
}

/** The shortest of several ways; the first one among equals. */
export function nearest(meetings: readonly (Meeting | undefined)[]): Meeting | undefined {
  return meetings.reduce(
    (best, meeting) => (best === undefined || (meeting && meeting.path.length < best.path.length) ? meeting : best),
    undefined,
  )
}

/** The node where a path ends: the party of the request that the subject is connected with. */
export function endOfPath(moment: Moment, { node, path }: Meeting): NodeId {
  return idOf(moment, path.at(-1)?.to ?? node)
}

/** `the requester per_1`, or `those behind the beneficiary wl_1`. */
export function named({ matter, moment }: PreparedMatter, party: NodeId): string {
  const number = moment.directory.nodes.numbers.get(party)
  const isPerson = number !== undefined && mayBe(moment.directory.nodes, number, 'person')
  const parts = [
    party === matter.requester ? 'requester' : undefined,
    party === matter.beneficiary ? 'beneficiary' : undefined,
    matter.chain.includes(party) ? 'intermediary' : undefined,
  ].filter((part) => part !== undefined)
  return `${isPerson ? '' : 'those behind '}the ${parts.join(' and ')} ${party}`
}

export function andMore(more: number, what: string): string {
  return more === 0 ? '' : ` (and ${more} more ${more === 1 ? what : `${what}s`})`
}
