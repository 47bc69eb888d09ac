/**
 * Tells whoever asked by the profile of decision points that their task is over: at an address that the operator listed for
 * them, signed by Standard Webhooks, once an attempt, and without following anybody anywhere. What it says is a notice;
 * nothing can be done with it but to look at the task.
 */
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import type { SecretReader } from '../access.ts'
import { systemResolver } from '../http/address.ts'
import { type Destination, post, type World } from '../http/post.ts'
import { reference } from '../http/settings.ts'
import type { HttpOutcome } from '../http/status.ts'
import { readUrl } from '../http/url.ts'

export const callbackSchema = z.strictObject({
  endpoint: z.string().min(1).max(2_000).describe('the exact address; another path or port is another address'),
  for: z
    .array(z.string().regex(/^(?:wl|per)_[^\s]+$/, { error: 'expected an id such as `wl_reconciler`' }))
    .min(1)
    .describe('who may have it told'),
  secret: reference.describe('`env:NAME` or `file:/path` of the key it is signed with: `whsec_` and base64'),
  allowPrivate: z.boolean().default(false).describe('whether it may lie on this machine or in a private network'),
  ca: reference.optional().describe('the authority to believe, where its certificate is not from a public one'),
})

export type CallbackConfig = z.output<typeof callbackSchema>

export interface CallbackConnector {
  readonly for: readonly string[]
  readonly endpoint: string
  /** @param id of this notice, the same in every attempt */
  tell(id: string, body: string): Promise<HttpOutcome>
}

const timeoutMillis = 10_000

/** @throws {Error} naming what does not fit, never what a reference holds. */
export function callbackTo(
  config: CallbackConfig,
  secrets: SecretReader,
  world: World = { resolve: systemResolver, nowMillis: Date.now },
): CallbackConnector {
  const { endpoint, allowPrivate, ca } = config
  const destination: Destination = {
    url: readUrl(endpoint, allowPrivate, 'callback'),
    timeoutMillis,
    allowPrivate,
    ...(ca === undefined ? {} : { ca: secrets(ca) }),
  }
  const signer = new Webhook(secrets(config.secret))
  return {
    for: config.for,
    endpoint,
    tell(id, body) {
      const at = new Date(world.nowMillis())
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Countersign',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': signer.sign(id, at, body),
      }
      return post(destination, headers, Buffer.from(body, 'utf8'), world)
    },
  }
}
