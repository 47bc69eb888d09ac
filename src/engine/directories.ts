/**
 * Keeps the directory up to date from its sources. A source that cannot be read leaves the last good facts in force
 * until they are too old; a new revision comes into force in one commit, for every decision after it.
 */
import { type DirectorySource, SourceError } from '../connectors/directory.ts'
import { type DirectoryFacts, emptyDirectory } from '../core/directory.ts'
import { applySource } from '../core/merge.ts'
import type { Instant } from '../core/time.ts'
import { systemActor } from '../core/waiver.ts'
import { canonicalJson, digestOfText } from '../lib/digest.ts'
import { handle, type Machinery } from './handle.ts'
import { newEvents } from './rules.ts'

const recordId = 'directory'
/** Ended relations are kept for as long as any policy may let them count. */
const keepDays = 400

export interface SourceReport {
  readonly kind: string
  readonly source?: string
  readonly outcome: 'changed' | 'unchanged' | 'unreadable'
  readonly problems: readonly string[]
  readonly at: Instant
}

/** Reads every source and puts what they say into force. @returns one report a source. */
export async function importDirectory(
  machinery: Machinery,
  sources: readonly DirectorySource[],
): Promise<readonly SourceReport[]> {
  const reports: SourceReport[] = []
  for (const source of sources) reports.push(await importSource(machinery, source))
  return reports
}

async function importSource(machinery: Machinery, source: DirectorySource): Promise<SourceReport> {
  const { store, committed } = machinery
  const { now: readAt } = await store.heads()
  const snapshot = await source.read(readAt).catch((error: unknown) => {
    if (error instanceof SourceError) return error
    throw error
  })
  if (snapshot instanceof SourceError) {
    const problems = snapshot.problems.map(({ where, message }) => `${where}: ${message}`)
    return { kind: source.kind, outcome: 'unreadable', problems, at: readAt }
  }
  const changed = await store.transact(async (tx) => {
    const { now, heads, version } = await tx.lockRecord(recordId)
    const before: DirectoryFacts =
      (heads.directory === undefined ? undefined : await store.revisions.directory(heads.directory)) ?? emptyDirectory
    const after = applySource(before, snapshot, now, keepDays)
    const freshness = { ...heads.freshness, [snapshot.source.id]: snapshot.source.observedAt }
    const same = heads.directory !== undefined && canonicalJson(undated(after)) === canonicalJson(undated(before))
    const content = canonicalJson(same ? before : after)
    const digest = same ? heads.directory : digestOfText(content)
    const counts = { nodes: after.nodes.length, relations: after.relations.length, shifts: after.shifts.length }
    const event = {
      type: 'DirectoryChanged',
      at: now,
      by: systemActor,
      source: snapshot.source.id,
      revision: snapshot.source.revision,
      digest,
      counts,
    }
    await tx.writeRecord({
      id: recordId,
      kind: 'directory',
      version: same ? version : version + 1,
      status: 'current',
      state: { digest, counts, freshness },
      dueAt: undefined,
      events: same ? [] : newEvents(recordId, version, [event]),
      revisions: same ? [] : [{ digest, kind: 'directory', content }],
      heads: same ? {} : { directory: digest },
      thaw: false,
    })
    return !same
  })
  if (changed) committed()
  // Each time, not only after a change: a process may have died between the change and this.
  await recheckEnvelopes(machinery)
  return {
    kind: source.kind,
    source: snapshot.source.id,
    outcome: changed ? 'changed' : 'unchanged',
    problems: [],
    at: readAt,
  }
}

/** The facts without the moment they were read: reading the same thing again is no change. */
function undated(facts: DirectoryFacts): DirectoryFacts {
  return { ...facts, sources: facts.sources.map((source) => ({ ...source, observedAt: '', revision: '' })) }
}

const envelopesMax = 1_000

/** Sealed envelopes whose countersigner is no longer outside are void from now on, and people are told by day. */
async function recheckEnvelopes(machinery: Machinery): Promise<void> {
  const sealed = await machinery.store.waivers.list({
    kind: 'break-glass',
    status: ['countersigned'],
    limit: envelopesMax,
  })
  for (const { id: waiver } of sealed) {
    await handle(machinery, { waiver, command: { type: 'recheck' }, actor: { id: systemActor, chain: [] } })
  }
}
