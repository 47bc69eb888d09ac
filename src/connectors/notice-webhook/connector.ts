/**
 * Notices over HTTPS, signed by Standard Webhooks (https://www.standardwebhooks.com, symmetric `v1`). The receiver can
 * tell that a notice is ours, how old it is, and whether it has seen it before; it gets nothing it could act with.
 */
import { Webhook } from 'standardwebhooks'
import type { SecretReader } from '../access.ts'
import { systemResolver } from '../http/address.ts'
import { post, type World } from '../http/post.ts'
import type { HttpOutcome } from '../http/status.ts'
import type { Notice, NoticeConnector } from '../notice.ts'
import { readSettings } from './settings.ts'

export interface WebhookConnector extends NoticeConnector {
  /** The types of notices it is meant for; undefined: all. Whoever sends chooses by it, `send` does not. */
  readonly types: readonly string[] | undefined
  send(notice: Notice): Promise<HttpOutcome>
}

export const webhook = {
  kind: 'webhook',
  /** @throws {Error} when the settings do not fit. */
  create(
    raw: Readonly<Record<string, unknown>>,
    secrets: SecretReader,
    world: World = { resolve: systemResolver, nowMillis: Date.now },
  ): WebhookConnector {
    const settings = readSettings(raw, secrets)
    const signers = settings.secrets.map((secret) => new Webhook(secret))
    return {
      kind: 'webhook',
      types: settings.types,
      send(notice) {
        // The time is of this attempt, so that a receiver may refuse old ones and a retry still passes.
        const at = new Date(world.nowMillis())
        const body = bodyOf(notice)
        const signature = signers.map((signer) => signer.sign(notice.id, at, body)).join(' ')
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'Countersign',
          'webhook-id': notice.id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': signature,
        }
        return post(settings, headers, Buffer.from(body, 'utf8'), world)
      },
    }
  },
}

/** The payload that Standard Webhooks recommends (`type`, `timestamp`, `data`), and how urgent it is. */
function bodyOf({ type, at, urgency, data }: Notice): string {
  return JSON.stringify({ type, timestamp: at, urgency, data })
}
