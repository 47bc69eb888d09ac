/**
 * What our own records say about the directory: links and owners that people have put on record, and entries whose names
 * look alike. It is a source like any other, read in the very transaction that changes the directory, so it is never old.
 */
import { type Assertion, type AssertionId, relationOf, type Said } from '../../core/assertion.ts'
import type { DirectoryFacts, NodeId, Relation, SourceId, SourceSnapshot } from '../../core/directory.ts'
import { applySource } from '../../core/merge.ts'
import { type LookAlikes, suggestedLinks } from '../../core/names/look-alikes.ts'
import type { Instant } from '../../core/time.ts'
import { digestOf } from '../../lib/digest.ts'
import { idFrom } from '../../lib/id.ts'
import type { Records } from '../../store/contract.ts'
import { keepDays } from './kept.ts'

export const ownSource: SourceId = 'countersign-records'
/** Our own records do not grow old. */
const staleAfterSeconds = 100 * 365 * 86_400
const assertionsMax = 100_000

/** The same is said once: its id follows from what it says. */
export function assertionId({ kind, from, relation, to }: Said): AssertionId {
  return idFrom(kind === 'link' ? 'lnk' : 'own', digestOf({ from, relation, to }))
}

export async function assertionsIn(records: Pick<Records, 'list'>): Promise<readonly Assertion[]> {
  const [links, ownerships] = await Promise.all([
    records.list('link', assertionsMax),
    records.list('ownership', assertionsMax),
  ])
  return [...links, ...ownerships] as readonly Assertion[]
}

/** @returns the facts with our own word as these records have it, and with what looks alike in them. */
export function withOwnWord(facts: DirectoryFacts, assertions: readonly Assertion[], now: Instant): DirectoryFacts {
  const known = new Map(assertions.map((one) => [keyOf(one.said), one]))
  const stated = assertions.map(relationOf).filter((relation) => relation !== undefined)
  const suggested = suggestionsIn(facts, suggestedLinks(facts.nodes), (key) => known.has(key))
  const relations = [...stated, ...suggested]
  if (relations.length === 0 && !facts.sources.some(({ id }) => id === ownSource)) return facts
  const rejected = (relation: Relation) =>
    relation.source === ownSource && known.get(keyOf(relation))?.status === 'rejected'
  const before = facts.relations.some(rejected)
    ? { ...facts, relations: facts.relations.filter((relation) => !rejected(relation)) }
    : facts
  return applySource(before, snapshotOf(relations, assertions, now), now, keepDays)
}

/** Pairs that only look alike: on nobody's record, and of nobody who is not described. */
function suggestionsIn(
  { relations }: DirectoryFacts,
  suggested: LookAlikes['suggested'],
  isKnown: (key: string) => boolean,
): SourceSnapshot['relations'] {
  const stated = new Set(
    relations
      .filter(({ relation, source }) => relation === 'same-as' && source !== ownSource)
      .map(({ from, to }) => pairOf(from, to)),
  )
  return suggested.flatMap(([from, to]) => {
    const relation = { from, relation: 'same-as', to, confirmed: false } as const
    return isKnown(keyOf(relation)) || stated.has(pairOf(from, to)) ? [] : [relation]
  })
}

/** Suggestions that are in force: told apart from records by having none. */
export function suggestionsInForce({ relations }: DirectoryFacts, assertions: readonly Assertion[]): readonly Said[] {
  const known = new Set(assertions.map(({ said }) => keyOf(said)))
  return relations.flatMap((one) =>
    one.source === ownSource && one.relation === 'same-as' && one.until === undefined && !known.has(keyOf(one))
      ? [{ kind: 'link' as const, from: one.from, relation: 'same-as' as const, to: one.to }]
      : [],
  )
}

function snapshotOf(
  relations: SourceSnapshot['relations'],
  assertions: readonly Assertion[],
  now: Instant,
): SourceSnapshot {
  const revision = `records:${assertions.reduce((sum, { version }) => sum + version, 0)}`
  return { source: { id: ownSource, revision, observedAt: now, staleAfterSeconds }, nodes: [], relations, shifts: [] }
}

function keyOf({ from, relation, to }: Pick<Relation, 'from' | 'relation' | 'to'>): string {
  return `${from} ${relation} ${to}`
}

function pairOf(one: NodeId, other: NodeId): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
