import { randomBytes } from 'node:crypto'
import { escapeIdentifier } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresFor } from '../../../test/support/postgres.ts'
import type { GrantSpec } from '../access.ts'
import { type Bench, openBench, type Server } from './harness.contract.ts'
import { setupSql } from './setup.ts'

for (const major of [15, 18] as const) {
  describe(`apply on PostgreSQL ${major}`, () => {
    let bench: Bench
    let server: Server
    beforeAll(async () => {
      server = (await (await postgresFor(major)).createDatabase()).connection
      bench = await openBench(server, `t${randomBytes(4).toString('hex')}`)
    })
    afterAll(() => bench?.close())

    /** The privileges the role of a grant holds, as `select on entries`. */
    const heldBy = async ({ grant }: GrantSpec) => {
      const rows = await bench.run(
        `SELECT lower(e.privilege_type) || ' on ' || x.name AS held FROM (
           SELECT relname AS name, relacl AS acl FROM pg_class UNION ALL SELECT nspname, nspacl FROM pg_namespace
           UNION ALL SELECT proname, proacl FROM pg_proc) x, aclexplode(x.acl) e
         WHERE e.grantee::regrole::text = quote_ident($1) ORDER BY 1`,
        [`countersign_${grant}`],
      )
      return rows.map(({ held }) => held)
    }
    const asked = async (resources: readonly string[], actions: readonly string[], more: Partial<GrantSpec> = {}) =>
      bench.specFor('grant-role', await bench.freshAccount(), { target: {}, resources, actions, ...more })
    const refused = async (spec: GrantSpec, reason: RegExp) => {
      const before = await bench.snapshot()
      expect(await bench.connector.apply(spec)).toMatchObject({
        outcome: 'not-done',
        reason: expect.stringMatching(reason),
      })
      expect(await bench.snapshot()).toEqual(before)
    }

    test('the login that does all this is no superuser and owns nothing of the application', async () => {
      const [role] = await bench.run(
        'SELECT rolsuper, rolbypassrls, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = $1',
        [bench.admin],
      )
      expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolreplication: false })
    })

    test('[terms/bound] the role holds exactly the asked actions on the asked resources, and may not log in', async () => {
      const spec = await asked(['ledger.entries', 'ledger.post(text)'], ['select', 'execute'])
      expect(await bench.connector.apply(spec)).toMatchObject({ outcome: 'done' })
      expect(await heldBy(spec)).toEqual(['execute on post', 'select on entries', 'usage on ledger'])
      const [role] = await bench.run(
        `SELECT rolcanlogin, rolinherit, rolvaliduntil::timestamptz = $2::timestamptz AS until,
           shobj_description(oid, 'pg_authid') AS mark FROM pg_roles WHERE rolname = $1`,
        [`countersign_${spec.grant}`, spec.until],
      )
      expect(role).toMatchObject({ rolcanlogin: false, rolinherit: true, until: true })
      expect(JSON.parse(String(role?.mark))).toMatchObject({ countersign: 1, grant: spec.grant, generation: 1 })
    })

    test('[terms/deny-or-narrow] a narrowed spec of a later generation takes away what it no longer asks for', async () => {
      const spec = await asked(['ledger.entries', 'ledger.notes'], ['select', 'insert'])
      expect(await bench.connector.apply({ ...spec, resources: ['ledger.entries'] })).toMatchObject({ outcome: 'done' })
      const narrowed = { ...spec, resources: ['ledger.entries'], actions: ['select'], generation: 2 }
      expect(await bench.connector.apply(narrowed)).toMatchObject({ outcome: 'done' })
      expect(await heldBy(spec)).toEqual(['select on entries', 'usage on ledger'])
    })

    test('[fail/closed] what the login may not pass on is refused as a whole, though PostgreSQL would only warn', async () => {
      await refused(
        await asked(['ledger.entries'], ['select', 'truncate']),
        /may not pass on truncate on `ledger.entries`/,
      )
      await refused(await asked(['ledger.salaries'], ['select']), /may not pass on select on `ledger.salaries`/)
    })

    test('[terms/bound] an action that fits nothing, and a resource that is not there, are refused', async () => {
      await refused(await asked(['ledger.entries'], ['select', 'execute']), /`execute` fits none/)
      await refused(
        await asked(['ledger.entries', 'ledger.post(text)'], ['select']),
        /none of the actions fits `ledger.post\(text\)`/,
      )
      await refused(await asked(['ledger.nothing'], ['select']), /`ledger.nothing` does not exist/)
      await refused(await asked(['ledger.post(integer)'], ['execute']), /does not exist/)
    })

    test('[terms/bound] a ceiling keeps what the named role does not hold itself from being given', async () => {
      const target = { shape: 'grant-role', role: bench.writer }
      const within = await asked(['ledger.entries'], ['select'], { target })
      expect(await bench.connector.apply(within)).toMatchObject({ outcome: 'done' })
      await refused(await asked(['ledger.post(text)'], ['execute'], { target }), /itself does not hold execute/)
    })

    test('[terms/deny-or-narrow] a membership is given whole or not at all', async () => {
      const target = { shape: 'membership', role: bench.writer }
      await refused(await asked(['ledger.entries'], ['select'], { target }), /cannot be narrowed/)
      await refused(
        await asked([bench.writer], ['member'], { target: { shape: 'membership', role: bench.owner } }),
        /cannot be narrowed/,
      )
      await refused(
        await asked(['pg_monitor'], ['member'], { target: { shape: 'membership', role: bench.root } }),
        /cannot be narrowed/,
      )
      await refused(
        await asked([bench.root], ['member'], { target: { shape: 'membership', role: bench.root } }),
        /superuser/,
      )
    })

    test('a role that leads to a superuser is never given, however far away', async () => {
      await bench.run(
        `CREATE ROLE ${bench.tag}_dba; GRANT ${bench.root} TO ${bench.tag}_dba; GRANT ${bench.tag}_dba TO ${bench.admin} WITH ADMIN OPTION`,
      )
      const role = `${bench.tag}_dba`
      await refused(await asked([role], ['member'], { target: { shape: 'membership', role } }), /leads to a superuser/)
      await bench.run(`REVOKE ${bench.root} FROM ${role}; DROP ROLE ${role}`)
    })

    test('who cannot be given anything: superusers, groups, our own login, accounts others can use', async () => {
      const spec = await asked(['ledger.entries'], ['select'])
      const group = `${bench.tag}_group`
      await bench.run(`CREATE ROLE ${group}`)
      await refused({ ...spec, account: bench.root }, /is a superuser/)
      await refused({ ...spec, account: group }, /cannot log in/)
      await refused({ ...spec, account: bench.admin }, /the login Countersign itself uses/)
      await refused({ ...spec, account: 'public' }, /does not exist/)
      const friend = await bench.freshAccount()
      await bench.run(`GRANT ${spec.account} TO ${friend}`)
      await refused(spec, new RegExp(`can be used by ${friend} too`))
      await bench.run(`REVOKE ${spec.account} FROM ${friend}`)
    })

    test('[window/always-expires] nothing is given after its end, by the clock of the target', async () => {
      const spec = await asked(['ledger.entries'], ['select'], { until: '2020-01-01T00:00:00.000Z' })
      await refused(spec, /which is past by the clock of the target/)
    })

    test('a grant stays with the account it was made for', async () => {
      const spec = await asked(['ledger.entries'], ['select'])
      await bench.connector.apply(spec)
      await refused({ ...spec, generation: 2, account: await bench.freshAccount() }, /the grant is for the account/)
    })

    test.each(['Odd "name" \\', 'a.b', 'ENTRIES', 'entri\u0435s', "'; DROP TABLE ledger.entries; --", 'n'.repeat(63)])(
      '[B13] the table %j is the one that gets it, and no other',
      async (name) => {
        const quoted = `ledger.${/^n+$/.test(name) ? name : escapeIdentifier(name)}`
        await bench.run(`CREATE TABLE ${quoted} (x int); GRANT SELECT ON ${quoted} TO ${bench.admin} WITH GRANT OPTION`)
        const spec = await asked([quoted], ['select'])
        expect(await bench.connector.apply(spec)).toMatchObject({ outcome: 'done' })
        expect(await heldBy(spec)).toEqual([`select on ${name}`, 'usage on ledger'])
        expect(await bench.connector.observe(spec)).toMatchObject({ value: { present: true, differs: [] } })
        expect(await bench.connector.revoke(spec)).toMatchObject({ outcome: 'done' })
        expect(await heldBy(spec)).toEqual([])
      },
    )

    test('[B13] a grant id whose role name PostgreSQL would cut is refused', async () => {
      await refused(
        await asked(['ledger.entries'], ['select'], { grant: `grt_${'x'.repeat(48)}` }),
        /PostgreSQL would cut it at 63/,
      )
    })

    test('[B13] a role of that name that Countersign did not make is neither used nor touched', async () => {
      const spec = await asked(['ledger.entries'], ['select'])
      const name = `countersign_${spec.grant}`
      await bench.run(
        `CREATE ROLE ${name} SUPERUSER; COMMENT ON ROLE ${name} IS '{"countersign":1,"grant":"${spec.grant}","generation":1,'`,
      )
      await refused(spec, /that Countersign did not make/)
      const seen = await bench.connector.observe(spec)
      expect(await bench.connector.revoke({ ...spec, grant: `${spec.grant}x` })).toMatchObject({ outcome: 'done' })
      expect(seen).toMatchObject({ outcome: 'done', value: { present: false } })
      await bench.run(`DROP ROLE ${name}`)
    })

    test('a database that cannot hold the names byte for byte refuses them', async () => {
      const name = `${bench.tag}_latin`
      await bench.run(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
      const connector = bench.connectorAt({ database: name })
      const spec = await asked(['ledger.entries'], ['select'])
      expect(await connector.apply({ ...spec, account: 'n\u00e9' })).toMatchObject({
        outcome: 'not-done',
        reason: expect.stringMatching(/is in LATIN1/),
      })
      await connector.close()
      await bench.run(`DROP DATABASE ${name} WITH (FORCE)`)
    })

    test('[B13] the setup does not move into a schema that somebody else prepared', async () => {
      const name = `${bench.tag}_trap`
      await bench.run(`CREATE DATABASE ${name}`)
      const root = await bench.connectAs(server.user, { ...server, database: name })
      await root.query(`CREATE SCHEMA countersign AUTHORIZATION ${bench.writer}`)
      await expect(root.query(setupSql(bench.admin))).rejects.toThrow(/belongs to somebody else/)
      await root.query('DROP SCHEMA countersign')
      for (let time = 0; time < 2; time++) await root.query(setupSql(bench.admin))
      await root.end()
      await bench.run(`DROP DATABASE ${name} WITH (FORCE)`)
    })

    test('[fail/closed] without the setup nothing is given, and the reason says what to do', async () => {
      const name = `${bench.tag}_bare`
      await bench.run(`CREATE DATABASE ${name}`)
      const connector = bench.connectorAt({ database: name })
      const spec = await asked(['ledger.entries'], ['select'])
      for (const call of [() => connector.apply(spec), () => connector.observe(spec), () => connector.inventory([])])
        expect(await call()).toMatchObject({
          outcome: 'not-done',
          reason: expect.stringMatching(/has the setup been run/),
        })
      await connector.close()
      await bench.run(`DROP DATABASE ${name} WITH (FORCE)`)
    })
  })
}
