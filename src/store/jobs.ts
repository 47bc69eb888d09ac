/**
 * Jobs that outlive a process: deliveries to elsewhere, which may run twice; never the removal of access. A job is added
 * in the same commit in which its reader of the feed moves on. pg-boss does the queueing, in a schema of its own and
 * under the application's role; nothing outside `store` knows it. The queue starts in the background: a start of
 * Countersign does not wait for it.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import { applicationRole } from './database.ts'
import { StoreFault } from './fault.ts'
import { makeQueue, openLanes, type Run, start } from './jobs/lanes.ts'
import { failing, forget, givenUp, revive, type Unfinished, waitingCount } from './jobs/lists.ts'
import { advance, type Look, look, type Step } from './jobs/outbox.ts'
import { givenUpQueue, jobsSchema, type Rhythm, usualRhythm } from './jobs/rhythm.ts'

export type { Ended, Run } from './jobs/lanes.ts'
export type { Unfinished } from './jobs/lists.ts'
export type { Look, NewJob, Step } from './jobs/outbox.ts'
export type { Rhythm } from './jobs/rhythm.ts'

/** Pino fits. */
export interface Log {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface Jobs {
  /** Resolves with true once the queue can be used, with false when it was stopped before. Never rejects. */
  ready(): Promise<boolean>
  /** Makes the queue and runs its jobs in this process. Resolves as `ready` does. */
  work(queue: string, run: Run): Promise<boolean>
  /** Jobs were added to this queue: its lanes look at once. */
  wake(queue: string): void
  look(reader: string): Promise<Look>
  /**
   * Gives the reader's place in the feed to `step`, and commits the place and the jobs it answers with. One at a time
   * over all processes. @returns how many jobs were added, or `busy`: another process is at it.
   */
  advance(reader: string, step: (position: bigint) => Promise<Step>): Promise<number | 'busy'>
  givenUp(limit: number): Promise<readonly Unfinished[]>
  failing(queue: string, limit: number): Promise<readonly Unfinished[]>
  revive(ids: readonly string[]): Promise<number>
  forget(ids: readonly string[]): Promise<void>
  /** How many jobs wait in a queue, or were given up when none is named. */
  waitingCount(queue?: string): Promise<number>
  /** Waits for running jobs, up to `graceMillis`; what still runs then is tried again later. */
  stop(graceMillis?: number): Promise<void>
}

export interface JobsOptions {
  /** The database of the store, which must have been opened before: its migrations make room for the queue. */
  readonly url: string
  readonly log: Log
  readonly rhythm?: Partial<Rhythm>
}

export function openJobs({ url, log, rhythm: own }: JobsOptions): Jobs {
  const rhythm = { ...usualRhythm, ...own }
  const stopping = new AbortController()
  const wakes = new Map<string, () => void>()
  const complain = complaints(log)
  const persist = <Value>(what: string, work: () => Promise<Value>) =>
    persistently(what, work, complain, stopping.signal)
  const opened = makeBoss(url, rhythm, complain)
  const started = opened.then((boss) => persist('starting the job queue', () => start(boss)))
  const use = async <Value>(run: (boss: PgBoss) => Promise<Value>): Promise<Value> => {
    const boss = await started
    if (boss === undefined || stopping.signal.aborted) {
      throw new StoreFault('database-unavailable', 'the job queue was stopped', true)
    }
    return run(boss).catch((error: unknown) => {
      // A failed assertion of the queue is a bug, whatever the letters of its code suggest.
      throw (error as { code?: unknown }).code === 'ERR_ASSERTION' ? error : StoreFault.from(error)
    })
  }
  return {
    ready: async () => (await started) !== undefined,
    async work(queue, run) {
      const boss = await started
      if (boss === undefined) return false
      await persist(`making the queue \`${queue}\``, () => makeQueue(boss, queue, rhythm))
      if (stopping.signal.aborted) return false
      wakes.set(queue, await openLanes(boss, queue, run, rhythm, log))
      return true
    },
    wake: (queue) => wakes.get(queue)?.(),
    look: (reader) => use((boss) => look(boss, reader)),
    advance: (reader, step) => use((boss) => advance(boss, reader, step)),
    givenUp: (limit) => use((boss) => givenUp(boss, limit)),
    failing: (queue, limit) => use((boss) => failing(boss, queue, limit)),
    revive: (ids) => use((boss) => revive(boss, ids)),
    forget: (ids) => use((boss) => forget(boss, ids)),
    waitingCount: (queue = givenUpQueue) => use((boss) => waitingCount(boss, queue)),
    async stop(graceMillis = 10_000) {
      stopping.abort()
      const boss = await opened
      await started
      await boss.stop({ timeout: graceMillis })
    },
  }
}

async function makeBoss(url: string, rhythm: Rhythm, complain: (error: unknown) => void): Promise<PgBoss> {
  // Loaded here and not at the top, and after whoever starts has gone on: it takes a tenth of a second.
  await nextTurn()
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    connectionString: url,
    options: `-c role=${applicationRole} -c idle_in_transaction_session_timeout=60000`,
    application_name: 'countersign jobs',
    connectionTimeoutMillis: 10_000,
    max: 5,
    schema: jobsSchema,
    createSchema: false,
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: rhythm.superviseSeconds,
    monitorIntervalSeconds: rhythm.superviseSeconds,
    flowIntervalSeconds: 3_600,
  })
  // Without a listener, losing the database would take the whole process down.
  boss.on('error', complain)
  boss.on('warning', complain)
  return boss
}

const pauseMillisMax = 30_000

async function persistently<Value>(
  what: string,
  work: () => Promise<Value>,
  complain: (error: unknown, what: string) => void,
  signal: AbortSignal,
): Promise<Value | undefined> {
  for (let millis = 500; !signal.aborted; millis = Math.min(millis * 2, pauseMillisMax)) {
    try {
      return await work()
    } catch (error) {
      complain(error, what)
    }
    await pause(millis, undefined, { signal }).catch(() => {})
  }
  return undefined
}

const sameAgainMillis = 60_000

/** Every lane notices a lost database; it is said once a minute. */
function complaints(log: Log): (error: unknown, what?: string) => void {
  const said = new Map<string, number>()
  return (error, what = 'the job queue goes on') => {
    const text = error instanceof Error ? error.message : String((error as { message?: unknown }).message)
    const key = text.replace(/\(Queue: .*$/, '').trim()
    const now = performance.now()
    if (now - (said.get(key) ?? Number.NEGATIVE_INFINITY) < sameAgainMillis) return
    if (said.size > 100) said.clear()
    said.set(key, now)
    log.warn({ err: error }, `${what}: ${key}`)
  }
}
