/**
 * Makes what is true on targets what shall be true, for ever: observe, plan, act, observe again. Nothing is believed
 * that was not read back, "unknown" is answered by looking, and one dead target keeps nobody else waiting.
 */
import type { AccessConnector, Activity, GrantSpec, Observation, Outcome } from '../connectors/access.ts'
import { plan, type Step, type WantedGrant } from '../core/plan.ts'
import type { Instant } from '../core/time.ts'
import { systemActor, type Waiver } from '../core/waiver.ts'
import type { GrantReport, GrantRow, Heads } from '../store/contract.ts'
import { recordChanged } from './drift/changed.ts'
import type { Watcher } from './drift/watch.ts'
import { handle, type Machinery } from './handle.ts'

/** Reading back after every round; a target that still differs after so many is looked at again later. */
const roundsMax = 4
const leaseSeconds = 120
const backoffSecondsMax = 60
/** How often access that shall be there is looked at, unless the tier asks for more. */
const watchSeconds = 300
/** The newest lines are enough to look at; the target keeps the rest. */
const activityMax = 100
const system = { id: systemActor, chain: [] }

export interface ReconcileOptions {
  readonly limit: number
  readonly perSystem: number
}

export interface Reconciler {
  /** Takes what is due and starts working on it. @returns how many grants were taken. */
  start(): Promise<number>
  /** Resolves when nothing is being worked on any more. */
  idle(): Promise<void>
}

/**
 * @param watcher looks at what is due to be looked at as a whole; absent: nobody does
 *
 * Each system has lanes of its own. Nobody waits for a system whose target does not answer: as long as its lanes are
 * taken it is left out, and the others go on.
 */
export function reconcilerOn(
  machinery: Machinery,
  options: ReconcileOptions = { limit: 64, perSystem: 16 },
  watcher?: Watcher,
): Reconciler {
  const underWay = new Map<Promise<void>, string>()
  const fullSystems = () => {
    const counts = new Map<string, number>()
    for (const system of underWay.values()) counts.set(system, (counts.get(system) ?? 0) + 1)
    return [...counts].filter(([, count]) => count >= options.perSystem).map(([system]) => system)
  }
  return {
    async start() {
      const rows = await machinery.store.grants.claim(options.limit, options.perSystem, leaseSeconds, fullSystems())
      for (const row of rows) {
        const working: Promise<void> = workSafely(machinery, row).finally(() => underWay.delete(working))
        underWay.set(working, row.wanted.system)
      }
      // Targets are looked at as a whole in the same rhythm, and in lanes of their own: giving and taking never wait for it.
      return rows.length + ((await watcher?.start()) ?? 0)
    },
    async idle() {
      await Promise.allSettled([...underWay.keys()])
      await watcher?.idle()
    },
  }
}

/** Works on everything that is due, once. @returns how many grants were worked on. */
export async function reconcile(machinery: Machinery, options?: ReconcileOptions): Promise<number> {
  const reconciler = reconcilerOn(machinery, options)
  const count = await reconciler.start()
  await reconciler.idle()
  return count
}

/** `first`: what the target showed before anything was done. */
type Finding =
  | {
      readonly state: 'as-wanted'
      readonly observation: Observation
      readonly first: Observation
      readonly activity?: readonly Activity[] | string
    }
  | {
      readonly state: 'not-yet'
      readonly reason: string
      readonly observation?: Observation
      readonly first?: Observation
    }

async function work(machinery: Machinery, row: GrantRow): Promise<void> {
  const finding = await settleGrant(machinery, row).catch(
    (error: unknown): Finding => ({ state: 'not-yet', reason: reasonOf(error) }),
  )
  const waiver = await tell(machinery, row, finding)
  await recordChanged(machinery, row, finding.first, finding.state === 'as-wanted')
  await machinery.store.grants.report([report(row, finding, waiver)])
}

/** A claim that cannot be reported comes back by itself when its lease is over. */
async function workSafely(machinery: Machinery, row: GrantRow): Promise<void> {
  await work(machinery, row).catch((error: unknown) =>
    machinery.log.warn(
      { err: error, grant: row.wanted.grant },
      'a grant was not reported; its lease will bring it back',
    ),
  )
}

async function settleGrant(
  { store, knowledge, targets }: Machinery,
  { wanted, waiver: id }: GrantRow,
): Promise<Finding> {
  const waiver = await store.waivers.find(id)
  const heads = await store.heads()
  // What was approved is what is given and taken back, whatever the rules say of that name today.
  const digests = [waiver?.policy, heads.policy].filter((digest) => digest !== undefined)
  const policies = await Promise.all(digests.map((digest) => knowledge.policy(digest)))
  // A database of ours that fails says nothing of the target; only what happens from here on does.
  try {
    const { connector, spec } = targets.reach(wanted, policies)
    return await withActivity(connector, spec, waiver, await converge(connector, spec, wanted, mayGive(wanted, heads)))
  } catch (error) {
    return { state: 'not-yet', reason: reasonOf(error) }
  }
}

/** Where the tier asks for it, what was done with the access is read along; a target that cannot say leaves its reason. */
async function withActivity(
  connector: AccessConnector,
  spec: GrantSpec,
  waiver: Waiver | undefined,
  finding: Finding,
): Promise<Finding> {
  const since = waiver?.activation?.at
  if (finding.state !== 'as-wanted' || since === undefined || waiver?.obligations.activityEverySeconds === undefined)
    return finding
  const said = await connector.activity(spec, since)
  const activity = said.outcome === 'done' ? said.value.slice(0, activityMax) : said.reason
  return { ...finding, activity }
}

