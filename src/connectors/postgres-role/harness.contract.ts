/**
 * For tests: a database with something worth having, the login that the README tells operators to make (no superuser),
 * accounts with whatever names, and hands that change things behind the connector's back.
 */
import { Client, type ClientConfig, escapeIdentifier, escapeLiteral, Pool } from 'pg'
import type { AccessHarness, CutLine, Undo, UsingSession } from '../access.contract.ts'
import type { AccessConnector, GrantSpec } from '../access.ts'
import { postgresRole } from './connector.ts'
import { type Address, closedPort, openLine, openSilence } from './cut-line.contract.ts'
import { setupSql } from './setup.ts'
import { snapshotSql } from './snapshot.contract.ts'

export interface Server {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

export type Shape = 'grant-role' | 'membership'

export interface Bench {
  /** Part of every name made here: roles are shared by the whole cluster. */
  readonly tag: string
  readonly admin: string
  readonly writer: string
  readonly owner: string
  /** The superuser. */
  readonly root: string
  readonly modern: boolean
  readonly connector: AccessConnector
  /** The connector once more, with other settings or over another line. */
  connectorAt(settings: Readonly<Record<string, unknown>>): AccessConnector
  freshGrant(): string
  freshAccount(name?: string): Promise<string>
  /** For `ledger.entries` by its privileges, or for the writer as a whole. */
  specFor(shape: Shape, account: string, more?: Partial<GrantSpec>): GrantSpec
  /** As superuser; several statements are one transaction. */
  run(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** A connection of the account, elsewhere if so said; the caller closes it. */
  connectAs(account: string, elsewhere?: ClientConfig): Promise<Client>
  snapshot(): Promise<unknown>
  close(): Promise<void>
}

const password = 'correct horse battery staple'
export const until = '2099-01-01T00:00:00.000Z'

/** The server's database has to be one nobody else uses. */
export async function openBench(server: Server, tag: string, keepers = 0): Promise<Bench> {
  const root = new Pool({ ...server, max: 3 })
  root.on('error', () => {})
  const [admin, writer, owner] = [`${tag}_admin`, `${tag}_writer`, `${tag}_owner`]
  const run: Bench['run'] = async (sql, values) => {
    const result = values === undefined ? await root.query(sql) : await root.query(sql, [...values])
    return (Array.isArray(result) ? result.at(-1) : result).rows
  }
  await run(ledgerSql(writer, owner))
  await run(setupSql(admin, offer(writer), { keepers }))
  await run(`ALTER ROLE ${escapeIdentifier(admin)} PASSWORD ${escapeLiteral(password)}`)
  const settings = { host: server.host, port: server.port, database: server.database, user: admin, tls: 'off' }
  const connectors: AccessConnector[] = []
  const connectorAt: Bench['connectorAt'] = (more) => {
    const made = postgresRole.create({ ...settings, password: 'env:PASSWORD', ...more }, () => password)
    connectors.push(made)
    return made
  }
  let count = 0
  const bench: Bench = {
    tag,
    admin,
    writer,
    owner,
    root: server.user,
    modern: Number((await run(`SELECT current_setting('server_version_num') AS v`))[0]?.v) >= 160_000,
    connector: connectorAt({}),
    connectorAt,
    freshGrant: () => `grt_${tag}_${++count}`,
    freshAccount: async (name = `${tag}_account_${++count}`) => {
      await run(`CREATE ROLE ${escapeIdentifier(name)} LOGIN PASSWORD ${escapeLiteral(password)}`)
      return name
    },
    specFor: (shape, account, more = {}) => ({
      grant: bench.freshGrant(),
      generation: 1,
      account,
      until,
      ...askedOf(shape, writer),
      ...more,
    }),
    run,
    connectAs: (account, elsewhere = {}) => connected({ ...server, user: account, password, ...elsewhere }),
    snapshot: async () => (await run(snapshotSql, [`%${tag}%`]))[0]?.snapshot,
    close: async () => {
      for (const connector of connectors) await connector.close()
      await root.end()
    },
  }
  return bench
}

function ledgerSql(writer: string, owner: string): string {
  return `CREATE ROLE ${owner}; CREATE ROLE ${writer};
    CREATE SCHEMA ledger AUTHORIZATION ${owner};
    CREATE TABLE ledger.entries (id int GENERATED ALWAYS AS IDENTITY, note text);
    CREATE TABLE ledger.salaries (person text, pay int);
    CREATE VIEW ledger.notes AS SELECT note FROM ledger.entries;
    CREATE FUNCTION ledger.post(note text) RETURNS int LANGUAGE sql AS 'SELECT 1';
    REVOKE ALL ON FUNCTION ledger.post(text) FROM PUBLIC;
    ALTER TABLE ledger.entries OWNER TO ${owner}; ALTER TABLE ledger.salaries OWNER TO ${owner};
    ALTER VIEW ledger.notes OWNER TO ${owner}; ALTER FUNCTION ledger.post(text) OWNER TO ${owner};
    GRANT USAGE, CREATE ON SCHEMA ledger TO ${writer}; GRANT SELECT, INSERT ON ledger.entries TO ${writer};`
}

function offer(writer: string) {
  return {
    roles: [writer],
    privileges: [
      { resource: 'ledger.entries', actions: ['select', 'insert', 'trigger', 'references'] },
      { resource: 'ledger.notes', actions: ['select'] },
      { resource: 'ledger.post(text)', actions: ['execute'] },
      { resource: 'ledger', actions: ['create'] },
    ],
  }
}

function askedOf(shape: Shape, writer: string): Pick<GrantSpec, 'target' | 'resources' | 'actions'> {
  return shape === 'grant-role'
    ? { target: { shape }, resources: ['ledger', 'ledger.entries'], actions: ['select', 'insert', 'create'] }
    : { target: { shape, role: writer, setRole: true }, resources: [writer], actions: ['member'] }
}

async function connected(config: ClientConfig): Promise<Client> {
  const client = new Client(config)
  client.on('error', () => {})
  await client.connect()
  return client
}

/** The harness of the contract suite, on a bench. */
export async function openHarness(server: Server, tag: string, shape: Shape, keepers = 0): Promise<AccessHarness> {
  const bench = await openBench(server, tag, keepers)
  const silence = await openSilence()
  const line = await openLine(addressOf(server))
  const quick = { connectTimeoutSeconds: 1, statementTimeoutSeconds: 2 }
  const overLine = bench.connectorAt({ host: '127.0.0.1', port: line.port, tls: 'off' })
  return {
    connector: bench.connector,
    freshSpec: async () => bench.specFor(shape, await bench.freshAccount()),
    specNamed: async (name) => specNamed(bench, shape, name),
    freshGrant: bench.freshGrant,
    canUse: (spec) => canUse(bench, spec.account),
    openSession: (spec) => openSession(bench, shape, spec.account),
    snapshot: bench.snapshot,
    widen: () => widen(bench, shape),
    tamper: (spec) => tamper(bench, spec),
    plantResidue: (spec) => plantResidue(bench, shape, spec.account),
    giveStanding: (spec) => giveStanding(bench, shape, spec.account),
    letIn: (spec) => letIn(bench, spec),
    unreachable: bench.connectorAt({ ...quick, host: '127.0.0.1', port: await closedPort() }),
    silent: bench.connectorAt({ ...quick, host: '127.0.0.1', port: silence.port }),
    cutLine: { connector: overLine, cutBefore: line.cutBefore, cutAfter: line.cutAfter } satisfies CutLine,
    close: async () => {
      await bench.close()
      await line.close()
      await silence.close()
    },
  }
}

function addressOf({ host, port }: Server): Address {
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

/** Accounts with hostile names are made once: other suites on the same cluster want the same names. */
async function specNamed(bench: Bench, shape: Shape, name: string): Promise<GrantSpec | 'cannot-exist'> {
  const found = await bench.run('SELECT FROM pg_roles WHERE rolname = $1::text', [name])
  if (found.length === 0) await bench.freshAccount(name)
  return bench.specFor(shape, name)
}

/** In a session of its own, and without leaving anything. */
async function canUse(bench: Bench, account: string): Promise<boolean> {
  const client = await bench.connectAs(account)
  try {
    await client.query('BEGIN; SELECT * FROM ledger.entries; INSERT INTO ledger.entries (note) VALUES ($$x$$)')
    await client.query('CREATE TABLE ledger.scratch (x int); ROLLBACK')
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error
    return false
  } finally {
    await client.end()
  }
}

/** By privileges: an open cursor outlives the removal. By membership: `SET ROLE` does. */
async function openSession(bench: Bench, shape: Shape, account: string): Promise<UsingSession> {
  const client = await bench.connectAs(account)
  const begin =
    shape === 'membership'
      ? `SET ROLE ${bench.writer}`
      : 'BEGIN; DECLARE c SCROLL CURSOR FOR SELECT 1 FROM ledger.entries UNION ALL SELECT 2'
  await client.query(begin)
  const use = shape === 'membership' ? 'SELECT count(*) FROM ledger.entries' : 'FETCH FIRST FROM c'
  const works = async (sql: string) => (await client.query(sql).catch(() => undefined))?.rowCount === 1
  return {
    stillUses: () => works(use),
    isOpen: () => works('SELECT 1'),
    close: () => client.end(),
  }
}

async function widen(bench: Bench, shape: Shape): Promise<Undo> {
  if (shape === 'membership') {
    await bench.run(`GRANT SELECT ON ledger.salaries TO ${bench.writer}`)
    return async () => void (await bench.run(`REVOKE SELECT ON ledger.salaries FROM ${bench.writer}`))
  }
  await bench.run(`CREATE FUNCTION ledger.audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER audit BEFORE INSERT ON ledger.entries FOR EACH ROW EXECUTE FUNCTION ledger.audit()`)
  return async () => void (await bench.run('DROP FUNCTION ledger.audit() CASCADE'))
}

async function tamper(bench: Bench, spec: GrantSpec): Promise<Undo> {
  const role = escapeIdentifier(`countersign_${spec.grant}`)
  await bench.run(`ALTER ROLE ${role} VALID UNTIL 'infinity'; GRANT SELECT ON ledger.salaries TO ${role}`)
  return async () => void (await bench.run(`REVOKE SELECT ON ledger.salaries FROM ${role}`))
}

async function plantResidue(bench: Bench, shape: Shape, account: string): Promise<Undo> {
  const client = await bench.connectAs(account)
  if (shape === 'membership') await client.query(`SET ROLE ${bench.writer}`)
  await client.query(`CREATE FUNCTION ledger.backdoor() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    AS 'BEGIN RETURN (SELECT count(*) FROM ledger.entries); END'`)
  await client.end()
  return async () => void (await bench.run('DROP FUNCTION ledger.backdoor()'))
}

async function letIn(bench: Bench, spec: GrantSpec) {
  const account = await bench.freshAccount()
  const [role, to] = [escapeIdentifier(`countersign_${spec.grant}`), escapeIdentifier(account)]
  await bench.run(`GRANT ${role} TO ${to}`)
  return { account, undo: async () => void (await bench.run(`REVOKE ${role} FROM ${to}`)) }
}

async function giveStanding(bench: Bench, shape: Shape, account: string): Promise<Undo> {
  const to = escapeIdentifier(account)
  const what =
    shape === 'membership' ? [bench.writer] : ['SELECT, INSERT ON ledger.entries', 'USAGE, CREATE ON SCHEMA ledger']
  for (const one of what) await bench.run(`GRANT ${one} TO ${to}`)
  return async () => {
    for (const one of what) await bench.run(`REVOKE ${one} FROM ${to}`)
  }
}
