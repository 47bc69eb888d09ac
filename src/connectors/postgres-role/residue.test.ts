import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresFor } from '../../../test/support/postgres.ts'
import type { GrantSpec, Residue } from '../access.ts'
import { type Bench, openBench, type Server } from './harness.contract.ts'

for (const major of [15, 18] as const) {
  describe(`residue on PostgreSQL ${major}`, () => {
    let bench: Bench
    let server: Server
    beforeAll(async () => {
      server = (await (await postgresFor(major)).createDatabase()).connection
      bench = await openBench(server, `t${randomBytes(4).toString('hex')}`)
    })
    afterAll(() => bench?.close())

    /** Gives a grant, lets the account do something with it, takes it away, and looks what is left. */
    const leftAfter = async (
      spec: GrantSpec,
      use: (client: Client) => Promise<unknown>,
    ): Promise<readonly Residue[]> => {
      expect(await bench.connector.apply(spec)).toMatchObject({ outcome: 'done' })
      const client = await bench.connectAs(spec.account)
      await use(client)
      await client.end()
      expect(await bench.connector.revoke(spec)).toMatchObject({ outcome: 'done' })
      return residueOf(spec)
    }
    const residueOf = async (spec: GrantSpec): Promise<readonly Residue[]> => {
      const outcome = await bench.connector.observe(spec)
      if (outcome.outcome !== 'done') throw new Error(outcome.reason)
      expect(outcome.value.present).toBe(false)
      return outcome.value.residue
    }
    const privileges = async (resources: readonly string[], actions: readonly string[]) =>
      bench.specFor('grant-role', await bench.freshAccount(), { resources, actions })
    const writer = async () => bench.specFor('membership', await bench.freshAccount())

    test('[B19] nothing is found where nothing was left', async () => {
      const work = (client: Client) => client.query(`INSERT INTO ledger.entries (note) VALUES ('x')`)
      expect(await leftAfter(await privileges(['ledger.entries'], ['insert']), work)).toEqual([])
      expect(await leftAfter(await writer(), work)).toEqual([])
    })

    test('[B19] a table and a function made where the account could otherwise make nothing', async () => {
      const left = await leftAfter(await privileges(['ledger'], ['create']), (client) =>
        client.query(
          `CREATE TABLE ledger.copy (x int); CREATE FUNCTION ledger.door() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`,
        ),
      )
      expect(left).toMatchObject([
        { kind: 'owned-object', name: 'table ledger.copy' },
        { kind: 'security-definer-function', name: 'function ledger.door()' },
      ])
      await bench.run('DROP TABLE ledger.copy; DROP FUNCTION ledger.door()')
    })

    test('[B19] a trigger and a foreign key planted on the resource', async () => {
      const spec = await privileges(['ledger.entries', 'ledger'], ['trigger', 'create'])
      const left = await leftAfter(spec, (client) =>
        client.query(`CREATE FUNCTION ledger.spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE TRIGGER spy BEFORE INSERT ON ledger.entries FOR EACH ROW EXECUTE FUNCTION ledger.spy()`),
      )
      expect(left).toContainEqual(expect.objectContaining({ kind: 'trigger', name: 'trigger spy on ledger.entries' }))
      await bench.run('DROP FUNCTION ledger.spy() CASCADE; ALTER TABLE ledger.entries ADD CONSTRAINT once UNIQUE (id)')
      const other = await privileges(['ledger.entries', 'ledger'], ['references', 'create'])
      const keys = await leftAfter(other, (client) =>
        client.query('CREATE TABLE ledger.child (e int REFERENCES ledger.entries (id))'),
      )
      expect(keys).toContainEqual(
        expect.objectContaining({ kind: 'foreign-key', name: 'table constraint child_e_fkey on ledger.child' }),
      )
      await bench.run('DROP TABLE ledger.child; ALTER TABLE ledger.entries DROP CONSTRAINT once')
    })

    test('[B19] what the lent role owns now: a function put in place of another, default privileges, a view', async () => {
      await bench.run(
        `CREATE FUNCTION ledger.total() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; ALTER FUNCTION ledger.total() OWNER TO ${bench.writer}`,
      )
      const left = await leftAfter(await writer(), (client) =>
        client.query(`SET ROLE ${bench.writer}; CREATE OR REPLACE FUNCTION ledger.total() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 666';
          CREATE VIEW ledger.window AS SELECT * FROM ledger.entries; GRANT SELECT ON ledger.window TO PUBLIC;
          ALTER DEFAULT PRIVILEGES IN SCHEMA ledger GRANT ALL ON TABLES TO PUBLIC`),
      )
      const kinds = left.map(({ kind, name }) => `${kind}: ${name}`)
      expect(kinds).toContain('security-definer-function: function ledger.total()')
      expect(kinds).toContain('owned-object: view ledger."window"')
      expect(kinds).toContain('privilege: select on view ledger."window" to public')
      expect(kinds).toContainEqual(
        expect.stringMatching(/^default-privileges: default acl for role .* in schema ledger/),
      )
      await bench.run(
        `DROP VIEW ledger.window; DROP FUNCTION ledger.total(); ALTER DEFAULT PRIVILEGES FOR ROLE ${bench.writer} IN SCHEMA ledger REVOKE ALL ON TABLES FROM PUBLIC`,
      )
    })

    test('[B19] a membership passed on with the right to pass on that the lent role had', async () => {
      const vault = `${bench.tag}_vault`
      await bench.run(`CREATE ROLE ${vault}; GRANT ${vault} TO ${bench.writer} WITH ADMIN OPTION`)
      const friend = await bench.freshAccount()
      const spec = await writer()
      const left = await leftAfter(spec, (client) =>
        client.query(`SET ROLE ${bench.writer}; GRANT ${vault} TO ${friend}`),
      )
      expect(left).toMatchObject([{ kind: 'membership', name: `${friend} in ${vault}` }])
      await bench.run(
        `REVOKE ${vault} FROM ${friend} GRANTED BY ${bench.writer}; REVOKE ${vault} FROM ${bench.writer}; DROP ROLE ${vault}`,
      )
      expect(await residueOf(spec)).toEqual([])
    })

    test('[B19] a role that owns something is emptied, kept, and named until what it owns is gone', async () => {
      const spec = await privileges(['ledger.entries'], ['select'])
      const role = `countersign_${spec.grant}`
      await bench.connector.apply(spec)
      await bench.run(
        `CREATE TABLE ledger.odd (x int); ALTER TABLE ledger.odd OWNER TO ${role}; GRANT SELECT ON ledger.salaries TO ${role}`,
      )
      expect(await bench.connector.revoke(spec)).toMatchObject({ outcome: 'done' })
      const left = await residueOf(spec)
      expect(left.map(({ kind, name }) => `${kind}: ${name}`).sort()).toEqual([
        'owned-object: table ledger.odd',
        'privilege-of-role: table ledger.salaries',
        `role: ${role}`,
      ])
      await bench.run(`DROP TABLE ledger.odd; REVOKE ALL ON ledger.salaries FROM ${role}`)
      expect(await bench.connector.revoke(spec)).toMatchObject({ outcome: 'done' })
      expect(await residueOf(spec)).toEqual([])
    })

    test('[B19] what is in another database of the cluster is found there, and a closed one is named', async () => {
      const name = `${bench.tag}_side`
      await bench.run(`CREATE DATABASE ${name}`)
      const side = await bench.connectAs(server.user, { ...server, database: name })
      await side.query(`CREATE SCHEMA barn; GRANT CREATE, USAGE ON SCHEMA barn TO ${bench.writer}`)
      const spec = await writer()
      const left = await leftAfter(spec, async () => {
        const there = await bench.connectAs(spec.account, { database: name })
        await there.query(`SET ROLE ${bench.writer}; CREATE TABLE barn.hay (x int)`)
        await there.end()
      })
      expect(left).toMatchObject([{ kind: 'owned-object', name: `table barn.hay in database ${name}` }])
      await bench.run(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`)
      expect(await residueOf(spec)).toMatchObject([{ kind: 'unread-database', name: `database ${name}` }])
      await side.end()
      await bench.run(`DROP DATABASE ${name} WITH (FORCE)`)
      expect(await residueOf(spec)).toEqual([])
    })
  })
}
