/**
 * How often, how long, how many times: the numbers of the job queue. A delivery is tried about every hour for three days
 * before somebody has to look; nothing is dropped before somebody could have looked.
 */
import type { Queue } from 'pg-boss'

export interface Rhythm {
  /** A worker that was not woken looks for jobs this often, at least every half second. */
  readonly pollSeconds: number
  /** Jobs of a process that died are found this often. */
  readonly superviseSeconds: number
  /** One attempt must have ended by then; later it counts as failed, and the job may run a second time. */
  readonly attemptSecondsMax: number
  /** First pause after a failure; each further one is about twice as long, up to `pauseSecondsMax`. */
  readonly pauseSeconds: number
  readonly pauseSecondsMax: number
  readonly retriesMax: number
  /** How many jobs of one queue this process runs at a time; one more runs urgent jobs only. */
  readonly lanes: number
}

/** 10 pauses that double, together about an hour, and 74 of an hour each. */
export const usualRhythm: Rhythm = {
  pollSeconds: 5,
  superviseSeconds: 30,
  attemptSecondsMax: 60,
  pauseSeconds: 5,
  pauseSecondsMax: 3_600,
  retriesMax: 84,
  lanes: 3,
}

/** Made by the migrations, and owned by the application's role. */
export const jobsSchema = 'countersign_jobs'

/** What was given up waits here for somebody, whatever queue it comes from. */
export const givenUpQueue = 'given-up'

const daySeconds = 86_400

/** A job that nobody runs is kept a year, a finished one a week. */
export const keptSeconds = { retentionSeconds: 365 * daySeconds, deleteAfterSeconds: 7 * daySeconds } as const

export function queueOptions(rhythm: Rhythm): Omit<Queue, 'name'> {
  return {
    ...keptSeconds,
    expireInSeconds: rhythm.attemptSecondsMax,
    retryLimit: rhythm.retriesMax,
    retryDelay: rhythm.pauseSeconds,
    retryDelayMax: rhythm.pauseSecondsMax,
    retryBackoff: true,
    deadLetter: givenUpQueue,
  }
}
