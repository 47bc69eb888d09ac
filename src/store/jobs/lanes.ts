/**
 * Running the jobs of one queue, a few at a time and each for itself: one that hangs holds up its own lane and nothing
 * else, and an urgent one always finds a lane. What a job's end means to the queue is decided here.
 */
import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss'
import type { Log } from '../jobs.ts'
import { begin } from './outbox.ts'
import { givenUpQueue, keptSeconds, queueOptions, type Rhythm } from './rhythm.ts'

/** How a job ended. `again` runs it once more after a pause, of at least `afterSeconds`; `never` gives it up. */
export type Ended =
  | { readonly ended: 'done' }
  | { readonly ended: 'again'; readonly reason: string; readonly afterSeconds?: number }
  | { readonly ended: 'never'; readonly reason: string }

/** Runs one job. It may run twice with the same data, also at the same time; throwing counts as `again`. */
export type Run = (data: unknown) => Promise<Ended>

export async function start(boss: PgBoss): Promise<PgBoss> {
  await boss.start()
  await boss.createQueue(givenUpQueue, keptSeconds)
  return boss
}

export async function makeQueue(boss: PgBoss, queue: string, rhythm: Rhythm): Promise<void> {
  const options = queueOptions(rhythm)
  await boss.createQueue(queue, options)
  // One that an earlier version made follows this version's numbers.
  await boss.updateQueue(queue, options)
}

/** @returns a function that makes every lane look for jobs at once. */
export async function openLanes(boss: PgBoss, queue: string, run: Run, rhythm: Rhythm, log: Log): Promise<() => void> {
  const lanes: string[] = []
  const lane = async (minPriority: number | undefined) => {
    let id = ''
    const options = {
      batchSize: 1,
      includeMetadata: true,
      perJobResults: true,
      pollingIntervalSeconds: rhythm.pollSeconds,
      ...(minPriority === undefined ? {} : { minPriority }),
    } as const
    id = await boss.work<object, unknown, typeof options>(queue, options, async (jobs) => {
      // Where one was, there may be more: look again without waiting for the next poll.
      boss.notifyWorker(id)
      return Promise.all(jobs.map((job) => settle(boss, queue, job, run, log)))
    })
    lanes.push(id)
  }
  await lane(1)
  for (let count = 0; count < rhythm.lanes; count++) await lane(undefined)
  return () => {
    for (const id of lanes) boss.notifyWorker(id)
  }
}

async function settle(
  boss: PgBoss,
  queue: string,
  job: JobWithMetadata<object>,
  run: Run,
  log: Log,
): Promise<JobResult> {
  const { id, retryCount, retryLimit } = job
  const ended = await attempt(queue, job, run, log)
  if (ended.ended === 'done') return { id, status: 'completed' }
  const output = { reason: ended.reason }
  const fields = { queue, job: id, attempts: retryCount + 1, reason: ended.reason }
  if (ended.ended === 'never' || retryCount >= retryLimit) {
    log.error(fields, 'a job was given up and waits for somebody to look at it')
    return { id, status: 'deadletter', output }
  }
  if (retryCount === 0) log.warn(fields, 'a job failed and is tried again')
  if (ended.afterSeconds === undefined) return { id, status: 'failed', output }
  await postpone(boss, queue, job, output, Math.max(ended.afterSeconds, usualPause(job)))
  // It is waiting again, so this result finds nothing that is running and changes nothing.
  return { id, status: 'completed' }
}

/** Being asked to come back at once must not use up every attempt at once. */
function usualPause({ retryDelay, retryDelayMax, retryCount }: JobWithMetadata<object>): number {
  return Math.min(retryDelayMax ?? Number.POSITIVE_INFINITY, retryDelay * 2 ** Math.min(retryCount, 16))
}

async function attempt(queue: string, job: JobWithMetadata<object>, run: Run, log: Log): Promise<Ended> {
  try {
    return await run(job.data)
  } catch (error) {
    // The boundary between the queue and what it runs: a bug there fails this job, not the lane.
    log.error({ err: error, queue, job: job.id }, 'a job threw')
    return { ended: 'again', reason: 'it threw an error; the log has it' }
  }
}

async function postpone(boss: PgBoss, queue: string, job: JobWithMetadata<object>, output: object, seconds: number) {
  const transaction = await begin(boss)
  try {
    const { db } = transaction
    await boss.fail(queue, { id: job.id, retryCount: job.retryCount }, output, { db })
    await boss.update(queue, undefined, { id: job.id, startAfter: seconds, db })
    await transaction.commit()
  } finally {
    await transaction.rollback()
  }
}
