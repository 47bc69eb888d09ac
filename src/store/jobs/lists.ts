/** What the queue has not got done, for people: what is being tried again, and what was given up. */
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { givenUpQueue, jobsSchema } from './rhythm.ts'

export interface Unfinished {
  /** For `revive` and `forget`. */
  readonly id: string
  readonly queue: string
  readonly data: unknown
  /** Instant of being added. */
  readonly since: string
  readonly attempts: number
  readonly reason: string
  /** When it is tried next; absent once it was given up. */
  readonly nextAt?: string
}

/** Oldest first. */
export async function givenUp(boss: PgBoss, limit: number): Promise<readonly Unfinished[]> {
  const jobs = await boss.findJobs<object>(givenUpQueue, { queued: true, limit })
  return jobs.map((job) => ({
    id: job.id,
    queue: job.sourceName ?? '',
    data: job.data,
    since: (job.sourceCreatedOn ?? job.createdOn).toISOString(),
    attempts: (job.sourceRetryCount ?? 0) + 1,
    reason: reasonIn(job.sourceOutput),
  }))
}

/** Among the oldest that wait. */
const waitingMax = 1_000

export async function failing(boss: PgBoss, queue: string, limit: number): Promise<readonly Unfinished[]> {
  const jobs = await boss.findJobs<object>(queue, { queued: true, limit: waitingMax })
  return jobs
    .filter((job) => job.state === 'retry')
    .slice(0, limit)
    .map((job) => ({
      id: job.id,
      queue,
      data: job.data,
      since: job.createdOn.toISOString(),
      attempts: attemptsOf(job),
      reason: reasonIn(job.output),
      nextAt: job.startAfter.toISOString(),
    }))
}

/** Puts what was given up back to where it came from; it starts over. @returns how many there were. */
export function revive(boss: PgBoss, ids: readonly string[]): Promise<number> {
  return boss.redrive(givenUpQueue, { ids: [...ids] })
}

export async function forget(boss: PgBoss, ids: readonly string[]): Promise<void> {
  await boss.deleteJob(givenUpQueue, [...ids])
}

/** Counted, where the queue's own statistics may be a minute old: an alarm hangs on this number. */
export async function waitingCount(boss: PgBoss, queue: string): Promise<number> {
  const sql = `select count(*)::int as count from ${jobsSchema}.job where name = $1 and state in ('created', 'retry')`
  const { rows } = await boss.getDb().executeSql(sql, [queue])
  return Number(rows[0]?.count ?? 0)
}

/** The count of retries goes up when the next attempt begins. */
function attemptsOf(job: JobWithMetadata<object>): number {
  return job.retryCount + 1
}

function reasonIn(output: unknown): string {
  const { reason, message } = (output ?? {}) as { readonly reason?: unknown; readonly message?: unknown }
  return typeof reason === 'string' ? reason : typeof message === 'string' ? message : 'unknown'
}
