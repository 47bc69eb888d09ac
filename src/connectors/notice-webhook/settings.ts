/**
 * Where does this webhook lead, who signs, and what does it hear of? Secrets stand in settings as references only, are
 * read once when the connector is made, and never appear in a message; neither does the path of the address, which for
 * many receivers is a secret too.
 */
import { z } from 'zod'
import type { SecretReader } from '../access.ts'
import type { Destination } from '../http/post.ts'
import { reference } from '../http/settings.ts'
import { readUrl } from '../http/url.ts'

/** Unknown keys are refused. */
export const settingsSchema = z.strictObject({
  url: z.string().min(1).max(2_000),
  /** Several while a secret is being replaced: every notice is signed with each of them. */
  secret: z.union([reference, z.array(reference).min(1).max(5)]),
  /** For one attempt as a whole: finding the address, connecting, sending, and the answer. */
  timeoutSeconds: z.int().min(1).max(30).default(10),
  /** Types of notices it hears of; absent: all. */
  types: z.array(z.string().min(1).max(100)).min(1).optional(),
  /** True: it may lie on this machine or in a private network. Link-local addresses stay refused. */
  allowPrivate: z.boolean().default(false),
  /** Reference to the PEM of the authority to believe, for a receiver whose certificate is not from a public one. */
  ca: reference.optional(),
})

export interface Settings extends Destination {
  /** Keys as Standard Webhooks writes them: `whsec_` and base64 of 24 to 64 bytes. */
  readonly secrets: readonly string[]
  readonly types?: readonly string[]
}

/** @throws {Error} naming the setting that does not fit, never what a reference holds. */
export function readSettings(raw: Readonly<Record<string, unknown>>, secrets: SecretReader): Settings {
  const parsed = settingsSchema.safeParse(raw)
  if (!parsed.success) throw new Error(`settings of \`webhook\` do not fit: ${z.prettifyError(parsed.error)}`)
  const { url, secret, timeoutSeconds, types, allowPrivate, ca } = parsed.data
  return {
    url: readUrl(url, allowPrivate, 'webhook'),
    secrets: [secret].flat().map((one) => readKey(one, secrets)),
    timeoutMillis: timeoutSeconds * 1_000,
    allowPrivate,
    ...(types === undefined ? {} : { types }),
    ...(ca === undefined ? {} : { ca: secrets(ca) }),
  }
}

/** Standard Webhooks: 192 to 512 bits of key. */
const keyBytesMin = 24
const keyBytesMax = 64

function readKey(name: string, secrets: SecretReader): string {
  const key = secrets(name).trim()
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(key)?.[1] ?? ''
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length < keyBytesMin || bytes.length > keyBytesMax || bytes.toString('base64') !== base64) {
    throw new Error(
      `\`${name}\` holds no webhook key: \`whsec_\` and base64 of ${keyBytesMin} to ${keyBytesMax} random bytes`,
    )
  }
  return key
}