/** @returns why nothing is given any more, whatever is still wanted: the sweep may not have come by yet. */
function mayGive(wanted: WantedGrant, { now, clock }: Heads & { readonly now: Instant }): string | true {
  if (now >= wanted.until) return 'the window is over'
  return clock === 'steady' ? true : 'the clock is in doubt'
}

/** The loop of observing and acting. It says "as wanted" only after a look that came later than the last act. */
export async function converge(
  connector: AccessConnector,
  spec: GrantSpec,
  wanted: Pick<WantedGrant, 'present'>,
  give: string | true = true,
): Promise<Finding> {
  let trouble = ''
  let first: Observation | undefined
  for (let round = 0; round < roundsMax; round++) {
    const observed = await connector.observe(spec)
    if (observed.outcome !== 'done')
      return {
        state: 'not-yet',
        reason: `could not look: ${observed.reason}`,
        ...(first === undefined ? {} : { first }),
      }
    const observation = observed.value
    first ??= observation
    const steps = plan(wanted, {
      present: observation.present,
      differs: observation.differs,
      sessionsCount: observation.sessions.length,
    })
    if (steps[0] === 'settled') return { state: 'as-wanted', observation, first }
    if (give !== true && steps.includes('apply')) return { state: 'not-yet', reason: give, observation, first }
    trouble = await take(connector, spec, steps)
    if (trouble !== '') return { state: 'not-yet', reason: trouble, observation, first }
  }
  const reason = trouble === '' ? 'the target keeps differing from what was done' : trouble
  return { state: 'not-yet', reason, ...(first === undefined ? {} : { first }) }
}

/** @returns why a step surely did not happen; an unknown outcome is no reason to stop, the next look will tell. */
async function take(connector: AccessConnector, spec: GrantSpec, steps: readonly Step[]): Promise<string> {
  for (const step of steps) {
    const outcome = await act(connector, spec, step)
    if (outcome.outcome === 'not-done') return `${step}: ${outcome.reason}`
  }
  return ''
}

async function act(connector: AccessConnector, spec: GrantSpec, step: Step): Promise<Outcome<unknown>> {
  switch (step) {
    case 'apply':
      return connector.apply(spec)
    case 'revoke':
      return connector.revoke(spec)
    case 'end-sessions':
      return connector.endSessions(spec)
    case 'settled':
      return { outcome: 'done', value: undefined }
    default:
      return step satisfies never
  }
}

/** Says on the record what was found. The core drops what it has heard already. */
async function tell(
  machinery: Machinery,
  { wanted, waiver: id }: GrantRow,
  finding: Finding,
): Promise<Waiver | undefined> {
  const waiver = await machinery.store.waivers.find(id)
  // A grant that was changed meanwhile is not the one that was looked at.
  if (waiver === undefined || waiver.generation !== wanted.generation) return waiver
  if (wanted.present) {
    const fresh =
      finding.state === 'as-wanted' && waiver.activation !== undefined && waiver.activation.confirmedAt === undefined
    if (fresh)
      await handle(machinery, {
        waiver: id,
        command: { type: 'confirm-activation', generation: wanted.generation },
        actor: system,
      })
    return waiver
  }
  if (waiver.removal.state !== 'open') return waiver
  const verified = finding.state === 'as-wanted'
  const residue = finding.observation?.residue.map(({ name }) => name) ?? []
  const reason = finding.state === 'as-wanted' ? '' : finding.reason
  // Said once a cause: the core drops repeats, and asking it costs a transaction.
  if (!verified && waiver.removal.lastFailure === reason) return waiver
  await handle(machinery, {
    waiver: id,
    command: { type: 'report-removal', generation: wanted.generation, verified, residue, reason },
    actor: system,
  })
  return waiver
}

function report({ wanted, attempts }: GrantRow, finding: Finding, waiver: Waiver | undefined): GrantReport {
  const activity = finding.state === 'as-wanted' && finding.activity !== undefined ? { activity: finding.activity } : {}
  const observed = finding.observation === undefined ? undefined : { ...finding.observation, ...activity }
  const use = usageIn(finding, wanted)
  const common = {
    grant: wanted.grant,
    generation: wanted.generation,
    ...(observed === undefined ? {} : { observed }),
    ...(use === undefined ? {} : { use }),
  }
  if (finding.state === 'as-wanted') {
    const every = Math.min(watchSeconds, waiver?.obligations.activityEverySeconds ?? watchSeconds)
    return { ...common, settled: true, attempts: 0, nextInSeconds: wanted.present ? every : Number.POSITIVE_INFINITY }
  }
  const nextInSeconds = Math.min(backoffSecondsMax, 2 ** Math.min(attempts, 10) * 0.5)
  return { ...common, settled: false, attempts: attempts + 1, nextInSeconds, lastError: finding.reason }
}

/** A session that may use the access is a use; that none was seen says something only where the target was asked for uses. */
function usageIn(finding: Finding, { present }: WantedGrant): GrantReport['use'] {
  if (present && (finding.observation?.sessions.length ?? 0) > 0) return 'seen'
  if (finding.state !== 'as-wanted' || !Array.isArray(finding.activity)) return undefined
  return finding.activity.length > 0 ? 'seen' : 'not-seen'
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
