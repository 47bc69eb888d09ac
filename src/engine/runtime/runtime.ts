/**
 * What is in force, in memory, for checks at every use. It is kept current from the feed and says how current it is: a
 * process that could not catch up within the bound says no to everything. It never decides.
 */
import type { CompiledDirectory } from '../../core/compile.ts'
import type { Policy } from '../../core/policy.ts'
import type { JudgeGuardrails, RuntimeFacts, RuntimeReason } from '../../core/runtime.ts'
import type { Digest } from '../../core/terms.ts'
import { instantOf, millisOf } from '../../core/time.ts'
import { newId } from '../../lib/id.ts'
import type { Newest, Store } from '../../store/contract.ts'
import type { Knowledge } from '../knowledge.ts'
import type { Logger } from '../logger.ts'
import { type Running, runLoops } from '../loops.ts'
import { type Duties, dutiesOn } from './duties.ts'
import { readAll, readOn } from './follow.ts'
import { type LiveWaivers, liveWaivers } from './live-waivers.ts'
import { recordEveryMillis, type Uses, usesOn } from './uses.ts'

/** How often this process looks for what is new; what it does not know yet is rarely older than twice this. */
export const lookEveryMillis = 100
/** What was so this long ago is not known to be so any more: from here on the answer is no. */
export const staleMillisMax = 2_000

/** How often a process says that it is there when nothing happens. */
const reportEveryMillis = 500

export interface RuntimeParts {
  readonly store: Store
  readonly knowledge: Knowledge
  readonly log: Logger
  /** Evaluates guardrails; absent: where the policy has any, nothing is allowed. */
  readonly guardrails?: JudgeGuardrails
  /** Something was committed; other loops may have something to do. */
  readonly committed?: () => void
  /** Milliseconds that never go back, of this process; replaced by tests. */
  readonly monotonic?: () => number
}

export interface Runtime {
  /** This process, by a name that is new at every start. */
  readonly process: string
  readonly live: LiveWaivers
  readonly uses: Uses
  readonly duties: Duties
  /** The facts of this very moment, or why nothing can be said. */
  facts(): RuntimeFacts | RuntimeReason
  /** Digest of the rules those facts have; undefined while there are none. */
  rules(): Digest | undefined
  /** Catches up with everything committed before the call. @returns false when somebody else is in the way just now. */
  refresh(): Promise<boolean>
  /** Milliseconds since this process was last known to be current; infinite before the first time. */
  ageMillis(): number
  start(): void
  /** A commit happened here: there is something new. */
  wake(): void
  stop(): Promise<void>
}

interface Known {
  readonly directory: CompiledDirectory
  readonly policy: Policy
  readonly rules: Digest
  readonly revisions: NonNullable<RuntimeFacts['revisions']>
  readonly clock: Newest['clock']
  /** The clock of the database, and this process's own when it was asked. */
  readonly nowMillis: number
  readonly askedAt: number
}

export function runtimeOn(parts: RuntimeParts): Runtime {
  const { store, knowledge, log, committed = () => {}, monotonic = () => performance.now() } = parts
  const process = newId('prc')
  const judging = parts.guardrails === undefined ? {} : { guardrails: parts.guardrails }
  const live = liveWaivers()
  const uses = usesOn({ store, knowledge, log, committed, process, monotonic })
  const duties = dutiesOn(store, live, monotonic)
  let position: bigint | undefined
  let known: Known | 'not-initialised' | undefined
  let currentAt = Number.NEGATIVE_INFINITY
  let reported: { readonly position: bigint; readonly askedAt: number } | undefined
  let running: Running | undefined

  const refresh = async (): Promise<boolean> => {
    const askedAt = monotonic()
    const newest = await store.newest()
    if (position === undefined) {
      await readAll(store, live, log)
      position = newest.last
    }
    const complete = newest.waiting === undefined || (await placed(store, newest.waiting))
    if (newest.waiting !== undefined || newest.last > position) position = await readOn(store, live, position, log)
    known = await knownAt(knowledge, newest, askedAt)
    if (complete) await report(askedAt, position)
    return complete
  }

  /** Whoever waits for everybody to know has to hear of this process before it answers by what it knows. */
  const report = async (askedAt: number, at: bigint): Promise<void> => {
    if (reported?.position !== at || askedAt - reported.askedAt > reportEveryMillis) {
      await store.processes.report(process, at)
      reported = { position: at, askedAt }
    }
    currentAt = askedAt
  }

  return {
    process,
    live,
    uses,
    duties,
    refresh,
    facts() {
      if (known === undefined || monotonic() - currentAt > staleMillisMax) return 'state-not-current'
      if (known === 'not-initialised') return known
      const { directory, policy, clock, revisions, nowMillis, askedAt } = known
      const now = instantOf(nowMillis + Math.max(0, monotonic() - askedAt))
      return { directory, policy, clock, now, revisions, ...judging }
    },
    rules: () => (typeof known === 'object' ? known.rules : undefined),
    ageMillis: () => monotonic() - currentAt,
    start() {
      const look = {
        name: 'runtime',
        run: () => refresh().then(() => false),
        everyMillis: lookEveryMillis,
        wakes: true,
      }
      const record = {
        name: 'uses',
        run: () => uses.record().then(() => false),
        everyMillis: recordEveryMillis,
        wakes: false,
      }
      running = runLoops([look, record], log)
    },
    wake: () => running?.wake(),
    async stop() {
      await running?.stop()
      await uses.stop()
    },
  }
}

const placingTriesMax = 20
const pauseMillis = 5

/** Whoever commits may leave it to others to give events their place; here nobody waits for them for long. */
async function placed({ feed }: Store, waiting: bigint): Promise<boolean> {
  for (let tries = 0; tries < placingTriesMax; tries++) {
    await feed.sequence(1_000)
    if (await feed.isPlaced(waiting)) return true
    // Another process is giving positions at this very moment.
    await new Promise((resolve) => setTimeout(resolve, pauseMillis))
  }
  return false
}

async function knownAt(knowledge: Knowledge, newest: Newest, askedAt: number): Promise<Known | 'not-initialised'> {
  const { directory, policy, freshness, clock, now } = newest
  if (directory === undefined || policy === undefined) return 'not-initialised'
  const [compiled, rules] = await Promise.all([knowledge.directory(directory, freshness), knowledge.policy(policy)])
  const revisions = { policy, directory }
  return { directory: compiled, policy: rules, rules: policy, revisions, clock, nowMillis: millisOf(now), askedAt }
}
