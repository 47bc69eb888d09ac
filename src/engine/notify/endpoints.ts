/**
 * Where notices go: the endpoints an operator has configured, checked before anything is sent, since a misspelt type
 * would mean that somebody never hears of anything.
 */
import type { Outcome } from '../../connectors/access.ts'
import type { Notice } from '../../connectors/notice.ts'
import { didYouMean } from '../../lib/nearest.ts'
import type { Logger } from '../logger.ts'
import type { DeliveryEnd } from './delivery-jobs.ts'
import { noticeTypes } from './notice-for.ts'

export interface NoticeEndpoint {
  /** Stands in the ids of notices and names the queue: letters, digits, `-` and `_`. */
  readonly id: string
  /** Any `NoticeConnector`; one that knows when the receiver wants to hear again says so. */
  readonly connector: { send(notice: Notice): Promise<Outcome & { readonly retryAfterSeconds?: number }> }
  /** Types of notices it hears of; undefined: all. */
  readonly types?: readonly string[] | undefined
}

/** @throws {Error} on an id that is used twice or unusable, and on a type that no notice has. */
export function checkEndpoints(endpoints: readonly NoticeEndpoint[], log: Logger): void {
  const ids = new Set<string>()
  for (const { id, types = [] } of endpoints) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(id)) {
      throw new Error(`the id of notice endpoint \`${id}\` must be up to 63 letters, digits, \`-\` and \`_\``)
    }
    if (ids.has(id)) throw new Error(`there are two notice endpoints \`${id}\``)
    ids.add(id)
    const stranger = types.find((type) => !noticeTypes.has(type))
    if (stranger !== undefined) {
      const meant = didYouMean(stranger, noticeTypes.keys())
      throw new Error(`notice endpoint \`${id}\`: there is no notice of type \`${stranger}\`${meant}`)
    }
  }
  const unheard = [...noticeTypes].filter(
    ([type, urgency]) => urgency === 'immediate' && !endpoints.some((endpoint) => hears(endpoint, type)),
  )
  if (unheard.length > 0) {
    log.warn({ types: unheard.map(([type]) => type) }, 'no notice endpoint hears of these, and they are urgent')
  }
}

export function hears({ types }: NoticeEndpoint, type: string): boolean {
  return types === undefined || types.includes(type)
}

/** A receiver may ask for patience, and not for so much that it silences us. */
const patienceSecondsMax = 3_600

export async function deliver({ connector }: NoticeEndpoint, notice: Notice): Promise<DeliveryEnd> {
  const outcome = await connector.send(notice)
  switch (outcome.outcome) {
    case 'done':
      return { ended: 'done' }
    case 'unknown':
      return { ended: 'again', reason: outcome.reason }
    case 'not-done': {
      const { reason, retryable, retryAfterSeconds: after } = outcome
      if (!retryable) return { ended: 'never', reason }
      return {
        ended: 'again',
        reason,
        ...(after === undefined ? {} : { afterSeconds: Math.min(after, patienceSecondsMax) }),
      }
    }
    default:
      return outcome satisfies never
  }
}
