/**
 * What did the directory say at that time? A relation that began later did not hold then; one without a beginning counts
 * against people, as always; and nothing counts in anybody's favour unless the directory is said to cover that time.
 */
import { type CompiledDirectory, compileDirectory } from '../../core/compile.ts'
import type { DirectoryFacts, PersonId, Relation, SourceState } from '../../core/directory.ts'
import { type Instant, millisOf } from '../../core/time.ts'
import { dayMillis } from '../calendar.ts'

export interface AuditDirectory {
  /** As sources state them: facts of a running installation have been stamped, and what ended long ago forgotten. */
  readonly facts: DirectoryFacts
  /**
   * From this instant until it was read, the directory is complete: it also names what has ended since, with its end.
   * Absent: it speaks in nobody's favour about the time before it was read.
   */
  readonly coversFrom?: Instant
  /** Issuers and systems on which the names of the history are logins. */
  readonly namesOn?: readonly string[]
}

export interface ThenDirectory {
  readonly compiled: CompiledDirectory
  /** Somebody about whom at least one relation to other people is known at that time. */
  readonly isPlaced: (person: PersonId, at: Instant) => boolean
}

/** What makes a person somebody's colleague: without any of these, nobody could ever be found not to be independent. */
const placing: ReadonlySet<Relation['relation']> = new Set([
  'member-of',
  'maintains',
  'reports-to',
  'on-rota',
  'sponsors',
])

/** @returns the directory as it stood at a moment; moments between which nothing began share one. */
export function directoryThrough(directory: AuditDirectory): (at: Instant) => ThenDirectory {
  const { facts } = directory
  const readAt = new Map(facts.sources.map(({ id, observedAt }) => [id, observedAt]))
  const beginnings = facts.relations.map((relation) => beginningOf(relation, readAt))
  const changes = [...new Set(beginnings.filter((beginning) => beginning !== ''))].sort()
  const sources = facts.sources.map((source) => covering(source, directory.coversFrom))
  const isPlaced = placesOf(facts, beginnings)
  const known = new Map<number, ThenDirectory>()
  return (at) => {
    const epoch = countUpTo(changes, at)
    const kept = known.get(epoch)
    if (kept !== undefined) return kept
    const horizon = changes[epoch - 1] ?? ''
    const relations = facts.relations.filter((_, place) => (beginnings[place] as string) <= horizon)
    const then = { compiled: compileDirectory({ ...facts, relations, sources }), isPlaced }
    known.set(epoch, then)
    return then
  }
}

/** Names that nobody describes further, for judging a history without a directory. No source stands behind them. */
export function namesOnly(people: Iterable<string>, workloads: Iterable<string>): AuditDirectory {
  const source = 'history'
  const nodes = [
    ...[...people].map((id) => ({ id, kind: 'person' as const, name: id, source })),
    ...[...workloads].map((id) => ({ id, kind: 'workload' as const, name: id, source })),
  ]
  return { facts: { nodes, relations: [], shifts: [], sources: [] } }
}

/**
 * Empty when it counts from ever. A beginning not before the source was read says only when it was first seen: it would
 * clear everybody of everything that went before.
 */
function beginningOf({ since, source }: Relation, readAt: ReadonlyMap<string, Instant>): Instant | '' {
  if (since === undefined || Number.isNaN(millisOf(since))) return ''
  const read = readAt.get(source)
  return read !== undefined && since >= read ? '' : since
}

function covering(source: SourceState, from: Instant | undefined): SourceState {
  if (from === undefined || from >= source.observedAt) return source
  const more = (millisOf(source.observedAt) - millisOf(from)) / 1000
  return { ...source, observedAt: from, staleAfterSeconds: source.staleAfterSeconds + more }
}

function placesOf(facts: DirectoryFacts, beginnings: readonly string[]): (person: PersonId, at: Instant) => boolean {
  const spans = new Map<PersonId, { from: string; until: number }[]>()
  const note = (person: PersonId, from: string, until: number) => {
    const known = spans.get(person)
    if (known === undefined) spans.set(person, [{ from, until }])
    else known.push({ from, until })
  }
  for (const [place, { relation, from, to, until }] of facts.relations.entries()) {
    if (!placing.has(relation)) continue
    const end = until === undefined ? Number.POSITIVE_INFINITY : millisOf(until) + lingerMillis
    for (const person of [from, to]) note(person, beginnings[place] as string, end)
  }
  for (const { person } of facts.shifts) note(person, '', Number.POSITIVE_INFINITY)
  return (person, at) => (spans.get(person) ?? []).some(({ from, until }) => from <= at && !(millisOf(at) >= until))
}

/** Relations go on counting at least this long after they ended. */
const lingerMillis = 30 * dayMillis

/** How many of the sorted moments lie at or before this one. */
function countUpTo(moments: readonly Instant[], at: Instant): number {
  let [low, high] = [0, moments.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle] as Instant) <= at) low = middle + 1
    else high = middle
  }
  return low
}
