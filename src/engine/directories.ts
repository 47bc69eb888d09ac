/**
 * Keeps the directory up to date from its sources. A source that cannot be read leaves the last good facts in force
 * until they are too old; a new revision comes into force in one commit, for every decision after it.
 */
import { type DirectorySource, SourceError } from '../connectors/directory.ts'
import type { Instant } from '../core/time.ts'
import { systemActor } from '../core/waiver.ts'
import { directoryRecord, factsInForce, putInForce } from './directories/enforce.ts'
import { handle, type Machinery } from './handle.ts'

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
    const locked = await tx.lockRecord(directoryRecord)
    const before = await factsInForce(store, locked.heads.directory)
    return putInForce(machinery, tx, locked, before, snapshot)
  })
  committed()
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
