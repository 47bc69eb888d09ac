/**
 * The system that access is given on: a second PostgreSQL of its own, with real tables, real roles and somebody's money
 * in them. Countersign gets a login that is no superuser, made by the same statements an operator would run.
 */
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type Offer, setupSql } from '../connectors/postgres-role/setup.ts'
import type { Policy } from '../core/policy.ts'
import { startEmbeddedServer, urlOf } from '../store/embedded/index.ts'

const database = 'company'
const login = 'countersign_connector'
/** The workload `database-root` of the sample has this account. */
const superuserName = 'database_root'

export interface Target {
  /** What Countersign signs in with. */
  readonly connectorUrl: string
  /** Opens a session as somebody, the way that person would. */
  signIn(account: string): Promise<Session>
  stop(): Promise<void>
}

export interface Session {
  readonly pid: number
  /** @returns what the target answers, or its words of refusal. */
  ask(sql: string): Promise<{ readonly rows: readonly Record<string, unknown>[] } | { readonly refused: string }>
  /** Whether the target has ended it. */
  isOver(): boolean
  close(): Promise<void>
}

export async function startTarget(folder: string, schemaFile: string, policy: Policy): Promise<Target> {
  const server = await startEmbeddedServer({ folder, databaseName: database, superuserName })
  const admin = new pg.Client(server.connection)
  admin.on('error', () => {})
  await admin.connect()
  const secret = await passwordIn(folder)
  const made = await admin.query("select 1 from pg_namespace where nspname = 'ledger'")
  if (made.rowCount === 0) await admin.query(await readFile(schemaFile, 'utf8'))
  await admin.query(setupSql(login, offerOf(policy)))
  const accounts = await admin.query<{ name: string }>(
    "select rolname as name from pg_roles where rolcanlogin and not rolsuper and rolname not like 'pg\\_%'",
  )
  for (const { name } of accounts.rows) {
    await admin.query(`alter role ${pg.escapeIdentifier(name)} password ${pg.escapeLiteral(secret)}`)
  }
  await admin.end()
  const as = (user: string) => ({ ...server.connection, user, password: secret })
  return {
    connectorUrl: urlOf(as(login)),
    signIn: (account) => openSession(as(account)),
    stop: () => server.stop(),
  }
}

async function openSession(connection: pg.ClientConfig): Promise<Session> {
  const client = new pg.Client(connection)
  let over = false
  client.on('error', () => {
    over = true
  })
  client.on('end', () => {
    over = true
  })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return {
    pid: rows[0]?.pid ?? 0,
    async ask(sql) {
      try {
        return { rows: (await client.query<Record<string, unknown>>(sql)).rows }
      } catch (error) {
        return { refused: error instanceof Error ? error.message : String(error) }
      }
    },
    isOver: () => over,
    async close() {
      if (!over) await client.end().catch(() => {})
    },
  }
}

/** Everything that the policy's entitlements may give on this server, and nothing else. */
function offerOf(policy: Policy): Offer {
  const entitlements = Object.values(policy.systems).flatMap((system) => Object.values(system.entitlements))
  const memberships = entitlements.filter(({ target }) => target.shape === 'membership')
  const privileges = entitlements.filter(({ target }) => target.shape !== 'membership')
  return {
    roles: memberships.flatMap(({ resources }) => [...resources]),
    privileges: privileges.flatMap(({ resources, actions }) => resources.map((resource) => ({ resource, actions }))),
  }
}

/** One password for every account of the sample, made here and known to nobody. */
async function passwordIn(folder: string): Promise<string> {
  const file = join(folder, 'sample-password')
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) return known
  const fresh = randomBytes(18).toString('base64url')
  await writeFile(file, fresh, { mode: 0o600 })
  return fresh
}
