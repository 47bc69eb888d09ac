/** Coming to be: migrations that may run twice and side by side, and the databases that are refused or good enough. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { type MajorVersion, postgresFor } from '../../../test/support/postgres.ts'
import { startTestServer } from '../../../test/support/test-server.ts'
import { urlOf } from '../embedded/index.ts'
import { StoreFault } from '../fault.ts'
import { openStore } from '../store.ts'

export function installing(majorVersion: MajorVersion): void {
  describe('coming to be', () => {
    test('four processes start at once on an empty database: one migrates, all work', async () => {
      const { createDatabase } = await postgresFor(majorVersion)
      const { url } = await createDatabase()
      const stores = await Promise.all(Array.from({ length: 4 }, () => openStore({ url, poolMax: 2 })))
      for (const store of stores) expect(await store.watchClock()).toBe('steady')
      await Promise.all(stores.map((store) => store.close()))
    })

    test('starting again changes nothing', async () => {
      const { createDatabase } = await postgresFor(majorVersion)
      const { url } = await createDatabase()
      await (await openStore({ url })).close()
      const before = await shapeOf(url)
      await (await openStore({ url })).close()
      expect(await shapeOf(url)).toEqual(before)
      expect(before.length).toBeGreaterThan(50)
    })

    test.each(['SQL_ASCII', 'LATIN1'])(
      'a database encoded in %s is refused, and it says what to do',
      async (encoding) => {
        const postgres = await postgresFor(majorVersion)
        const { name, connection } = await postgres.createDatabase()
        const encoded = `${name}_${encoding.toLowerCase()}`
        await asSuperuser(postgres.url, (client) =>
          client.query(
            `create database ${encoded} encoding '${encoding}' locale 'C' template template0 ${builtinOff(majorVersion)}`,
          ),
        )
        const refused = await openStore({ url: urlOf({ ...connection, database: encoded }) }).catch(
          (error: unknown) => error,
        )
        await asSuperuser(postgres.url, (client) => client.query(`drop database ${encoded} with (force)`))
        expect(refused).toBeInstanceOf(Error)
        expect((refused as Error).message).toMatch(/must be encoded in UTF8, it is/)
      },
    )

    test('nobody there: a fault that says so, not a raw error of the driver', async () => {
      const { connection } = await postgresFor(majorVersion)
      const refused = await openStore({ url: urlOf({ ...connection, port: 1 }) }).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(StoreFault)
      expect(refused).toMatchObject({ code: 'database-unavailable', retryable: true })
    })

    test('an owner who is no superuser brings everything into being and works', async () => {
      const { server, stop } = await startTestServer(majorVersion)
      try {
        await asSuperuser(server.url, async (client) => {
          await client.query(`create role landlord login password 'keys' createrole`)
          await client.query('create database house owner landlord')
        })
        const url = urlOf({ ...server.connection, user: 'landlord', password: 'keys', database: 'house' })
        const store = await openStore({ url })
        expect(await store.watchClock()).toBe('steady')
        await store.transact((tx) =>
          tx.write({ waivers: [], revisions: [{ digest: 'sha256:none', kind: 'policy', content: '{}' }] }),
        )
        await store.close()
        await (await openStore({ url })).close()
      } finally {
        await stop()
      }
    })
  })
}

/** Before 17 every database is of the provider libc, and the clause is unknown. */
function builtinOff(majorVersion: MajorVersion): string {
  return majorVersion >= 17 ? 'locale_provider libc' : ''
}

async function asSuperuser<Value>(url: string, use: (client: pg.Client) => Promise<Value>): Promise<Value> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Columns, constraints, functions, triggers and rights, in words. */
async function shapeOf(url: string): Promise<readonly string[]> {
  return asSuperuser(url, async (client) => {
    const { rows } = await client.query<{ line: string }>(`
      select format('%s.%s %s %s', table_name, column_name, data_type, is_nullable) as line from information_schema.columns where table_schema = 'countersign'
      union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'countersign'::regnamespace
      union all select tgrelid::regclass || ' ' || tgname from pg_trigger where not tgisinternal
      union all select proname || ' ' || md5(prosrc) from pg_proc where pronamespace = 'countersign'::regnamespace
      union all select format('%s %s %s', grantee, table_name, privilege_type) from information_schema.role_table_grants where table_schema = 'countersign'
      union all select 'migration ' || name from countersign.kysely_migration
      order by line`)
    return rows.map(({ line }) => line)
  })
}
