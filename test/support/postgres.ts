// Which PostgreSQL does a test use, and how does it get a database nobody else is in?
// Import this at the top of a test file: at the file's end, after its own hooks, its databases are dropped and its servers stopped.
import { randomBytes } from 'node:crypto'
import { Client, escapeIdentifier } from 'pg'
import { afterAll, inject } from 'vitest'
import { type ServerConnection, urlOf } from '../../src/store/embedded/index.ts'
import type {} from './global-setup.ts'
import { type MajorVersion, startTestServer, type TestServer } from './test-server.ts'

export { type MajorVersion, majorVersions } from './test-server.ts'

export interface TestDatabase {
  name: string
  connection: ServerConnection
  url: string
  /** Throws everybody out and removes it; done by itself at the end of the file. */
  drop(): Promise<void>
}

export interface TestPostgres {
  majorVersion: MajorVersion
  /** As superuser, to the maintenance database. */
  connection: ServerConnection
  url: string
  /** A fresh database, empty or a copy of a template. */
  createDatabase(template?: string): Promise<TestDatabase>
  /**
   * Prepares a template once per server, whichever file asks first; the others wait and find it.
   * Name it after what is in it (a hash of the migrations, say): an existing one is taken as it is.
   */
  template(
    name: string,
    prepare: (database: { connection: ServerConnection; url: string }) => Promise<void>,
  ): Promise<string>
}

/** The server of a major version: 18 is shared by the whole run, the others are started for the file that asks. */
export async function postgresFor(majorVersion: MajorVersion = 18): Promise<TestPostgres> {
  const shared = majorVersion === 18 ? inject('postgres18') : undefined
  const server = shared ?? (await ownServer(majorVersion)).server.connection
  const connection = { ...server, database: 'postgres' }
  return {
    majorVersion,
    connection,
    url: urlOf(connection),
    createDatabase: (template) => createDatabaseOn(connection, template),
    template: (name, prepare) => templateOn(connection, name, prepare),
  }
}

/** A fresh database on the server of a major version. */
export async function createDatabase(template?: string, majorVersion: MajorVersion = 18): Promise<TestDatabase> {
  return (await postgresFor(majorVersion)).createDatabase(template)
}

const ownServers = new Map<MajorVersion, Promise<TestServer>>()
const databases = new Set<TestDatabase>()

function ownServer(majorVersion: MajorVersion): Promise<TestServer> {
  const running = ownServers.get(majorVersion) ?? startTestServer(majorVersion)
  ownServers.set(majorVersion, running)
  return running
}

// Hooks at a file's end run in the reverse order of their registration: this first one runs last.
afterAll(async () => {
  for (const database of databases) await database.drop()
  for (const running of ownServers.values()) await (await running).stop()
  ownServers.clear()
})

async function createDatabaseOn(server: ServerConnection, template: string | undefined): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const source = template === undefined ? '' : ` TEMPLATE ${escapeIdentifier(template)} STRATEGY wal_log`
  await asSuperuser(server, (client) => client.query(`CREATE DATABASE ${name}${source}`))
  const connection = { ...server, database: name }
  const database: TestDatabase = {
    name,
    connection,
    url: urlOf(connection),
    drop: async () => {
      databases.delete(database)
      await asSuperuser(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
  databases.add(database)
  return database
}

async function templateOn(
  server: ServerConnection,
  name: string,
  prepare: (database: { connection: ServerConnection; url: string }) => Promise<void>,
): Promise<string> {
  const connection = { ...server, database: name }
  const quoted = escapeIdentifier(name)
  await asSuperuser(server, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name])
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [name])
    if (found.rowCount) return
    // One that is there and no template yet was left by a preparation that failed.
    await client.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${quoted}`)
    await prepare({ connection, url: urlOf(connection) })
    await client.query(`ALTER DATABASE ${quoted} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  })
  return name
}

// The end of its connection also gives back the lock a template is prepared under.
async function asSuperuser<T>(server: ServerConnection, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(server)
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
