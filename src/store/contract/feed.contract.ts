/** One order for everything, whoever writes and however many give out positions: gapless, and never changed behind a reader. */
import { describe, expect, test } from 'vitest'
import { eventsOf, type Harness, writeOf } from './harness.contract.ts'

export function feed(the: () => Harness): void {
  describe('the feed', () => {
    const all = async () => the().store.feed.after(-1n, 100_000)
    const drain = async () => {
      while ((await the().store.feed.sequence(1_000)) > 0);
    }

    test('[B20] two processes give out positions at once, while four write: none is missing, none is given twice', async () => {
      const { store, other, freshId, admin } = the()
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; n < 6; n++) {
          const write = writeOf(freshId(), eventsOf('countersigned', { beneficiary: `per_feed_${writer}_${n}` }))
          await (writer % 2 === 0 ? store : other).transact((tx) => tx.write({ waivers: [write], revisions: [] }))
        }
      })
      const sequencers = [store, other, store].map(async (one, index) => {
        for (let n = 0; n < 10; n++) await one.feed.sequence(index === 0 ? 3 : 50)
      })
      await Promise.all([...writers, ...sequencers])
      await drain()
      const events = await all()
      const { rows } = await admin.query<{ count: string }>('select count(*) from events')
      expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => BigInt(index)))
      expect(events).toHaveLength(Number(rows[0]?.count))
      expect(await store.feed.last()).toBe(BigInt(events.length - 1))
      for (const [, stream] of Map.groupBy(events, ({ stream }) => stream))
        expect(stream.map(({ version }) => version)).toEqual(stream.map((_, index) => index + 1))
    })

    test('an event that is committed late comes late: nothing is put behind what was read', async () => {
      const { store, other, freshId } = the()
      await drain()
      const read = await all()
      const [early, late] = [freshId(), freshId()]
      const says: string[] = []
      await store.transact(async (tx) => {
        await tx.write({ waivers: [writeOf(early, eventsOf('requested', { beneficiary: 'per_slow' }))], revisions: [] })
        // Written first and not yet committed; the other one overtakes it.
        await other.transact((quick) =>
          quick.write({
            waivers: [writeOf(late, eventsOf('requested', { beneficiary: 'per_quick_one' }))],
            revisions: [],
          }),
        )
        await other.feed.sequence(1_000)
        says.push(...(await all()).slice(read.length).map(({ stream }) => stream))
      })
      await drain()
      expect(says).toEqual([late])
      expect((await all()).slice(read.length).map(({ stream }) => stream)).toEqual([late, early])
      expect((await all()).slice(0, read.length)).toEqual(read)
    })

    test('it is read in pages, and a position says where to go on', async () => {
      const { store } = the()
      await drain()
      const whole = await all()
      const pages: unknown[] = []
      for (
        let from = -1n, page = await store.feed.after(from, 5);
        page.length > 0;
        page = await store.feed.after(from, 5)
      ) {
        pages.push(...page)
        from = page.at(-1)?.position ?? from
      }
      expect(pages).toEqual(whole)
      expect(whole.length).toBeGreaterThan(10)
    })

    test('a body that was erased is gone, and its hash and its place stay', async () => {
      const { store, admin } = the()
      const { id } = await the().put('requested', { beneficiary: 'per_forget' })
      const before = await store.waivers.events(id)
      await admin.query('set role countersign_app')
      await admin.query('update event_bodies set body = null where event = $1', [before[0]?.id])
      await admin.query('reset role')
      const [erased] = await store.waivers.events(id)
      expect(erased).toMatchObject({ type: 'WaiverRequested', bodyHash: before[0]?.bodyHash })
      expect(erased?.body).toBeUndefined()
    })
  })
}
