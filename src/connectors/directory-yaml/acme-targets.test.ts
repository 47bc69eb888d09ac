/** The sample's systems are real: on a PostgreSQL made by its `database.sql`, everything its policy offers can be given. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, escapeLiteral } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts'
import { compileDirectory } from '../../core/compile.ts'
import { driftOn } from '../../core/drift.ts'
import { applySource } from '../../core/merge.ts'
import type { Policy } from '../../core/policy.ts'
import { readYamlFiles } from '../../files/folder.ts'
import { readPolicy } from '../../files/policy.ts'
import type { AccessConnector, GrantSpec } from '../access.ts'
import { postgresRole } from '../postgres-role/connector.ts'
import { setupSql } from '../postgres-role/setup.ts'
import { snapshotOf } from './snapshot.ts'

const acme = join(import.meta.dirname, '../../../examples/acme')
const password = 'correct horse battery staple'

let server: TestServer
let root: Client
let connector: AccessConnector
let policy: Policy

/** What an operator runs on the target so that the policy's offer can be given. */
function offer() {
  const entitlements = Object.values(policy.systems).flatMap((system) => Object.values(system.entitlements))
  const whole = entitlements.filter(({ target }) => target.shape === 'membership')
  const parts = entitlements.filter(({ target }) => target.shape === 'grant-role')
  return {
    roles: whole.map(({ target }) => String(target.role)),
    privileges: parts.flatMap(({ resources, actions }) => resources.map((resource) => ({ resource, actions }))),
  }
}

beforeAll(async () => {
  const files = await readYamlFiles(join(acme, 'policy.yaml'))
  const read = 'value' in files ? readPolicy(files.value) : files
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  policy = read.policy
  server = await startTestServer(18)
  const { host, port, user, password: rootPassword, database } = server.server.connection
  root = new Client({ host, port, user, password: rootPassword, database })
  root.on('error', () => {})
  await root.connect()
  await root.query(await readFile(join(acme, 'database.sql'), 'utf8'))
  await root.query(setupSql('countersign_login', offer()))
  await root.query(`ALTER ROLE countersign_login PASSWORD ${escapeLiteral(password)}`)
  const settings = { host, port, database, user: 'countersign_login', password: 'env:PASSWORD', tls: 'off' }
  connector = postgresRole.create(settings, () => password)
})

afterAll(async () => {
  await connector?.close()
  await root?.end()
  await server?.stop()
})

test('every entitlement can be described on the target', async () => {
  for (const system of Object.values(policy.systems)) {
    for (const entitlement of Object.values(system.entitlements)) {
      const answer = await connector.describe(entitlement)
      expect(answer, `${system.id} ${entitlement.id}`).toMatchObject({ outcome: 'done' })
    }
  }
})

test('what the story of the sample gives is given and taken again: entries to Maria, and as little as was left of it', async () => {
  const entitlement = policy.systems['sys_ledger-db']?.entitlements['entries-write']
  if (entitlement === undefined) throw new Error('the sample offers no `entries-write`')
  const spec: GrantSpec = {
    grant: 'grt_acme_story',
    generation: 1,
    account: 'maria_p',
    target: entitlement.target,
    resources: ['ledger.entries'],
    actions: ['select', 'update'],
    until: '2099-01-01T00:00:00.000Z',
  }
  const may = async (action: string) =>
    (await root.query(`SELECT has_table_privilege('maria_p', 'ledger.entries', $1) AS may`, [action])).rows[0]?.may
  expect(await may('UPDATE')).toBe(false)
  expect(await connector.apply(spec)).toMatchObject({ outcome: 'done' })
  expect(await may('UPDATE')).toBe(true)
  expect(await may('INSERT')).toBe(false)
  expect(await connector.revoke({ ...spec, generation: 2 })).toMatchObject({ outcome: 'done' })
  expect(await may('UPDATE')).toBe(false)
})

const noFacts = { nodes: [], relations: [], shifts: [], sources: [] }
const now = '2026-12-01T00:00:00.000Z'

async function snapshot() {
  const files = await readYamlFiles(join(acme, 'directory.yaml'))
  const read = 'value' in files ? snapshotOf(files.value, { source: 'acme', revision: 'r1', now }) : files
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

test('the accounts of the directory on the systems are the logins of the database', async () => {
  const { nodes } = await snapshot()
  const accounts = nodes.filter(({ kind, on }) => kind === 'account' && on?.startsWith('sys_'))
  const { rows } = await root.query(
    "SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper AND rolname <> 'countersign_login'",
  )
  const logins = new Set(accounts.map(({ login }) => login))
  // The superuser is the server's own, and not made by `database.sql`.
  expect(logins.delete('database_root')).toBe(true)
  expect(rows.map(({ rolname }) => rolname).sort()).toEqual([...logins].sort())
})

test('[drift/found] beside its waivers the sample holds nothing but what its directory states, and what somebody made by hand is found', async () => {
  const directory = compileDirectory(applySource(noFacts, await snapshot(), now, 30))
  const drift = async () => {
    const found: string[] = []
    for (const system of Object.values(policy.systems)) {
      const governed = Object.values(system.entitlements)
      const answer = await connector.inventory(governed.map(({ id, ...rest }) => ({ entitlement: id, ...rest })))
      if (answer.outcome !== 'done') throw new Error(answer.reason)
      const look = { system: system.id, startedAt: now, holdings: answer.value.holdings }
      const seen = driftOn(look, () => undefined, directory, now)
      found.push(
        ...seen.map(({ kind, entitlement, account }) => `${kind} ${system.id} ${entitlement ?? '*'} ${account}`),
      )
    }
    return found.sort()
  }
  // A server that began with another superuser than the one the directory names.
  const stranger = Object.values(policy.systems).map(({ id }) => `access-without-waiver ${id} * ${root.user}`)
  await root.query('CREATE ROLE database_root LOGIN SUPERUSER')
  expect(await drift()).toEqual(stranger.sort())
  await root.query('GRANT SELECT ON ledger.accounts TO kwame_p; CREATE ROLE ghost LOGIN SUPERUSER')
  const byHand = [
    'access-without-waiver sys_ledger-db entries-read kwame_p',
    'access-without-waiver sys_ledger-db entries-write kwame_p',
  ]
  const ghosts = Object.values(policy.systems).map(({ id }) => `access-without-waiver ${id} * ghost`)
  expect(await drift()).toEqual([...stranger, ...byHand, ...ghosts].sort())
})
