import { Client } from 'pg'
import { expect, test } from 'vitest'
import { createDatabase } from '../../../test/support/postgres.ts'
import { openStore } from '../store.ts'

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const places = `select name, position from countersign.feed_readers`

test('a new installation tells of everything', async () => {
  const { url } = await createDatabase()
  await (await openStore({ url })).close()
  expect(await ask(url, places)).toEqual([{ name: 'notices', position: '-1' }])
})

test('one that is older than its notices does not tell its whole history', async () => {
  const { url } = await createDatabase()
  const store = await openStore({ url })
  await ask(
    url,
    `
    set search_path = countersign;
    insert into events (id, stream, version, type, at, actor, body_hash)
      select 'evt_' || n, 'wvr_1', n, 'AccessUsed', now(), 'per_x', 'sha256:00' from generate_series(1, 5) n;
    insert into unsequenced select seq from events`,
  )
  await store.feed.sequence(10)
  await store.close()
  await ask(
    url,
    `
    drop schema countersign_jobs cascade;
    drop table countersign.feed_readers;
    delete from countersign.kysely_migration where name = '0002-notices'`,
  )
  await (await openStore({ url })).close()
  expect(await ask(url, places)).toEqual([{ name: 'notices', position: '4' }])
})

test('the application may move its place, and neither add readers nor remove them', async () => {
  const { url } = await createDatabase()
  await (await openStore({ url })).close()
  const asApplication = (sql: string) => ask(url, `set role countersign_app; set search_path = countersign; ${sql}`)
  await asApplication(`update feed_readers set position = 3`)
  for (const sql of [`insert into feed_readers values ('x', 0)`, `delete from feed_readers`]) {
    await expect(asApplication(sql)).rejects.toMatchObject({ code: '42501' })
  }
  await expect(asApplication(`update feed_readers set position = -2`)).rejects.toMatchObject({ code: '23514' })
})
