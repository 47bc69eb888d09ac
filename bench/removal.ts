/**
 * What does it cost to remove access and prove it, against only removing it? N grants of `postgres-role` are taken back
 * through the connector (revoke, end sessions, observe, each grant checked), and as many memberships by a bare loop of
 * REVOKE, on the same server in the same run.
 *
 * The loop is a superuser's, the fastest there is: since PostgreSQL 16 whoever is none pays at every step for every role it
 * administers, because the server walks them all to see whether it may. The connector, no superuser either, shares that
 * out among keepers. What the loop takes as a login with the connector's rights is reported beside it, for `loopCount`.
 */
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { AccessConnector, GrantSpec } from '../src/connectors/access.ts'
import { postgresRole } from '../src/connectors/postgres-role/connector.ts'
import { setupSql } from '../src/connectors/postgres-role/setup.ts'
import { wireSpec } from '../src/connectors/postgres-role/wire.ts'

export interface RemovalBenchOptions {
  /** A superuser, on a server that may be worked hard; everything made here is removed again. */
  readonly connectionString: string
  readonly count: number
  /** How many the loop without superuser takes back; it gets slow. Default: at most 1,000. */
  readonly loopCount?: number
  /** Grants under way at a time, as the engine would have them when many end together. */
  readonly inFlight?: number
  readonly connections?: number
}

export interface RemovalBench {
  readonly count: number
  readonly inFlight: number
  readonly connections: number
  readonly serverVersion: string
  /** The bare loop, as superuser. */
  readonly bareSeconds: number
  /** Removed, sessions dealt with, read back. */
  readonly removalSeconds: number
  /** Bare seconds over removal seconds: 1 means that proving costs nothing. The bar is 0.5. */
  readonly ratio: number
  readonly loopCount: number
  /** The bare loop as a login with the same rights as the connector's, with `loopCount` memberships. */
  readonly loopSeconds: number
}

/** As the README says for a target with so many. */
const keepers = 256
const until = '2099-01-01T00:00:00.000Z'
const password = 'bench'

export async function benchRemoval(options: RemovalBenchOptions): Promise<RemovalBench> {
  const tag = `bench${randomBytes(4).toString('hex')}`
  const root = await open(options.connectionString)
  try {
    await root.query(`CREATE DATABASE ${tag}`)
    return await inDatabase(urlFor(options.connectionString, tag), tag, options)
  } finally {
    await root.query(`DROP DATABASE IF EXISTS ${tag} WITH (FORCE)`)
    await root.query(dropRoles(tag))
    await root.end()
  }
}

async function inDatabase(url: string, tag: string, options: RemovalBenchOptions): Promise<RemovalBench> {
  const { count, inFlight = 64, connections = 4, loopCount = Math.min(count, 1_000) } = options
  const root = await open(url)
  const loop = await preparedLoop(root, url, tag, count, loopCount)
  const own = urlFor(url, tag, `${tag}_admin`)
  const connector = postgresRole.create(
    { url: 'env:BENCH_URL', connectTimeoutSeconds: 60, connectionsMax: connections },
    () => own,
  )
  try {
    const specs = await preparedGrants(root, tag, count)
    await present(connector, specs[0])
    for (const settle of ['VACUUM ANALYZE', 'CHECKPOINT']) await root.query(settle)
    const loopSeconds = await secondsOf(() => eachOf(range(loopCount), 1, (i) => loop.query(bare(tag, 'loop', i))))
    const bareSeconds = await secondsOf(() => eachOf(range(count), 1, (i) => root.query(bare(tag, 'root', i))))
    const removalSeconds = await secondsOf(() => eachOf(specs, inFlight, (spec) => removed(connector, spec)))
    const { rows } = await root.query('SHOW server_version')
    return {
      count,
      inFlight,
      connections,
      serverVersion: String(rows[0].server_version),
      bareSeconds,
      removalSeconds,
      ratio: bareSeconds / removalSeconds,
      loopCount,
      loopSeconds,
    }
  } finally {
    await connector.close()
    await loop.end()
    await root.end()
  }
}

const bare = (tag: string, by: 'root' | 'loop', index: number) =>
  `REVOKE ${tag}_${by}_${index} FROM ${tag}_account_${index}`

async function present(connector: AccessConnector, spec: GrantSpec | undefined): Promise<void> {
  const seen = spec && (await connector.observe(spec))
  if (seen?.outcome !== 'done' || !seen.value.present || seen.value.differs.length > 0)
    throw new Error(`the grants were not prepared as the connector makes them: ${JSON.stringify(seen)}`)
}

