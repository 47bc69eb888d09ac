// What PostgreSQL really does when a role goes away under an open session. The connector's rules rest on these facts; a
// version that behaves otherwise has to be noticed here first.
import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { majorVersions, postgresFor } from '../../../test/support/postgres.ts'
import { type Bench, openBench } from './harness.contract.ts'

for (const major of majorVersions) {
  describe(`sessions on PostgreSQL ${major}`, () => {
    let bench: Bench
    beforeAll(async () => {
      const { connection } = await (await postgresFor(major)).createDatabase()
      bench = await openBench(connection, `t${randomBytes(4).toString('hex')}`)
    })
    afterAll(() => bench?.close())

    /** A session of an account that was given the writer, and then lost it again while `use` had begun something. */
    const afterRemoval = async (setRole: boolean, use: (client: Client, role: string) => Promise<unknown>) => {
      const account = await bench.freshAccount()
      const spec = bench.specFor('membership', account, {
        target: { shape: 'membership', role: bench.writer, setRole },
      })
      await bench.connector.apply(spec)
      const client = await bench.connectAs(account)
      await use(client, `countersign_${spec.grant}`)
      expect(await bench.connector.revoke(spec)).toMatchObject({ outcome: 'done' })
      return client
    }
    const fails = (client: Client, sql: string) => expect(client.query(sql)).rejects.toThrow()

    test('SET ROLE to a role behind the dropped one goes on for ever', async () => {
      const client = await afterRemoval(true, (session) => session.query(`SET ROLE ${bench.writer}`))
      expect((await client.query('SELECT current_user AS now')).rows).toEqual([{ now: bench.writer }])
      expect((await client.query('SELECT FROM ledger.entries')).command).toBe('SELECT')
      await client.end()
    })

    test('SET ROLE to the dropped role itself: its rights are gone with it', async () => {
      const client = await afterRemoval(true, (session, role) => session.query(`SET ROLE ${role}`))
      await fails(client, 'SELECT FROM ledger.entries')
      await expect(client.query('SELECT current_user')).rejects.toThrow(/invalid role OID|does not exist/)
      await client.end()
    })

    test('[B19] without SET, since 16, there is nothing to become', async () => {
      const client = await afterRemoval(false, async (session) => {
        const become = session.query(`SET ROLE ${bench.writer}`)
        if (major >= 16) await expect(become).rejects.toThrow(/permission denied/)
        else await become
      })
      if (major >= 16) await fails(client, 'SELECT FROM ledger.entries')
      else expect((await client.query('SELECT FROM ledger.entries')).command).toBe('SELECT')
      await client.end()
    })

    test('[B19] a cursor that is open goes on delivering rows', async () => {
      const client = await afterRemoval(false, (session) =>
        session.query('BEGIN; DECLARE c CURSOR FOR SELECT 1 FROM ledger.entries UNION ALL SELECT 2'),
      )
      expect((await client.query('FETCH 1 FROM c')).rowCount).toBe(1)
      await client.query('COMMIT')
      await fails(client, 'SELECT FROM ledger.entries')
      await client.end()
    })

    test('[B19] a prepared statement keeps the row security policies of a role the account has lost', async () => {
      await bench.run(`CREATE TABLE IF NOT EXISTS ledger.secrets (x int); TRUNCATE ledger.secrets; INSERT INTO ledger.secrets VALUES (1), (2);
        ALTER TABLE ledger.secrets ENABLE ROW LEVEL SECURITY; GRANT USAGE ON SCHEMA ledger TO PUBLIC; GRANT SELECT ON ledger.secrets TO PUBLIC;
        CREATE POLICY for_writers ON ledger.secrets TO ${bench.writer} USING (true)`)
      const rows = async (session: Client, sql: string) => (await session.query(sql)).rowCount
      const client = await afterRemoval(false, async (session) => {
        await session.query(
          'SET plan_cache_mode = force_generic_plan; PREPARE all_rows AS SELECT x FROM ledger.secrets',
        )
        expect(await rows(session, 'EXECUTE all_rows')).toBe(2)
      })
      expect(await rows(client, 'EXECUTE all_rows')).toBe(2)
      expect(await rows(client, 'SELECT x FROM ledger.secrets')).toBe(0)
      await client.end()
    })

    test('VALID UNTIL of a role without login changes nothing', async () => {
      const account = await bench.freshAccount()
      const spec = bench.specFor('membership', account)
      await bench.connector.apply(spec)
      await bench.run(`ALTER ROLE countersign_${spec.grant} VALID UNTIL '2000-01-01'`)
      const client = await bench.connectAs(account)
      expect((await client.query('SELECT FROM ledger.entries')).command).toBe('SELECT')
      await client.end()
      await bench.connector.revoke(spec)
    })
  })
}
