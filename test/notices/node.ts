// One process that tells people, as `app.ts` puts it together: a job queue, endpoints, and the loop that reads the feed.
import { webhook } from '../../src/connectors/notice-webhook/connector.ts'
import { silent } from '../../src/engine/logger.ts'
import type { NoticeEndpoint } from '../../src/engine/notify/endpoints.ts'
import { type Notices, startNotices } from '../../src/engine/notify.ts'
import type { Store } from '../../src/store/contract.ts'
import { type Jobs, openJobs, type Rhythm } from '../../src/store/jobs.ts'
import { testKey } from './receiver.ts'

export const publicUrl = 'https://countersign.example.org/'

/** Nothing takes longer in a test than it must; what a test is about, it sets itself. */
export const quick: Partial<Rhythm> = { pollSeconds: 0.5, superviseSeconds: 1, pauseSeconds: 1, pauseSecondsMax: 1 }

export interface TellingNode {
  readonly jobs: Jobs
  readonly notices: Notices
  /** Reads the feed until there is nothing new. */
  tell(): Promise<void>
  stop(): Promise<void>
}

export function nodeOn(
  { url, store }: { readonly url: string; readonly store: Store },
  endpoints: readonly NoticeEndpoint[],
  rhythm: Partial<Rhythm> = {},
): TellingNode {
  const jobs = openJobs({ url, log: silent, rhythm: { ...quick, ...rhythm } })
  const notices = startNotices({ store, jobs, endpoints, publicUrl, log: silent })
  return {
    jobs,
    notices,
    async tell() {
      await notices.ready
      while ((await store.feed.sequence(1_000)) > 0);
      const last = await store.feed.last()
      for (let tries = 0; tries < 2_000; tries++) {
        await notices.runOnce()
        if ((await jobs.look('notices')).position >= last) return
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error('the feed was not read to its end')
    },
    async stop() {
      notices.stop()
      await jobs.stop(1_000)
    },
  }
}

/** A webhook to a receiver on this machine, signed with the key of its name. */
export function endpointTo(id: string, url: string, settings: Readonly<Record<string, unknown>> = {}): NoticeEndpoint {
  const whole = { url, secret: 'env:KEY', allowPrivate: true, timeoutSeconds: 1, ...settings }
  const connector = webhook.create(whole, () => testKey(id))
  return { id, connector, types: connector.types }
}
