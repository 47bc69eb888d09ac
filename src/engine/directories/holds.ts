/**
 * Keeps out what a source says when it suddenly says much less, until it says otherwise or somebody independent confirms
 * it. What is confirmed is exactly what was shown: the word is kept, and comes into force with the confirmation.
 */
import type { DirectoryFacts, NodeId, SourceId, SourceSnapshot } from '../../core/directory.ts'
import {
  decideHold,
  evolveHold,
  type HeldWord,
  type Hold,
  type HoldCommand,
  type HoldEvent,
  holdWord,
  isHeld,
  releaseHold,
} from '../../core/hold.ts'
import { applySource, areSameFacts, type Gone, goneLately, isSudden, type ShrinkLimits } from '../../core/merge.ts'
import { type Refusal, refusal } from '../../core/refusal.ts'
import type { Digest } from '../../core/terms.ts'
import { type Instant, plusSeconds } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import type { Records, Transaction } from '../../store/contract.ts'
import { writeActs } from '../acts.ts'
import type { Machinery } from '../handle.ts'
import { type Moment, putInForce } from './enforce.ts'
import { keepLarge } from './keep-large.ts'
import { keepDays } from './kept.ts'
import { checkFacts, lockDirectory } from './moment.ts'

export type HoldHandled =
  | { readonly outcome: 'accepted'; readonly hold: Hold }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

const holdsMax = 1_000

/** Holds that keep something out at this moment. */
export async function heldSources(records: Pick<Records, 'list'>): Promise<readonly Hold[]> {
  return ((await records.list('hold', holdsMax)) as readonly Hold[]).filter(isHeld)
}

export async function holdOf(records: Pick<Records, 'find'>, source: SourceId): Promise<Hold | undefined> {
  return (await records.find(recordOf(source))) as Hold | undefined
}

const recordOf = (source: SourceId) => `hold_${source}`

export interface Reading {
  readonly moment: Moment
  readonly snapshot: SourceSnapshot
  readonly after: DirectoryFacts
  readonly limits: ShrinkLimits
}

/** @returns the hold that keeps this word out; nothing when it may come into force. */
export async function holdIfSudden(machinery: Machinery, tx: Transaction, reading: Reading): Promise<Hold | undefined> {
  const { moment, snapshot, after, limits } = reading
  const { now } = moment.locked
  const { id: source } = snapshot.source
  const known = await holdOf(machinery.store.records, source)
  const gone = goneSince(moment, after, source, sinceWhen(known, now, limits), now)
  const isTooMuch = isSudden(gone.shrinkage, limits)
  if (!isTooMuch && !isHeld(known)) return undefined
  const { version, state } = await tx.lockRecord(recordOf(source))
  const hold = state as Hold | undefined
  if (!isTooMuch) {
    await writeHold(tx, source, version, hold, releaseHold(hold, now))
    return undefined
  }
  const same = await sameWord(machinery, hold, snapshot)
  // With the turns of duty and the moment of reading, since it may come into force.
  const word = same ?? wordOf(snapshot, await keepLarge(tx, 'snapshot', snapshot), gone, now)
  return writeHold(tx, source, version, hold, holdWord(hold, word, source, now))
}

/** Whether this has to be looked at as a whole: it goes on being held, or would be. */
export async function isHeldOrSudden(
  { store }: Machinery,
  { moment, source, after, limits }: Omit<Reading, 'snapshot'> & { readonly source: SourceId },
): Promise<boolean> {
  const { now } = moment.locked
  const known = await holdOf(store.records, source)
  if (isHeld(known)) return true
  return isSudden(goneSince(moment, after, source, sinceWhen(known, now, limits), now).shrinkage, limits)
}

