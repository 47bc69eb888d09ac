/**
 * The record over HTTPS, as a batch of JSON lines or one JSON list a request, with a token where the receiver wants one.
 * What collectors of log pipelines take.
 */
import { z } from 'zod'
import type { SecretReader } from '../access.ts'
import { systemResolver } from '../http/address.ts'
import { post, type World } from '../http/post.ts'
import { reference } from '../http/settings.ts'
import { readUrl } from '../http/url.ts'
import type { RecordSink } from '../sink.ts'

/** Unknown keys are refused. */
export const settingsSchema = z.strictObject({
  url: z.string().min(1).max(2_000),
  form: z.enum(['lines', 'list']).default('lines'),
  /** Sent as `authorization: Bearer …`. */
  token: reference.optional(),
  timeoutSeconds: z.int().min(1).max(60).default(20),
  /** True: it may lie on this machine or in a private network. Link-local addresses stay refused. */
  allowPrivate: z.boolean().default(false),
  /** Reference to the PEM of the authority to believe, for a receiver whose certificate is not from a public one. */
  ca: reference.optional(),
})

const types = { lines: 'application/x-ndjson', list: 'application/json' } as const

export const httpSink = {
  kind: 'http',
  /** @throws {Error} when the settings do not fit. */
  create(
    raw: Readonly<Record<string, unknown>>,
    secrets: SecretReader,
    world: World = { resolve: systemResolver, nowMillis: Date.now },
  ): RecordSink {
    const parsed = settingsSchema.safeParse(raw)
    if (!parsed.success) throw new Error(`settings of \`http\` do not fit: ${z.prettifyError(parsed.error)}`)
    const { url, form, token, timeoutSeconds, allowPrivate, ca } = parsed.data
    const destination = {
      url: readUrl(url, allowPrivate, 'http'),
      timeoutMillis: timeoutSeconds * 1_000,
      allowPrivate,
      ...(ca === undefined ? {} : { ca: secrets(ca) }),
    }
    const headers = {
      'content-type': types[form],
      'user-agent': 'Countersign',
      ...(token === undefined ? {} : { authorization: `Bearer ${secrets(token).trim()}` }),
    }
    return {
      kind: 'http',
      send(documents) {
        const body =
          form === 'list' ? JSON.stringify(documents) : documents.map((one) => `${JSON.stringify(one)}\n`).join('')
        return post(destination, headers, Buffer.from(body, 'utf8'), world)
      },
    }
  },
}
