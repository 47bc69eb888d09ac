// Who may use the server of a folder? The one process that holds a session advisory lock, on a connection kept for nothing else.
// PostgreSQL gives the lock back when that connection ends, however the process died; nothing here ever waits for it.
import { Client } from 'pg'
import { EmbeddedServerError, messageOf, systemCode } from './errors.ts'

export interface ServerConnection {
  /** A socket folder, or `127.0.0.1`. */
  host: string
  port: number
  user: string
  password: string
  database: string
}

export interface Ownership {
  /** Settles when the connection that holds the lock ends without our doing. Never rejects. */
  lost: Promise<EmbeddedServerError>
  /** From here on the end of the connection is expected: the server is about to be stopped. */
  expectEnd(): void
  release(): Promise<void>
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

// "Counters", in the maintenance database, where no lock of the application can meet it.
const lockKey = 0x436f_756e_7465_7273n.toString()
export const maintenanceDatabase = 'postgres'

/**
 * Connects and takes the lock; undefined while the server is still starting or just stopping.
 * @throws EmbeddedServerError `already-owned`, `connect-failed`
 */
export async function takeOwnership(connection: ServerConnection): Promise<Ownership | undefined> {
  const client = new Client({
    ...connection,
    database: maintenanceDatabase,
    application_name: `countersign owner, process ${process.pid}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  const watch = watchEnd(client)
  try {
    await client.connect()
    await lockOrRefuse(client)
  } catch (error) {
    watch.expectEnd()
    await client.end()
    if (error instanceof EmbeddedServerError) throw error
    if (isPassing(error)) return undefined
    throw refusedLogin(error)
  }
  return ownershipOf(client, watch)
}

interface Watch {
  lost: Promise<EmbeddedServerError>
  expectEnd(): void
}

// Without an `error` listener a lost connection would end the process.
function watchEnd(client: Client): Watch {
  const { promise, resolve } = Promise.withResolvers<EmbeddedServerError>()
  let expected = false
  const lose = (cause?: unknown) => {
    if (expected) return
    resolve(
      new EmbeddedServerError(
        'ownership-lost',
        'the connection that holds the PostgreSQL server was lost: stop, and start again',
        cause,
      ),
    )
  }
  client.on('error', lose)
  client.on('end', () => lose())
  return {
    lost: promise,
    expectEnd: () => {
      expected = true
    },
  }
}

function ownershipOf(client: Client, watch: Watch): Ownership {
  return {
    ...watch,
    release: async () => {
      watch.expectEnd()
      await client.end()
    },
    query: async (sql, values = []) => (await client.query<Record<string, unknown>>(sql, values)).rows,
  }
}

async function lockOrRefuse(client: Client): Promise<void> {
  // An operator's timeouts must not end a session whose whole work is to stay.
  await client.query('SET statement_timeout = 0; SET idle_session_timeout = 0')
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS taken', [lockKey])
  if (rows[0]?.taken) return
  const holder = await describeHolder(client)
  throw new EmbeddedServerError(
    'already-owned',
    `another Countersign uses this folder (${holder}): stop it first, or give this one a folder or DATABASE_URL of its own`,
  )
}

async function describeHolder(client: Client): Promise<string> {
  const { rows } = await client.query<{ holder: string; since: string }>(
    `SELECT a.application_name AS holder, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint`,
    [lockKey],
  )
  return rows[0] ? `${rows[0].holder}, since ${rows[0].since}` : 'it has just let go'
}

const passingCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', '57P01', '57P02', '57P03', '53300'])

function isPassing(error: unknown): boolean {
  if (passingCodes.has(systemCode(error) ?? '')) return true
  // pg gives these two no code.
  return /^(Connection terminated|timeout expired)/i.test(messageOf(error))
}

function refusedLogin(error: unknown): EmbeddedServerError {
  return new EmbeddedServerError(
    'connect-failed',
    `the PostgreSQL server of this folder does not accept the stored superuser password (${messageOf(error)}): ` +
      'restore `superuser-password` and `data` from the same backup',
    error,
  )
}
