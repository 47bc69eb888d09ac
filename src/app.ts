/**
 * The one file that knows everyone: it makes the parts and hands them to each other. It holds no rule and no loop body.
 */

import type { Config } from './config.ts'
import { readSecret } from './config.ts'
import type { AccessConnectorKind } from './connectors/access.ts'
import type { DirectorySource } from './connectors/directory.ts'
import { postgresRole } from './connectors/postgres-role/connector.ts'
import { resolveAccount } from './core/compile.ts'
import { isActive, nodeKindOf } from './core/standing.ts'
import type { AccessRequestDesk } from './engine/access-requests/desk.ts'
import { importDirectory, type SourceReport } from './engine/directories.ts'
import { watcherOn } from './engine/drift/watch.ts'
import type { Machinery } from './engine/handle.ts'
import { knowledgeOf } from './engine/knowledge.ts'
import type { Logger } from './engine/logger.ts'
import { type Loop, runLoops } from './engine/loops.ts'
import { reconcilerOn } from './engine/reconcile.ts'
import { sweepChanges } from './engine/rules.ts'
import { type TokenDesk, tokenDeskOn } from './engine/runtime/grant-tokens.ts'
import { recordLost } from './engine/runtime/record.ts'
import { type Runtime, runtimeOn } from './engine/runtime/runtime.ts'
import { tokenKeysOn } from './engine/runtime/token-keys.ts'
import { sweepAll } from './engine/sweep.ts'
import { targetsOf } from './engine/targets.ts'
import { guardrailsJudge } from './guardrails/index.ts'
import type { KnowsWorkload, ResolveAccount } from './identity/index.ts'
import { noRelyingParty, passkeyChecks, type RelyingParty } from './identity/passkeys/index.ts'
import { sourceFrom } from './sources.ts'
import type { Store } from './store/contract.ts'
import { proofKeptSeconds, type SeenProofs, sharedProofs } from './tokens/index.ts'

export const accessConnectorKinds: readonly AccessConnectorKind[] = [postgresRole]

export interface Countersign {
  readonly machinery: Machinery
  /** What is in force, for checks at every use. Whoever serves them starts it. */
  readonly runtime: Runtime
  readonly sources: readonly DirectorySource[]
  /** What the sources said last. */
  readonly sourceReports: () => readonly SourceReport[]
  /** Starts what happens without anybody asking. */
  start(): void
  stop(): Promise<void>
}

export interface Parts {
  readonly store: Store
  readonly log: Logger
  readonly sources: readonly (DirectorySource & { readonly everySeconds: number })[]
  readonly kinds?: readonly AccessConnectorKind[]
  /** Who this installation is to browsers; absent: no passkey is of any use. */
  readonly relyingParty?: RelyingParty
  /** Further loops, such as the one that sends notices. */
  readonly loops?: (machinery: Machinery) => readonly Loop[]
}

