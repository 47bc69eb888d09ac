/**
 * What telling people needs of a job queue. `store/jobs.ts` is one; what is promised here is what the engine relies on,
 * and all it knows.
 */

export interface DeliveryJobs {
  /** Resolves with true once the queue can be used, with false when it was stopped before. */
  ready(): Promise<boolean>
  /** Runs the jobs of a queue in this process; a queue whose jobs hang delays no other. Resolves as `ready` does. */
  work(queue: string, run: (data: unknown) => Promise<DeliveryEnd>): Promise<boolean>
  /** Jobs were added to this queue. */
  wake(queue: string): void
  /** Where a reader of the feed is, and whether there are committed events that have no position yet. */
  look(reader: string): Promise<{ readonly position: bigint; readonly behind: boolean }>
  /**
   * Commits the new position and the jobs that `step` answers with together, or nothing. One caller at a time over all
   * processes. @returns how many jobs were added, or `busy`.
   */
  advance(
    reader: string,
    step: (position: bigint) => Promise<{ readonly position: bigint; readonly jobs: readonly NewDelivery[] }>,
  ): Promise<number | 'busy'>
  /** Oldest first. */
  givenUp(limit: number): Promise<readonly UnfinishedJob[]>
  failing(queue: string, limit: number): Promise<readonly UnfinishedJob[]>
  revive(ids: readonly string[]): Promise<number>
  forget(ids: readonly string[]): Promise<void>
}

export interface NewDelivery {
  readonly queue: string
  /** A key that is kept in the queue is not added again. */
  readonly key: string
  readonly data: object
  readonly urgent: boolean
}

export type DeliveryEnd =
  | { readonly ended: 'done' }
  | { readonly ended: 'again'; readonly reason: string; readonly afterSeconds?: number }
  | { readonly ended: 'never'; readonly reason: string }

export interface UnfinishedJob {
  readonly id: string
  readonly queue: string
  readonly data: unknown
  readonly since: string
  readonly attempts: number
  readonly reason: string
  readonly nextAt?: string
}
