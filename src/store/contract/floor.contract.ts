/** The hard floor: what the domain says no to is impossible in the database as well, tried past the domain by raw SQL. */
import { describe, expect, test } from 'vitest'
import { lifeAt } from '../../../test/support/life.ts'
import { StoreFault } from '../fault.ts'
import { eventsOf, type Harness, next, writeOf } from './harness.contract.ts'

export function floor(the: () => Harness): void {
  describe('the hard floor', () => {
    const insertWaiver = (parts: Readonly<Record<string, unknown>> = {}) => {
      const row = {
        id: the().freshId(),
        version: 1,
        status: 'requested',
        kind: 'access-override',
        open: true,
        requester: 'per_raw',
        beneficiary: 'per_raw',
        system: 'sys_raw',
        entitlement: 'write',
        account: 'raw_db',
        window_start: '2026-01-01T10:00:00Z',
        window_end: '2026-01-01T12:00:00Z',
        state: '{}',
        ...parts,
      }
      const places = Object.keys(row).map((_, index) => `$${index + 1}`)
      return the().admin.query(`insert into waivers (${Object.keys(row)}) values (${places})`, Object.values(row))
    }

    test('[B12] two open waivers of one account never overlap; next to each other, closed, or sealed they may', async () => {
      await insertWaiver()
      const overlapping = { window_start: '2026-01-01T11:59:59Z', window_end: '2026-01-01T13:00:00Z' }
      await expect(insertWaiver(overlapping)).rejects.toMatchObject({ code: '23P01', constraint: 'one_open_waiver' })
      await insertWaiver({ ...overlapping, open: false })
      await insertWaiver({ ...overlapping, account: 'other_db' })
      await insertWaiver({ ...overlapping, entitlement: 'read' })
      await insertWaiver({ ...overlapping, kind: 'break-glass' })
      await insertWaiver({ window_start: '2026-01-01T12:00:00Z', window_end: '2026-01-01T13:00:00Z' })
      const reopened = the().admin.query(`update waivers set open = true where beneficiary = 'per_raw' and not open`)
      await expect(reopened).rejects.toMatchObject({ constraint: 'one_open_waiver' })
    })

    test('a window that does not end after it starts is impossible', async () => {
      const turned = { beneficiary: 'per_turned', window_end: '2026-01-01T10:00:00Z' }
      await expect(insertWaiver(turned)).rejects.toMatchObject({ code: '23514' })
    })

    test('[B10] one waiver has one grant, and no grant is without a waiver', async () => {
      const { id } = await the().put('active', { beneficiary: 'per_grant' })
      const insert = (grant: string, waiver: string) =>
        the().admin.query(
          `insert into grants (id, waiver, generation, system, wanted, settled, attempts) values ($1, $2, 1, 'sys_raw', '{}', false, 0)`,
          [grant, waiver],
        )
      await expect(insert('grt_second', id)).rejects.toMatchObject({ constraint: 'grants_waiver_key' })
      await expect(insert('grt_lost', 'wvr_nowhere')).rejects.toMatchObject({ code: '23503' })
    })

    test('[B12] a version of a stream is written once, and versions begin at one', async () => {
      const waiver = await the().put('requested', { beneficiary: 'per_version' })
      const insert = (version: number) =>
        the().admin.query(
          `insert into events (id, stream, version, type, at, actor, body_hash) values ($1, $2, $3, 'Made', now(), 'per_raw', 'x')`,
          [`evt_raw.${version}`, waiver.id, version],
        )
      await expect(insert(1)).rejects.toMatchObject({ code: '23505' })
      await expect(insert(0)).rejects.toMatchObject({ code: '23514' })
    })

    test('two writers on the same version: one of them hears that somebody else was quicker', async () => {
      const waiver = await the().put('requested', { beneficiary: 'per_quick' })
      const { store, other } = the()
      const withdrawn = lifeAt('requested').must('per_asker', { type: 'withdraw', reason: 'a' }).events.slice(1)
      const write = { waivers: [next(waiver, ...withdrawn)], revisions: [] }
      const answers = await Promise.allSettled([store, other].map((one) => one.transact((tx) => tx.write(write))))
      expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const { reason } = answers.find((one) => one.status === 'rejected') as PromiseRejectedResult
      expect(reason).toBeInstanceOf(StoreFault)
      expect(reason).toMatchObject({ code: 'conflict', retryable: true })
    })

    test.each(['events', 'feed', 'revisions', 'decisions'])(
      '[B20] rows of %s are only ever added, whoever asks',
      async (table) => {
        const { admin, store } = the()
        await the().put('countersigned', { beneficiary: `per_${table}` })
        await store.transact((tx) =>
          tx.write({ waivers: [], revisions: [{ digest: `sha256:of ${table}`, kind: 'policy', content: '{}' }] }),
        )
        await store.feed.sequence(1_000)
        const column = { events: 'actor', feed: 'seq', revisions: 'kind', decisions: 'countersigner' }[table]
        for (const attack of [
          `update ${table} set ${column} = ${column}`,
          `delete from ${table}`,
          `truncate ${table} cascade`,
        ]) {
          await expect(admin.query(attack), attack).rejects.toThrow(/only ever added/)
          await admin.query('set role countersign_app')
          await expect(admin.query(attack), `${attack} as the application`).rejects.toThrow(
            /permission denied|only ever added/,
          )
          await admin.query('reset role')
        }
      },
    )

    test('[B20] the application can neither switch the floor off nor become somebody else', async () => {
      const { admin } = the()
      const attacks = [
        'alter table events disable trigger all',
        'drop trigger only_added on events',
        'set session_replication_role = replica',
        'create or replace function clock() returns timestamptz language sql as $$ select now() $$',
        'drop table feed',
        'delete from waivers',
        'delete from grants',
        'update events set at = now()',
        `update event_bodies set salt = ''`,
      ]
      await admin.query('set role countersign_app')
      for (const attack of attacks)
        await expect(admin.query(attack), attack).rejects.toThrow(/permission denied|must be owner/)
      await admin.query('reset role')
    })

    test('a write that fails leaves nothing behind, not even a part', async () => {
      const { admin, store } = the()
      const counts = async () =>
        (
          await admin.query(
            `select (select count(*) from events) as e, (select count(*) from waivers) as w, (select count(*) from unsequenced) as u`,
          )
        ).rows
      const good = writeOf(the().freshId(), eventsOf('requested', { beneficiary: 'per_half' }))
      const waiver = await the().put('requested', { beneficiary: 'per_whole' })
      const before = await counts()
      const clash = { ...writeOf(waiver.id, eventsOf('requested')) }
      await expect(store.transact((tx) => tx.write({ waivers: [good, clash], revisions: [] }))).rejects.toMatchObject({
        code: 'conflict',
      })
      await expect(
        store.transact(async (tx) => {
          await tx.write({ waivers: [good], revisions: [] })
          throw new Error('changed my mind')
        }),
      ).rejects.toThrow('changed my mind')
      expect(await counts()).toEqual(before)
    })
  })
}