/** Somebody confirms, or rejects, what a source said. Confirmed, it is in force with the same commit. */
export async function decideAboutHold(
  machinery: Machinery,
  source: SourceId,
  command: HoldCommand,
  actor: Actor,
): Promise<HoldHandled> {
  const { store } = machinery
  const handled = await store.transact(async (tx): Promise<HoldHandled> => {
    const moment = await lockDirectory(machinery, tx)
    const { version, state } = await tx.lockRecord(recordOf(source))
    const hold = state as Hold | undefined
    const facts = await checkFacts(machinery, tx, moment, actor, () => [])
    if (facts === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
    const snapshot = isShown(hold, command.snapshot) ? await store.revisions.snapshot(command.snapshot) : undefined
    const after = snapshot && applySource(moment.before, snapshot, facts.now, keepDays)
    const concerned = after === undefined ? none : goneSince(moment, after, source, facts.now, facts.now).concerned
    const decision = decideHold(hold, command, { ...facts, source, concerned })
    // An attempt on what was never held is nobody's record.
    const next = hold === undefined ? undefined : await writeHold(tx, source, version, hold, decision.events)
    if (decision.outcome === 'refused') return decision
    if (command.type === 'confirm' && after !== undefined && snapshot !== undefined)
      await putInForce(machinery, tx, moment, after, snapshot.source)
    return { outcome: 'accepted', hold: next as Hold }
  })
  machinery.committed()
  return handled
}

/** Who and which teams the last word of a held source would take away, in order. */
export async function wouldBeGone(
  { store, knowledge }: Machinery,
  { source, words }: Hold,
): Promise<{ readonly people: readonly NodeId[]; readonly teams: readonly NodeId[] }> {
  const { directory, now } = await store.heads()
  const [before, snapshot] = await Promise.all([
    knowledge.facts(directory),
    store.revisions.snapshot(words.at(-1)?.snapshot ?? ''),
  ])
  if (snapshot === undefined) return { people: [], teams: [] }
  const after = applySource(before, snapshot, now, keepDays)
  const { people, teams } = goneLately({ before, after, source, since: now, now })
  return { people, teams }
}

const none: ReadonlySet<NodeId> = new Set()

function isShown(hold: Hold | undefined, snapshot: Digest): boolean {
  return hold?.words.some((word) => word.snapshot === snapshot) ?? false
}

/** Losses are counted from the last confirmation on. */
function sinceWhen(hold: Hold | undefined, now: Instant, { withinSeconds }: ShrinkLimits): Instant {
  const since = plusSeconds(now, -withinSeconds)
  return hold?.confirmedAt !== undefined && hold.confirmedAt > since ? hold.confirmedAt : since
}

function goneSince({ before }: Moment, after: DirectoryFacts, source: SourceId, since: Instant, now: Instant): Gone {
  return goneLately({ before, after, source, since, now })
}

/** Read again, a source says the same at another moment: the word that was kept first goes on standing for it. */
async function sameWord(
  { store }: Machinery,
  hold: Hold | undefined,
  snapshot: SourceSnapshot,
): Promise<HeldWord | undefined> {
  const last = isHeld(hold) ? hold.words.at(-1) : undefined
  const kept = last && (await store.revisions.snapshot(last.snapshot))
  return kept !== undefined && isSameWord(kept, snapshot) ? last : undefined
}

function isSameWord(one: SourceSnapshot, other: SourceSnapshot): boolean {
  return (
    areSameFacts(one.nodes, other.nodes) &&
    areSameFacts(one.relations, other.relations) &&
    areSameFacts(one.access ?? [], other.access ?? [])
  )
}

function wordOf({ source }: SourceSnapshot, snapshot: Digest, { shrinkage }: Gone, at: Instant): HeldWord {
  return { snapshot, revision: source.revision, at, gone: shrinkage }
}

async function writeHold(
  tx: Transaction,
  source: SourceId,
  version: number,
  hold: Hold | undefined,
  events: readonly HoldEvent[],
): Promise<Hold | undefined> {
  if (events.length === 0) return hold
  const after = events.reduce<Hold | undefined>((next, event) => evolveHold(next, event), hold) as Hold
  await writeActs(tx, { id: recordOf(source), kind: 'hold', version, status: after.status, state: after, events })
  return after
}
