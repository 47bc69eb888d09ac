import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { postgresFor } from '../../test/support/postgres.ts'
import { connect } from './database.ts'

const send = pg.Client.prototype.query
let db: ReturnType<typeof connect>
const rows = async () => (await sql<{ n: number }>`select n from told order by n`.execute(db)).rows.map(({ n }) => n)

describe('[fail/closed] a transaction that begins without waiting', () => {
  beforeAll(async () => {
    const { url } = await (await postgresFor()).createDatabase()
    db = connect({ url, asApplication: false })
    await sql`create table told (n int)`.execute(db)
  })
  afterAll(() => db.destroy())

  const telling = () =>
    db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx)
      await sql`insert into told values (1)`.execute(tx)
      await sql`insert into told values (2)`.execute(tx)
    })

  test('that did not begin writes nothing: what followed would stand by itself', async () => {
    const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
      this: pg.Client,
      ...call: unknown[]
    ) {
      return Reflect.apply(send, this, call[0] === 'begin' ? ['begin at all', []] : call)
    } as never)
    await expect(telling()).rejects.toThrow()
    spy.mockRestore()
    expect(await rows()).toEqual([])
  })

  test('that did begin writes everything, also on the next connection', async () => {
    await telling()
    expect(await rows()).toEqual([1, 2])
  })
})