export function assemble({
  store,
  log,
  sources,
  kinds = accessConnectorKinds,
  relyingParty = noRelyingParty,
  loops = () => [],
}: Parts): Countersign {
  let running: ReturnType<typeof runLoops> | undefined
  let reports: readonly SourceReport[] = []
  const knowledge = knowledgeOf(store)
  const committed = () => {
    running?.wake()
    runtime.wake()
  }
  const guardrails = guardrailsJudge()
  const runtime = runtimeOn({ store, knowledge, log, committed, guardrails })
  const machinery: Machinery = {
    store,
    knowledge,
    targets: targetsOf(kinds, readSecret),
    passkeys: passkeyChecks(relyingParty),
    log,
    guardrails,
    committed,
  }
  const reconciler = reconcilerOn(machinery, undefined, watcherOn(machinery))
  const lostUses = async () => {
    await store.leases.forgetStretches()
    return (await recordLost({ store, knowledge, log, committed })) > 0
  }
  const readSource = (source: DirectorySource) => async () => {
    const [report] = await importDirectory(machinery, [source])
    if (report === undefined) return false
    reports = [...reports.filter((one) => one.source !== report.source), report]
    if (report.outcome === 'unreadable')
      log.warn(
        { source: source.kind, problems: report.problems },
        'a directory source cannot be read; its last good facts stay in force',
      )
    return false
  }
  return {
    machinery,
    runtime,
    sources,
    sourceReports: () => reports,
    start() {
      running = runLoops(
        [
          { name: 'clock', run: () => store.watchClock().then(() => false), everyMillis: 1_000, wakes: false },
          {
            name: 'sequence',
            run: async () => (await store.feed.sequence(1_000)) === 1_000,
            everyMillis: 500,
            wakes: true,
          },
          { name: 'sweep', run: async () => (await sweepAll(machinery)) > 0, everyMillis: 500, wakes: false },
          { name: 'changes', run: async () => (await sweepChanges(machinery)) > 0, everyMillis: 1_000, wakes: false },
          { name: 'reconcile', run: async () => (await reconciler.start()) > 0, everyMillis: 500, wakes: true },
          { name: 'lost uses', run: lostUses, everyMillis: 5_000, wakes: false },
          { name: 'old proofs', run: () => store.seenProofs.forget(), everyMillis: 5_000, wakes: false },
          {
            name: 'old tokens',
            run: () => store.tokens.forget().then(() => false),
            everyMillis: 600_000,
            wakes: false,
          },
          ...sources.map((source, index) => ({
            name: `directory ${index}`,
            run: readSource(source),
            everyMillis: source.everySeconds * 1_000,
            wakes: false,
          })),
          ...loops(machinery),
        ],
        log,
      )
    },
    async stop() {
      await runtime.stop()
      await running?.stop()
      await reconciler.idle()
      await machinery.targets.close()
    },
  }
}

export function sourcesFrom(
  config: Pick<Config, 'directory' | 'base'>,
  { scim: scimState }: Pick<Store, 'scim'>,
): readonly (DirectorySource & { readonly everySeconds: number })[] {
  // Whose name is shown where several describe somebody: the order in which they stand.
  return config.directory.map((settings, place) =>
    sourceFrom(settings, { base: config.base, readSecret, scimState }, place),
  )
}

/** Whose account is it, by the directory in force at this moment. */
export function accountResolver({ store, knowledge }: Machinery): ResolveAccount {
  return async (on, login) => {
    const heads = await store.recentHeads()
    if (heads.directory === undefined) return undefined
    return resolveAccount(await knowledge.directory(heads.directory, heads.freshness), on, login, heads.now)
  }
}

/** Tokens for what is live, given under this address. */
export function tokenDesk(
  { machinery: { store }, runtime }: Pick<Countersign, 'machinery' | 'runtime'>,
  publicUrl: string,
  monotonic = () => performance.now(),
) {
  const issuer = publicUrl.replace(/\/+$/, '')
  const keys = tokenKeysOn(store, monotonic)
  return tokenDeskOn({
    runtime,
    store,
    keys,
    issuer,
    statusAddress: (list) => `${issuer}/oauth/status/${list}`,
    monotonic,
  })
}

/** Asking by the profile of decision points; what it signs is signed with the keys of the tokens. */
export function accessRequestDesk(
  { machinery, runtime }: Pick<Countersign, 'machinery' | 'runtime'>,
  { keys }: TokenDesk,
  publicUrl: string,
  outside: Pick<AccessRequestDesk, 'foreign' | 'mayTell'>,
): AccessRequestDesk {
  return { machinery, runtime, keys, issuer: publicUrl.replace(/\/+$/, ''), ...outside }
}

/** Proofs of possession count once, whichever of several processes they are shown to. */
export function seenBy({ seenProofs }: Store): SeenProofs {
  return sharedProofs((keys) => seenProofs.remember(keys, proofKeptSeconds))
}

/** Whether the newest directory has this workload, active now. */
export function workloadKnower({ store, knowledge }: Machinery): KnowsWorkload {
  return async (id) => {
    const heads = await store.recentHeads()
    if (heads.directory === undefined) return undefined
    const directory = await knowledge.directory(heads.directory, heads.freshness)
    return nodeKindOf(directory, id) === 'workload' && isActive(directory, id, heads.now)
  }
}
