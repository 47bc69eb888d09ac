import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresFor } from '../../../test/support/postgres.ts'
import type { Description, GrantSpec } from '../access.ts'
import { type Bench, openBench, type Server } from './harness.contract.ts'

type Entitlement = Pick<GrantSpec, 'target' | 'resources' | 'actions'>

for (const major of [15, 18] as const) {
  describe(`describe on PostgreSQL ${major}`, () => {
    let bench: Bench
    let server: Server
    beforeAll(async () => {
      server = (await (await postgresFor(major)).createDatabase()).connection
      bench = await openBench(server, `t${randomBytes(4).toString('hex')}`)
    })
    afterAll(() => bench?.close())

    const described = async (entitlement: Entitlement): Promise<Description> => {
      const outcome = await bench.connector.describe(entitlement)
      if (outcome.outcome !== 'done') throw new Error(outcome.reason)
      return outcome.value
    }
    const of = (...resources: readonly string[]): Entitlement => ({ target: {}, resources, actions: ['select'] })
    const asWriter = (): Entitlement => ({
      target: { shape: 'membership', role: bench.writer },
      resources: [bench.writer],
      actions: ['member'],
    })
    /** Whether a change shows, and whether undoing it brings the same description back. */
    const shows = async (entitlement: Entitlement, change: string, undo: string) => {
      const before = await described(entitlement)
      await bench.run(change)
      const changed = await described(entitlement)
      await bench.run(undo)
      expect(await described(entitlement)).toEqual(before)
      return JSON.stringify(changed.contains) !== JSON.stringify(before.contains)
    }

    test.each([
      ['a column', 'ALTER TABLE ledger.entries ADD COLUMN iban text', 'ALTER TABLE ledger.entries DROP COLUMN iban'],
      [
        'row security off',
        'ALTER TABLE ledger.entries ENABLE ROW LEVEL SECURITY',
        'ALTER TABLE ledger.entries DISABLE ROW LEVEL SECURITY',
      ],
      ['a policy', 'CREATE POLICY p ON ledger.entries USING (true)', 'DROP POLICY p ON ledger.entries'],
      ['a rule', 'CREATE RULE r AS ON DELETE TO ledger.entries DO INSTEAD NOTHING', 'DROP RULE r ON ledger.entries'],
    ])('[B09] %s on a table changes what it is', async (_, change, undo) => {
      expect(await shows(of('ledger.entries'), change, undo)).toBe(true)
    })

    test('[B09] another table, or another owner, under the same name is another thing', async () => {
      const swap =
        'ALTER TABLE ledger.entries RENAME TO entries_real; CREATE TABLE ledger.entries AS TABLE ledger.entries_real'
      const back = 'DROP TABLE ledger.entries; ALTER TABLE ledger.entries_real RENAME TO entries'
      expect(await shows(of('ledger.entries'), swap, back)).toBe(true)
      const owner = `ALTER TABLE ledger.entries OWNER TO ${bench.root}`
      expect(await shows(of('ledger.entries'), owner, `ALTER TABLE ledger.entries OWNER TO ${bench.owner}`)).toBe(true)
    })

    test('[B09] a view that shows something else, directly or through another view or function, is another thing', async () => {
      await bench.run(`CREATE FUNCTION ledger.mask(t text) RETURNS text LANGUAGE sql AS 'SELECT ''***''';
        CREATE VIEW ledger.inner_view AS SELECT ledger.mask(note) AS note FROM ledger.entries;
        CREATE VIEW ledger.outer_view AS SELECT note FROM ledger.inner_view`)
      const view = of('ledger.outer_view')
      const inner = (as: string) => `CREATE OR REPLACE VIEW ledger.inner_view AS ${as}`
      const masked = inner('SELECT ledger.mask(note) AS note FROM ledger.entries')
      expect(await shows(view, inner('SELECT note FROM ledger.entries'), masked)).toBe(true)
      const mask = (as: string) => `CREATE OR REPLACE FUNCTION ledger.mask(t text) RETURNS text LANGUAGE sql AS '${as}'`
      expect(await shows(view, mask('SELECT t'), mask(`SELECT ''***''`))).toBe(true)
      await bench.run('DROP VIEW ledger.outer_view, ledger.inner_view; DROP FUNCTION ledger.mask(text)')
    })

    test('[B09] a function that does something else is another thing', async () => {
      const post = (as: string) =>
        `CREATE OR REPLACE FUNCTION ledger.post(note text) RETURNS int LANGUAGE sql AS '${as}'`
      const call = { ...of('ledger.post(text)'), actions: ['execute'] }
      expect(await shows(call, post('SELECT 2'), post('SELECT 1'))).toBe(true)
      expect(
        await shows(
          call,
          'ALTER FUNCTION ledger.post(text) SECURITY DEFINER',
          'ALTER FUNCTION ledger.post(text) SECURITY INVOKER',
        ),
      ).toBe(true)
    })

    test('[B09] a role that holds, owns, or leads to more is another entitlement', async () => {
      const { writer, tag } = bench
      await bench.run(`CREATE ROLE ${tag}_more`)
      const changes = [
        [`GRANT UPDATE (note) ON ledger.entries TO ${writer}`, `REVOKE UPDATE (note) ON ledger.entries FROM ${writer}`],
        [
          `GRANT SELECT ON ledger.entries TO ${writer} WITH GRANT OPTION`,
          `REVOKE GRANT OPTION FOR SELECT ON ledger.entries FROM ${writer}`,
        ],
        [
          `GRANT EXECUTE ON FUNCTION ledger.post(text) TO ${writer}`,
          `REVOKE EXECUTE ON FUNCTION ledger.post(text) FROM ${writer}`,
        ],
        [`GRANT ${tag}_more TO ${writer}`, `REVOKE ${tag}_more FROM ${writer}`],
        [`GRANT pg_write_all_data TO ${writer}`, `REVOKE pg_write_all_data FROM ${writer}`],
        [`ALTER ROLE ${writer} BYPASSRLS`, `ALTER ROLE ${writer} NOBYPASSRLS`],
        [`ALTER ROLE ${writer} CREATEROLE`, `ALTER ROLE ${writer} NOCREATEROLE`],
        [`ALTER TABLE ledger.salaries OWNER TO ${writer}`, `ALTER TABLE ledger.salaries OWNER TO ${bench.owner}`],
        [
          `ALTER DEFAULT PRIVILEGES IN SCHEMA ledger GRANT SELECT ON TABLES TO ${writer}`,
          `ALTER DEFAULT PRIVILEGES IN SCHEMA ledger REVOKE SELECT ON TABLES FROM ${writer}`,
        ],
        [
          `GRANT TEMPORARY ON DATABASE ${server.database} TO ${writer}`,
          `REVOKE TEMPORARY ON DATABASE ${server.database} FROM ${writer}`,
        ],
      ]
      for (const [change = '', undo = ''] of changes) expect(await shows(asWriter(), change, undo), change).toBe(true)
      await bench.run(`DROP ROLE ${tag}_more`)
    })

    test('[B09] what a role two steps away holds counts', async () => {
      const { writer, tag } = bench
      await bench.run(
        `CREATE ROLE ${tag}_far; CREATE ROLE ${tag}_mid; GRANT ${tag}_far TO ${tag}_mid; GRANT ${tag}_mid TO ${writer}`,
      )
      expect(
        await shows(
          asWriter(),
          `GRANT SELECT ON ledger.salaries TO ${tag}_far`,
          `REVOKE SELECT ON ledger.salaries FROM ${tag}_far`,
        ),
      ).toBe(true)
      await bench.run(`DROP ROLE ${tag}_mid; DROP ROLE ${tag}_far`)
    })

    test('[B09] what a role holds in another database counts, also where it can only be counted', async () => {
      const name = `${bench.tag}_other`
      await bench.run(`CREATE DATABASE ${name}`)
      const other = await bench.connectAs(server.user, { ...server, database: name })
      const before = await described(asWriter())
      await other.query(`CREATE TABLE gold (x int); GRANT SELECT ON gold TO ${bench.writer}`)
      const open = await described(asWriter())
      expect(open.contains).not.toEqual(before.contains)
      expect(open.summary).toContain(`in database \`${name}\`: 1 privileges on 1 objects, owns 0`)
      await bench.run(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`)
      const closed = await described(asWriter())
      expect(closed.summary).toContain(`has rights in database \`${name}\`, which Countersign cannot look into`)
      await other.query(`CREATE TABLE silver (x int); GRANT SELECT ON silver TO ${bench.writer}`)
      expect((await described(asWriter())).contains).not.toEqual(closed.contains)
      await other.end()
      await bench.run(`DROP DATABASE ${name} WITH (FORCE)`)
      expect(await described(asWriter())).toEqual(before)
    })

    test('[context/at-request-time] the dangerous things are said in words', async () => {
      await bench.run(
        `GRANT pg_execute_server_program TO ${bench.writer}; ALTER ROLE ${bench.writer} BYPASSRLS; ALTER TABLE ledger.entries ENABLE ROW LEVEL SECURITY`,
      )
      const { summary } = await described(asWriter())
      expect(summary).toContain(`\`${bench.writer}\` passes by row security`)
      expect(summary).toContain(
        '`pg_execute_server_program` runs programs on the server, which is as good as superuser',
      )
      expect(summary.some((line) => line.includes('SET ROLE'))).toBe(major < 16)
      expect((await described(of('ledger.entries'))).summary).toEqual([
        `select on \`ledger.entries\` (table of \`${bench.owner}\`; row security is on)`,
      ])
      await bench.run(
        `REVOKE pg_execute_server_program FROM ${bench.writer}; ALTER ROLE ${bench.writer} NOBYPASSRLS; ALTER TABLE ledger.entries DISABLE ROW LEVEL SECURITY`,
      )
    })

    test('[fail/closed] what is not there cannot be described', async () => {
      for (const missing of [
        of('ledger.nothing'),
        { ...asWriter(), target: { shape: 'membership', role: 'nobody' }, resources: ['nobody'] },
      ])
        expect(await bench.connector.describe(missing)).toMatchObject({
          outcome: 'not-done',
          reason: expect.stringMatching(/does not exist/),
        })
    })

    test('activity is what open sessions ran since, and a no where nothing was seen', async () => {
      const spec = bench.specFor('grant-role', await bench.freshAccount())
      const none = await bench.connector.activity(spec, '2020-01-01T00:00:00.000Z')
      expect(none).toMatchObject({ outcome: 'not-done', reason: expect.stringMatching(/keeps no history/) })
      const client = await bench.connectAs(spec.account)
      await client.query('SELECT 42 AS answer')
      const seen = await bench.connector.activity(spec, '2020-01-01T00:00:00.000Z')
      expect(seen).toMatchObject({
        value: [{ account: spec.account, what: expect.stringMatching(/ran last in database .*: SELECT 42/) }],
      })
      expect(await bench.connector.activity(spec, '2099-01-01T00:00:00.000Z')).toMatchObject({ outcome: 'not-done' })
      await client.end()
    })
  })
}