/** Throws unless the access is gone, nobody uses it any more and nothing is left. */
async function removed(connector: AccessConnector, spec: GrantSpec): Promise<void> {
  const revoked = await connector.revoke(spec)
  const ended = await connector.endSessions(spec)
  const seen = await connector.observe(spec)
  const ok = revoked.outcome === 'done' && ended.outcome === 'done' && seen.outcome === 'done'
  if (!ok || seen.value.present || seen.value.sessions.length + seen.value.residue.length > 0)
    throw new Error(`not removed: ${JSON.stringify([revoked, ended, seen])}`)
}

/** Accounts, a login with the same rights as the connector's, and memberships for both loops. */
async function preparedLoop(root: Client, url: string, tag: string, count: number, loopCount: number): Promise<Client> {
  await root.query(`CREATE ROLE ${tag}_writer; CREATE SCHEMA ledger; CREATE TABLE ledger.entries (id int);
    GRANT USAGE ON SCHEMA ledger TO ${tag}_writer; GRANT SELECT, INSERT ON ledger.entries TO ${tag}_writer`)
  await root.query(setupSql(`${tag}_admin`, { roles: [`${tag}_writer`] }, { keepers }))
  await root.query(
    `ALTER ROLE ${tag}_admin PASSWORD '${password}'; CREATE ROLE ${tag}_loop LOGIN CREATEROLE PASSWORD '${password}'`,
  )
  await root.query(`DO $$ BEGIN FOR i IN 0..${count - 1} LOOP
    EXECUTE format('CREATE ROLE %I LOGIN; CREATE ROLE %I; GRANT %2$I TO %1$I', '${tag}_account_' || i, '${tag}_root_' || i);
    COMMIT;
  END LOOP; END $$`)
  // Since 16 only whoever gave a membership takes it back; before, whoever may create roles.
  const givenBy = `CASE WHEN current_setting('server_version_num')::int >= 160000 THEN ' GRANTED BY ${tag}_loop' ELSE '' END`
  await root.query(`DO $$ BEGIN FOR i IN 0..${loopCount - 1} LOOP
    EXECUTE format('CREATE ROLE %1$I; GRANT %1$I TO %2$I WITH ADMIN OPTION; GRANT %1$I TO %3$I' || ${givenBy},
      '${tag}_loop_' || i, '${tag}_loop', '${tag}_account_' || i);
    COMMIT;
  END LOOP; END $$`)
  return open(urlFor(url, tag, `${tag}_loop`))
}

/** Exactly what `apply` makes, in one go: applied one by one, ten thousand would take longer than all the rest. */
async function preparedGrants(root: Client, tag: string, count: number): Promise<readonly GrantSpec[]> {
  const specs = Array.from(range(count), (index) => specOf(tag, index))
  const { rows } = await root.query(`SELECT current_setting('server_version_num')::int >= 160000 AS modern`)
  const modern = rows[0].modern === true
  const lines = specs.map((spec, index) => {
    const { role, mark, account } = wireSpec(spec)
    const keeper = `${tag}_admin_keeper_${index % keepers}`
    const use = modern ? 'WITH INHERIT TRUE, SET FALSE' : ''
    return `CREATE ROLE ${role} NOLOGIN INHERIT CONNECTION LIMIT 0 VALID UNTIL '${until}'; COMMENT ON ROLE ${role} IS '${mark}';
      ${modern ? `GRANT ${role} TO ${keeper} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;` : ''}
      GRANT ${tag}_writer TO ${role} ${use} ${modern ? `GRANTED BY ${tag}_admin_offer` : ''};
      GRANT ${role} TO ${account} ${use} ${modern ? `GRANTED BY ${keeper}` : ''};
      INSERT INTO countersign.grants VALUES ('${spec.grant}', '${role}', '${role}'::regrole, 1, '${account}', '${account}'::regrole,
        pg_current_xact_id(), clock_timestamp(), NULL);`
  })
  for (let from = 0; from < lines.length; from += 200) await root.query(lines.slice(from, from + 200).join('\n'))
  return specs
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

const dropRoles = (tag: string) => `DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE '%${tag}\\_%' ORDER BY rolname ~ '_(loop|writer|offer|keeper_\\d+)$', rolname ~ '_admin$' LOOP
    EXECUTE format('DROP ROLE %I', r.rolname);
    COMMIT;
  END LOOP; END $$`

function* range(count: number): Generator<number> {
  for (let index = 0; index < count; index++) yield index
}

async function eachOf<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const queue = Iterator.from(items)
  const worker = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

function urlFor(connectionString: string, database: string, user?: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  if (user !== undefined) Object.assign(url, { username: user, password })
  return url.href
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  return client
}
