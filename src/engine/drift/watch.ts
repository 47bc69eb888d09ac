/**
 * When is a target looked at as a whole? From time to time, each in its turn, by one process at a time. A target that does
 * not answer costs one lane until its connector gives up, is asked again later and later, and keeps nobody else waiting.
 */
import { readEverySeconds } from '../../core/drift.ts'
import type { ClaimedReading } from '../../store/drift-contract.ts'
import { habits } from '../../store/drift-contract.ts'
import type { Machinery } from '../handle.ts'
import { type Looked, lookAt } from './look.ts'
import { lookBack } from './look-back.ts'

/** Longer than any connector takes to give up; after a crash somebody else looks. */
const leaseSeconds = 300
const retrySeconds = 15
const retrySecondsMax = 300
const lanes = 16

export interface Watcher {
  /** Looks at what is due. @returns how many looks began. */
  start(): Promise<number>
  idle(): Promise<void>
}

export function watcherOn(machinery: Machinery): Watcher {
  const underWay = new Set<Promise<void>>()
  let kept: string | undefined
  return {
    async start() {
      const free = lanes - underWay.size
      if (free <= 0) return 0
      kept = await keepSubjects(machinery, kept)
      const claimed = await machinery.store.drift.claimReadings(free, leaseSeconds)
      for (const claim of claimed) {
        const looking: Promise<void> = look(machinery, claim).finally(() => underWay.delete(looking))
        underWay.add(looking)
      }
      return claimed.length
    },
    async idle() {
      await Promise.allSettled([...underWay])
    },
  }
}

/** Looks at everything that is due, once. @returns how many. */
export async function watch(machinery: Machinery): Promise<number> {
  const watcher = watcherOn(machinery)
  const count = await watcher.start()
  await watcher.idle()
  return count
}

/** The systems of the policy in force, asked for anew when it changes. */
async function keepSubjects({ store, knowledge }: Machinery, kept: string | undefined): Promise<string | undefined> {
  const { policy: digest } = await store.recentHeads()
  if (digest === undefined || digest === kept) return digest
  const policy = await knowledge.policy(digest)
  await store.drift.keepReadings([habits, ...Object.keys(policy.systems)])
  return digest
}

async function look(machinery: Machinery, claim: ClaimedReading): Promise<void> {
  try {
    const looked = await lookSafely(machinery, claim.subject)
    const nextInSeconds =
      'failure' in looked
        ? Math.min(retrySecondsMax, retrySeconds * 2 ** Math.min(claim.attempts, 10))
        : readEverySeconds
    await machinery.store.drift.reportReading({ ...claim, ...looked, nextInSeconds })
  } catch (error) {
    machinery.log.warn(
      { err: error, target: claim.subject },
      'a look at a target was not reported; its lease brings it back',
    )
  }
}

async function lookSafely(machinery: Machinery, subject: string): Promise<Looked> {
  try {
    return await (subject === habits ? lookBack(machinery) : lookAt(machinery, subject))
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}
