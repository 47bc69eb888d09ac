/** Which mail server, in whose name, and to whom. The password stands in settings as a reference only. */
import { z } from 'zod'
import type { SecretReader } from '../access.ts'
import { isLoopbackHost } from '../http/address.ts'
import { reference } from '../http/settings.ts'

const address = z.email({ error: 'must be an address such as `security@example.org`' }).max(320)

/** Unknown keys are refused. */
export const settingsSchema = z
  .strictObject({
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535).default(587),
    from: address,
    /** Everything goes to these addresses. */
    to: z.array(address).max(50).default([]),
    /** True: also to the people a notice matters to, at the addresses the directory knows of them. */
    people: z.boolean().default(false),
    user: z.string().min(1).max(255).optional(),
    password: reference.optional(),
    timeoutSeconds: z.int().min(1).max(60).default(20),
    /** Types of notices it hears of; absent: all. */
    types: z.array(z.string().min(1).max(100)).min(1).optional(),
    /** Reference to the PEM of the authority to believe, for a server whose certificate is not from a public one. */
    ca: reference.optional(),
  })
  .refine(({ to, people }) => to.length > 0 || people, { error: 'nobody would hear: give `to`, or `people: true`' })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: '`user` and `password` go together',
  })

export interface Settings {
  readonly host: string
  readonly port: number
  readonly from: string
  readonly to: readonly string[]
  readonly people: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly timeoutMillis: number
  readonly types?: readonly string[]
  readonly ca?: string
  /** Plain text never leaves this machine. */
  readonly isLoopback: boolean
}

/** @throws {Error} naming the setting that does not fit, never what a reference holds. */
export function readSettings(raw: Readonly<Record<string, unknown>>, secrets: SecretReader): Settings {
  const parsed = settingsSchema.safeParse(raw)
  if (!parsed.success) throw new Error(`settings of \`email\` do not fit: ${z.prettifyError(parsed.error)}`)
  const { host, port, from, to, people, user, password, timeoutSeconds, types, ca } = parsed.data
  return {
    host,
    port,
    from,
    to,
    people,
    timeoutMillis: timeoutSeconds * 1_000,
    isLoopback: isLoopbackHost(host),
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: secrets(password).trim() } }),
    ...(types === undefined ? {} : { types }),
    ...(ca === undefined ? {} : { ca: secrets(ca) }),
  }
}
