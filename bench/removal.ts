/**
 * What does it cost to remove access and prove it, against only removing it? N grants of `postgres-role` are taken back
 * through the connector (revoke, end sessions, observe), and N memberships of the same kind by a bare loop of REVOKE, on
 * the same server in the same run. Both once on one connection and once on several.
 */
import { randomBytes } from 'node:crypto'
import { Client, escapeIdentifier, escapeLiteral, Pool } from 'pg'
import type { AccessConnector, GrantSpec } from '../src/connectors/access.ts'
import { postgresRole } from '../src/connectors/postgres-role/connector.ts'
import { setupSql } from '../src/connectors/postgres-role/setup.ts'

export interface RemovalBench {
  readonly count: number
  readonly connections: number
  readonly serverVersion: string
  /** Memberships a second. */
  readonly bareLoopPerSecond: number
  readonly bareManyPerSecond: number
  /** Grants a second: removed, sessions dealt with, and read back. */
  readonly removalLoopPerSecond: number
  readonly removalManyPerSecond: number
  /** Each against the bare loop on as many connections. */
  readonly ratioLoop: number
  readonly ratioMany: number
  /** As it is used: several connections, against the bare loop on one. The bar is 0.5. */
  readonly ratio: number
}

export interface RemovalBenchOptions {
  /** A superuser, on a server that may be worked hard; everything made here is removed again. */
  readonly connectionString: string
  /** Grants in all, half of them for each way of measuring. */
  readonly count: number
  readonly connections?: number
}

const until = '2099-01-01T00:00:00.000Z'

export async function benchRemoval({
  connectionString,
  count,
  connections = 4,
}: RemovalBenchOptions): Promise<RemovalBench> {
  const tag = `bench${randomBytes(4).toString('hex')}`
  const root = await open(connectionString)
  try {
    await root.query(`CREATE DATABASE ${tag}`)
    const url = new URL(connectionString)
    url.pathname = `/${tag}`
    return await inDatabase(url, tag, count, connections)
  } finally {
    await root.query(`DROP DATABASE IF EXISTS ${tag} WITH (FORCE)`)
    await root.query(dropRoles(tag))
    await root.end()
  }
}

async function inDatabase(url: URL, tag: string, count: number, connections: number): Promise<RemovalBench> {
  const root = await open(url.href)
  const many = new Pool({ connectionString: url.href, max: connections })
  const connector = connectorFor(url, tag, connections)
  try {
    const half = Math.ceil(count / 2)
    await prepare(root, tag, half * 2)
    const specs = Array.from({ length: half * 2 }, (_, index) => specOf(tag, index))
    await eachOf(specs, connections, async (spec) => must(await connector.apply(spec)))
    const bare = (index: number) => `REVOKE ${tag}_bare_${index} FROM ${tag}_account_${index}`
    await root.query('CHECKPOINT')
    const bareLoop = await secondsOf(() => eachOf(range(0, half), 1, (index) => root.query(bare(index))))
    const removalLoop = await secondsOf(() => eachOf(specs.slice(0, half), 1, (spec) => removed(connector, spec)))
    const bareMany = await secondsOf(() =>
      eachOf(range(half, half * 2), connections, (index) => many.query(bare(index))),
    )
    const removalMany = await secondsOf(() =>
      eachOf(specs.slice(half), connections, (spec) => removed(connector, spec)),
    )
    const { rows } = await root.query('SHOW server_version')
    return {
      count: half * 2,
      connections,
      serverVersion: String(rows[0].server_version),
      bareLoopPerSecond: Math.round(half / bareLoop),
      bareManyPerSecond: Math.round(half / bareMany),
      removalLoopPerSecond: Math.round(half / removalLoop),
      removalManyPerSecond: Math.round(half / removalMany),
      ratioLoop: bareLoop / removalLoop,
      ratioMany: bareMany / removalMany,
      ratio: bareLoop / removalMany,
    }
  } finally {
    await connector.close()
    await many.end()
    await root.end()
  }
}

/** Throws unless the access is gone, nobody uses it any more and nothing is left. */
async function removed(connector: AccessConnector, spec: GrantSpec): Promise<void> {
  must(await connector.revoke(spec))
  must(await connector.endSessions(spec))
  const seen = must(await connector.observe(spec))
  if (seen?.present || seen?.sessions.length !== 0 || seen.residue.length !== 0) throw new Error('not removed')
}

type Outcomes = Awaited<
  ReturnType<AccessConnector['observe'] | AccessConnector['apply'] | AccessConnector['endSessions']>
>

function must<Answer extends Outcomes>(answer: Answer): Extract<Answer, { outcome: 'done' }>['value'] {
  if (answer.outcome !== 'done') throw new Error(`${answer.outcome}: ${answer.reason}`)
  return answer.value
}

function specOf(tag: string, index: number): GrantSpec {
  return {
    grant: `grt_${tag}_${index}`,
    generation: 1,
    account: `${tag}_account_${index}`,
    target: { shape: 'membership', role: `${tag}_writer` },
    resources: [`${tag}_writer`],
    actions: ['member'],
    until,
  }
}

function connectorFor(url: URL, tag: string, connectionsMax: number): AccessConnector {
  const own = new URL(url)
  own.username = `${tag}_admin`
  own.password = tag
  return postgresRole.create({ url: 'env:BENCH_URL', connectTimeoutSeconds: 60, connectionsMax }, () => own.href)
}

/** A role behind the grants that holds something, and beside every grant a membership of the same kind for the loop. */
async function prepare(root: Client, tag: string, count: number): Promise<void> {
  await root.query(`CREATE ROLE ${tag}_writer; CREATE SCHEMA ledger; CREATE TABLE ledger.entries (id int);
    GRANT USAGE ON SCHEMA ledger TO ${tag}_writer; GRANT SELECT, INSERT ON ledger.entries TO ${tag}_writer`)
  await root.query(setupSql(`${tag}_admin`, { roles: [`${tag}_writer`] }))
  await root.query(`ALTER ROLE ${escapeIdentifier(`${tag}_admin`)} PASSWORD ${escapeLiteral(tag)}`)
  await root.query(`DO $$ BEGIN FOR i IN 0..${count - 1} LOOP
    EXECUTE format('CREATE ROLE %I LOGIN; CREATE ROLE %I; GRANT %2$I TO %1$I', '${tag}_account_' || i, '${tag}_bare_' || i);
  END LOOP; END $$`)
}

const dropRoles = (tag: string) => `DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE '%${tag}\\_%' LOOP EXECUTE format('DROP ROLE %I', r.rolname); END LOOP;
END $$`

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  return client
}
