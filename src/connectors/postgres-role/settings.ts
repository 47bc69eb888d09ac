/**
 * How do we reach this PostgreSQL, and how long do we wait? Settings come from a policy's `connectors` entry; secrets
 * stand in them as references only, and are read once, when the connector is made.
 */
import type { PoolConfig } from 'pg'
import { z } from 'zod'
import type { SecretReader } from '../access.ts'

const reference = z.string().regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\p{Cc}]+)$/u, {
  error: 'must be a reference such as `env:NAME` or `file:/run/secrets/name`',
})

const limits = {
  /** For a connection, waiting for a free one included. */
  connectTimeoutSeconds: z.int().min(1).max(60).default(5),
  /** For one statement on the server, and for reading back that sessions are gone. */
  statementTimeoutSeconds: z.int().min(1).max(300).default(10),
  connectionsMax: z.int().min(1).max(50).default(4),
}

const byUrl = z.strictObject({
  /** `postgresql://user:password@host:port/database?sslmode=verify-full`, behind a reference because of the password. */
  url: reference,
  ...limits,
})

const byFields = z.strictObject({
  /** A name, an address, or the folder of a unix socket. */
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(5432),
  database: z.string().min(1),
  user: z.string().min(1),
  password: reference,
  /** `off`, or certificates are verified (against `ca`, a reference to a PEM file, if given). Sockets need none. */
  tls: z.union([z.literal('off'), z.strictObject({ ca: reference.optional() })]).default({}),
  ...limits,
})

/** Either a reference to an address, or fields with a reference to the password. Unknown keys are refused. */
export const settingsSchema = z.union([byUrl, byFields])

type ByFields = z.output<typeof byFields>

export interface Timeouts {
  readonly connectTimeoutSeconds: number
  readonly statementTimeoutSeconds: number
}

export interface Settings extends Timeouts {
  readonly connectionsMax: number
  /** Where to and as whom; holds the password: never log it. */
  readonly connection: PoolConfig
}

/** @throws {Error} naming the setting that does not fit, or the reference that leads nowhere. */
export function readSettings(raw: Readonly<Record<string, unknown>>, secrets: SecretReader): Settings {
  const parsed = ('url' in raw ? byUrl : byFields).safeParse(raw)
  if (!parsed.success) throw new Error(`settings of \`postgres-role\` do not fit: ${z.prettifyError(parsed.error)}`)
  const { connectTimeoutSeconds, statementTimeoutSeconds, connectionsMax } = parsed.data
  const connection = 'url' in parsed.data ? fromUrl(secrets(parsed.data.url)) : fromFields(parsed.data, secrets)
  return { connectTimeoutSeconds, statementTimeoutSeconds, connectionsMax, connection }
}

function fromUrl(url: string): PoolConfig {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Error('`url` of `postgres-role` must lead to postgresql://…')
  return { connectionString: url.trim() }
}

function fromFields(fields: ByFields, secrets: SecretReader): PoolConfig {
  const { host, port, database, user } = fields
  const ssl = host.startsWith('/') || fields.tls === 'off' ? false : tlsFrom(fields.tls, secrets)
  return { host, port, database, user, password: secrets(fields.password), ssl }
}

function tlsFrom(tls: { ca?: string | undefined }, secrets: SecretReader) {
  return tls.ca === undefined ? { rejectUnauthorized: true } : { rejectUnauthorized: true, ca: secrets(tls.ca) }
}
