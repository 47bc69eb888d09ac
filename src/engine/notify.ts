/**
 * People are told of what was committed, and of nothing else: the feed is the outbox. Reading it, moving on and queueing
 * one delivery an endpoint is one commit, so a notice is neither lost nor queued twice, whoever dies when. Deliveries
 * may run twice; their id stays, so that a receiver can drop the repeat. Telling decides nothing, and nothing waits for it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Notice } from '../connectors/notice.ts'
import type { Store } from '../store/contract.ts'
import { knowledgeOf } from './knowledge.ts'
import type { Logger } from './logger.ts'
import type { Loop } from './loops.ts'
import { type Announced, announce, type Facts, type Positioned } from './notify/announce.ts'
import type { DeliveryJobs, NewDelivery, UnfinishedJob } from './notify/delivery-jobs.ts'
import { checkEndpoints, deliver, hears, type NoticeEndpoint } from './notify/endpoints.ts'

export interface NoticeParts {
  readonly store: Facts & Pick<Store, 'feed' | 'revisions'>
  readonly jobs: DeliveryJobs
  readonly endpoints: readonly NoticeEndpoint[]
  /** Where people sign in. */
  readonly publicUrl: string
  readonly log: Logger
}

export interface Notices {
  /** For `runLoops`: a commit wakes it. */
  readonly loop: Loop
  /** Resolves with true once there is a queue to put notices in, with false when there will be none. Never rejects. */
  readonly ready: Promise<boolean>
  /** Queues what is new. @returns how many events were read; 0 as well while the job queue is starting. */
  runOnce(): Promise<number>
  /** What did not get through: given up first, then what is being tried again; oldest first. */
  undelivered(limit: number): Promise<readonly Undelivered[]>
  /** Puts notices that were given up back into their queue, by the ids of `undelivered`. @returns how many. */
  tryAgain(ids: readonly string[]): Promise<number>
  forget(ids: readonly string[]): Promise<void>
  /** From now on nothing is queued. What is being delivered ends with `jobs.stop()`. */
  stop(): void
}

export interface Undelivered {
  readonly id: string
  readonly endpoint: string
  readonly notice: Notice
  readonly since: string
  readonly attempts: number
  readonly reason: string
  /** Absent: it was given up, and only somebody's `tryAgain` sends it. */
  readonly nextAt?: string
}

const reader = 'notices'
const queuePrefix = 'notice/'
const queueOf = (endpoint: string) => `${queuePrefix}${endpoint}`
const eventsMax = 200

/** @throws {Error} when an endpoint is misconfigured. */
export function startNotices({ store, jobs, endpoints, publicUrl, log }: NoticeParts): Notices {
  checkEndpoints(endpoints, log)
  const knowledge = knowledgeOf(store)
  let open = false
  let stopped = false
  const ready = begin(jobs, endpoints).then(
    (began) => {
      open = began
      return began
    },
    (error: unknown) => {
      log.error({ err: error }, 'notices cannot be delivered before the next start')
      return false
    },
  )

  const queue = async (from: bigint) => {
    const events = await store.feed.after(from, eventsMax)
    const announced = await announce(events, store, knowledge, publicUrl.replace(/\/+$/, ''))
    return { read: events.length, position: events.at(-1)?.position ?? from, jobs: deliveriesOf(announced, endpoints) }
  }
  const runOnce = async () => {
    if (!open || stopped) return 0
    const read = await readFeed(store, jobs, queue)
    if (read > 0) for (const { id } of endpoints) jobs.wake(queueOf(id))
    return read
  }
  return {
    loop: { name: 'notices', run: async () => (await runOnce()) === eventsMax, everyMillis: 500, wakes: true },
    ready,
    runOnce,
    async undelivered(limit) {
      const given = (await jobs.givenUp(limit)).filter((job) => job.queue.startsWith(queuePrefix))
      const failing = await Promise.all(endpoints.map(({ id }) => jobs.failing(queueOf(id), limit)))
      return [...given, ...failing.flat()].slice(0, limit).map(undeliveredOf)
    },
    tryAgain: async (ids) => {
      const count = await jobs.revive(ids)
      for (const { id } of endpoints) jobs.wake(queueOf(id))
      return count
    },
    forget: (ids) => jobs.forget(ids),
    stop() {
      stopped = true
    },
  }
}

async function begin(jobs: DeliveryJobs, endpoints: readonly NoticeEndpoint[]): Promise<boolean> {
  const working = endpoints.map((endpoint) =>
    jobs.work(queueOf(endpoint.id), (data) => deliver(endpoint, data as Notice)),
  )
  const began = await Promise.all([jobs.ready(), ...working])
  return began.every((one) => one)
}

/** Another process may be giving positions, or reading, at this very moment; then what is new is there in a moment. */
const triesMax = 50
const pauseMillis = 10

async function readFeed(
  { feed }: Pick<Store, 'feed'>,
  jobs: DeliveryJobs,
  queue: (from: bigint) => Promise<{ read: number; position: bigint; jobs: readonly NewDelivery[] }>,
): Promise<number> {
  for (let tries = 1; tries <= triesMax; tries++) {
    const { position, behind } = await jobs.look(reader)
    const unsettled = behind && (await feed.sequence(eventsMax)) === 0
    if (!unsettled || tries === triesMax) {
      if ((await feed.after(position, 1)).length === 0) return 0
      let read = 0
      const added = await jobs.advance(reader, async (from) => {
        const step = await queue(from)
        read = step.read
        return step
      })
      if (added !== 'busy') return read
    }
    await pause(pauseMillis)
  }
  return 0
}

function deliveriesOf(announced: readonly Announced[], endpoints: readonly NoticeEndpoint[]): readonly NewDelivery[] {
  return announced.flatMap(({ event, announcement }) =>
    endpoints
      .filter((endpoint) => hears(endpoint, announcement.type))
      .map(({ id: endpoint }) => {
        const notice: Notice = { id: noticeId(event, endpoint), ...announcement }
        return { queue: queueOf(endpoint), key: notice.id, data: notice, urgent: notice.urgency === 'immediate' }
      }),
  )
}

/**
 * Where the event stands, which event it is, and for whom. The position alone would not do: after an older backup was
 * restored, another event may come to stand there, and receivers would drop it as a repeat.
 */
function noticeId({ position, bodyHash }: Positioned, endpoint: string): string {
  return `ntc_${position}_${bodyHash.replace(/^sha256:/, '').slice(0, 12)}_${endpoint}`
}

function undeliveredOf({ id, queue, data, since, attempts, reason, nextAt }: UnfinishedJob): Undelivered {
  const endpoint = queue.slice(queuePrefix.length)
  return { id, endpoint, notice: data as Notice, since, attempts, reason, ...(nextAt === undefined ? {} : { nextAt }) }
}
