/**
 * Puts what a source says into force: facts, head and event in one commit, together with everything that falls because
 * somebody is gone. Reading sources, and doubting them, is for others; this is the only place where the directory changes.
 */
import type { Assertion } from '../../core/assertion.ts'
import type { DirectoryFacts, SourceState } from '../../core/directory.ts'
import { departedSince, saysTheSame } from '../../core/merge.ts'
import type { Digest } from '../../core/terms.ts'
import type { Instant } from '../../core/time.ts'
import { systemActor } from '../../core/waiver.ts'
import type { Heads, LockedRecord, Transaction } from '../../store/contract.ts'
import type { Machinery } from '../handle.ts'
import { newEvents } from '../rules.ts'
import { endWithDeparted } from './departures.ts'
import { keepLarge } from './keep-large.ts'
import { assertionsIn, ownSource, withOwnWord } from './own-word.ts'

export const directoryRecord = 'directory'
/** So many are named in the event; the facts name all of them. */
const namedMax = 1_000

export interface DirectoryRecord {
  readonly digest: Digest
  readonly counts: { readonly nodes: number; readonly relations: number; readonly shifts: number }
  readonly freshness: Readonly<Record<string, Instant>>
  /** Whoever was gone at this instant has been dealt with. */
  readonly checkedAt?: Instant
}

export interface Moment {
  /** The record of the directory, as its lock answered. */
  readonly locked: LockedRecord
  readonly before: DirectoryFacts
}

/**
 * @param read the source whose word makes the difference; undefined when only time has passed, or our own word changed.
 * @param own what our records say, where this very transaction changes it.
 * @returns whether the facts changed.
 */
export async function putInForce(
  machinery: Machinery,
  tx: Transaction,
  { locked, before }: Moment,
  said: DirectoryFacts,
  read: SourceState | undefined,
  own?: readonly Assertion[],
): Promise<boolean> {
  const { now, heads, version, state } = locked
  if (heads.directory === undefined && read === undefined) return false
  const unchanged = own === undefined && heads.directory !== undefined && saysTheSame(said, before)
  const after = unchanged ? said : withOwnWord(said, own ?? (await assertionsIn(machinery.store.records)), now)
  const freshness = freshnessOf(heads.freshness, read, after, now)
  const same = unchanged || (heads.directory !== undefined && saysTheSame(after, before))
  const facts = same ? before : after
  const digest = same ? (heads.directory as Digest) : await keepLarge(tx, 'directory', after, before)
  // By its content, so that it is right even if this is never committed: then nobody asks for it.
  if (!same) machinery.knowledge.learn(digest, after)
  const counts = { nodes: after.nodes.length, relations: after.relations.length, shifts: after.shifts.length }
  const departed = departedSince(before, (state as DirectoryRecord | undefined)?.checkedAt, facts, now)
  const event = {
    type: 'DirectoryChanged',
    at: now,
    by: systemActor,
    source: read?.id ?? ownSource,
    revision: read?.revision ?? '',
    digest,
    counts,
    departedCount: departed.length,
    departed: departed.slice(0, namedMax),
  }
  // Before any row is locked: whoever decides at this moment finishes first, and whoever comes later sees who is gone.
  if (departed.length > 0) await tx.haltDecisions()
  await tx.writeRecord({
    id: directoryRecord,
    kind: 'directory',
    version: same ? version : version + 1,
    status: 'current',
    state: { digest, counts, freshness, checkedAt: now } satisfies DirectoryRecord,
    dueAt: undefined,
    events: same ? [] : newEvents(directoryRecord, version, [event]),
    revisions: [],
    heads: same ? {} : { directory: digest },
    thaw: false,
  })
  await endWithDeparted(machinery, tx, { now, heads: { ...heads, freshness, directory: digest } }, departed)
  return !same
}

/** Our own word was read just now, whatever else was. */
function freshnessOf(
  known: Heads['freshness'],
  read: SourceState | undefined,
  { sources }: DirectoryFacts,
  now: Instant,
): Heads['freshness'] {
  const own = sources.some(({ id }) => id === ownSource) ? { [ownSource]: now } : {}
  return { ...known, ...(read === undefined ? {} : { [read.id]: read.observedAt }), ...own }
}
