import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresFor } from '../../../test/support/postgres.ts'
import type { GrantSpec } from '../access.ts'
import { type Bench, openBench } from './harness.contract.ts'
import { setupSql } from './setup.ts'

for (const major of [15, 18] as const) {
  describe(`keepers on PostgreSQL ${major}`, () => {
    let bench: Bench
    beforeAll(async () => {
      const { connection } = await (await postgresFor(major)).createDatabase()
      bench = await openBench(connection, `t${randomBytes(4).toString('hex')}`)
    })
    afterAll(() => bench?.close())

    const makersOf = async (specs: readonly GrantSpec[]) => {
      const rows = await bench.run(
        `SELECT DISTINCT m.rolname AS name FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
         WHERE a.admin_option AND g.rolname = ANY ($1::text[])`,
        [specs.map(({ grant }) => `countersign_${grant}`)],
      )
      return rows.map(({ name }) => String(name))
    }
    const given = async () => {
      const spec = bench.specFor('grant-role', await bench.freshAccount())
      expect(await bench.connector.apply(spec)).toMatchObject({ outcome: 'done' })
      return spec
    }
    const goes = async (spec: GrantSpec) => {
      expect(await bench.connector.revoke(spec)).toMatchObject({ outcome: 'done' })
      expect(await bench.connector.observe(spec)).toMatchObject({ value: { present: false, residue: [] } })
    }

    test('a target gets them later: what the login made itself still goes, what comes is shared among them', async () => {
      const before = await given()
      expect(await makersOf([before])).toEqual(major < 16 ? [] : [bench.admin])
      const offer = {
        roles: [bench.writer],
        privileges: [
          { resource: 'ledger.entries', actions: ['select', 'insert'] },
          { resource: 'ledger', actions: ['create'] },
        ],
      }
      for (let time = 0; time < 2; time++) await bench.run(setupSql(bench.admin, offer, { keepers: 3 }))
      const specs = [
        await given(),
        await given(),
        await given(),
        await given(),
        await given(),
        await given(),
        await given(),
        await given(),
      ]
      const makers = await makersOf(specs)
      expect(makers).not.toContain(bench.admin)
      if (major >= 16) expect(makers.length).toBeGreaterThan(1)
      expect(await bench.connector.observe(specs[0] as GrantSpec)).toMatchObject({
        value: { present: true, differs: [] },
      })
      for (const spec of [before, ...specs]) await goes(spec)
    })

    test('nobody but the login can act as a keeper', async () => {
      const rows =
        await bench.run(`SELECT p.proname, has_function_privilege('public', p.oid, 'EXECUTE') AS open, r.rolcanlogin AS login
        FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'countersign'::regnamespace ORDER BY 1`)
      const expected = ['keeper_0', 'keeper_1', 'keeper_2'].map((proname) => ({ proname, open: false, login: false }))
      expect(rows).toEqual(major < 16 ? [] : expected)
    })
  })
}
