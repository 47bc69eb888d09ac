/**
 * Keeps the directory up to date from its sources. A source that cannot be read leaves the last good facts in force
 * until they are too old; a new revision comes into force in one commit, for every decision after it.
 */
import { type DirectorySource, SourceError } from '../connectors/directory.ts'
import type { SourceSnapshot } from '../core/directory.ts'
import type { Hold } from '../core/hold.ts'
import { applyChanges, applySteps, type Shrinkage, usualLimits } from '../core/merge.ts'
import type { Instant } from '../core/time.ts'
import { systemActor } from '../core/waiver.ts'
import type { Transaction } from '../store/contract.ts'
import { putInForce } from './directories/enforce.ts'
import { holdIfSudden, isHeldOrSudden } from './directories/holds.ts'
import { keepDays } from './directories/kept.ts'
import { lockDirectory } from './directories/moment.ts'
import { handle, type Machinery } from './handle.ts'
import { inTurns } from './in-turns.ts'

export interface SourceReport {
  readonly kind: string
  readonly source?: string
  /** `held`: it suddenly says much less, and its last good facts stay in force until somebody confirms it. */
  readonly outcome: 'changed' | 'unchanged' | 'unreadable' | 'held'
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

/** Puts into force what has changed, where the source can say so; otherwise everything is read. */
export async function importChanges(machinery: Machinery, source: DirectorySource): Promise<SourceReport> {
  const { store, knowledge } = machinery
  const { now: at, directory } = await store.heads()
  const changes = await source.readChanges?.(at, await knowledge.facts(directory))
  if (changes === undefined) return importSource(machinery, source)
  const outcome = await store.transact(async (tx): Promise<'changed' | 'unchanged' | undefined> => {
    const moment = await lockDirectory(machinery, tx)
    // They are changes of those facts and of no others.
    if (moment.locked.heads.directory !== directory) return undefined
    const after = applyChanges(moment.before, changes, moment.locked.now, keepDays)
    const { id } = changes.source
    if (await isHeldOrSudden(machinery, { moment, source: id, after, limits: source.shrink ?? usualLimits }))
      return undefined
    return (await putInForce(machinery, tx, moment, after, changes.source)) ? 'changed' : 'unchanged'
  })
  machinery.committed()
  if (outcome === undefined) return importSource(machinery, source)
  await recheckEnvelopes(machinery)
  return { kind: source.kind, source: changes.source.id, outcome, problems: [], at }
}

/** Another process may read the same source at the same moment; whoever began first and comes second reads again. */
const triesMax = 5

async function importSource(machinery: Machinery, source: DirectorySource): Promise<SourceReport> {
  for (let tries = 1; ; tries++) {
    const report = await importOnce(machinery, source)
    if (report.outcome !== 'overtaken') return { ...report, outcome: report.outcome }
    if (tries < triesMax) continue
    return { ...report, outcome: 'unreadable', problems: ['others read it each time, and later'] }
  }
}

type Imported = Omit<SourceReport, 'outcome'> & { readonly outcome: SourceReport['outcome'] | 'overtaken' }

async function importOnce(machinery: Machinery, source: DirectorySource): Promise<Imported> {
  const { store, committed } = machinery
  const { now: readAt, freshness } = await store.heads()
  const snapshot = await source.read(readAt).catch((error: unknown) => {
    if (error instanceof SourceError) return error
    throw error
  })
  if (snapshot instanceof SourceError) {
    const problems = snapshot.problems.map(({ where, message }) => `${where}: ${message}`)
    const named = source.id === undefined ? {} : { source: source.id }
    return { kind: source.kind, ...named, outcome: 'unreadable', problems, at: readAt }
  }
  const readBefore = freshness[snapshot.source.id]
  const { outcome, problems } = await store.transact((tx) => enforce(machinery, tx, source, snapshot, readBefore))
  committed()
  // Each time, not only after a change: a process may have died between the change and this.
  await recheckEnvelopes(machinery)
  return { kind: source.kind, source: snapshot.source.id, outcome, problems, at: readAt }
}

async function enforce(
  machinery: Machinery,
  tx: Transaction,
  { shrink: limits = usualLimits }: DirectorySource,
  snapshot: SourceSnapshot,
  readBefore: Instant | undefined,
): Promise<Pick<Imported, 'outcome' | 'problems'>> {
  const moment = await lockDirectory(machinery, tx)
  // What was read before somebody else's word came into force may be older than it, and must not undo it.
  if (moment.locked.heads.freshness[snapshot.source.id] !== readBefore) return { outcome: 'overtaken', problems: [] }
  const after = await inTurns(applySteps(moment.before, snapshot, moment.locked.now, keepDays))
  const hold = await holdIfSudden(machinery, tx, { moment, snapshot, after, limits })
  if (hold === undefined) {
    const changed = await putInForce(machinery, tx, moment, after, snapshot.source)
    return { outcome: changed ? 'changed' : 'unchanged', problems: [] }
  }
  // Nothing of it counts; but what was announced for this moment comes all the same.
  await putInForce(machinery, tx, moment, moment.before, undefined)
  return { outcome: 'held', problems: [sayHold(hold)] }
}

/** For operators, and for whoever may confirm it. */
export function sayHold({ source, status, words }: Hold): string {
  const { people, teams, memberships } = words.at(-1)?.gone ?? nothingGone
  const shares = [
    `${people.gone} of ${people.of} people`,
    `${teams.gone} of ${teams.of} teams`,
    `${memberships.gone} of ${memberships.of} memberships`,
  ]
  const next =
    status === 'rejected' ? 'somebody rejected it' : `confirm it with \`countersign directory confirm ${source}\``
  return `\`${source}\` suddenly lacks ${shares.join(', ')}; its last good facts stay in force: mend it, or ${next}`
}

const nothing = { gone: 0, of: 0 }
const nothingGone: Shrinkage = { people: nothing, teams: nothing, memberships: nothing }

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
