/** What time it is, and what happens when it goes backwards: giving stops, taking away goes on. */
import { afterEach, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../core/time.ts'
import { type Harness, noon, putGrants } from './harness.contract.ts'

export function clock(the: () => Harness): void {
  describe('the clock', () => {
    const frozen = async () => (await the().store.heads()).clock
    afterEach(async () => {
      await the().admin.query(`update heads set at = 'epoch', frozen = false where name = 'clock'`)
      await the().at(noon)
    })

    test('[fail/closed] [B20] behind the highest time it has shown it is in doubt, also for whoever never watched it', async () => {
      const { store, other, at } = the()
      expect(await store.watchClock()).toBe('steady')
      await at(plusSeconds(noon, -0.5))
      expect(await other.watchClock()).toBe('steady')
      await at(plusSeconds(noon, -2))
      expect((await other.heads()).clock).toBe('went-backwards')
      const locked = await other.transact((tx) => tx.lockWaiver('wvr_none'))
      expect(locked.heads.clock).toBe('went-backwards')
      expect(await other.watchClock()).toBe('went-backwards')
    })

    test('[B20] how often it went backwards is counted, also before anybody has noted it', async () => {
      const { store, at } = the()
      const jumps = async () => (await store.heads()).clockJumps
      await store.watchClock()
      const before = await jumps()
      await at(plusSeconds(noon, -10))
      expect(await jumps()).toBe(before + 1)
      await store.watchClock()
      await at(plusSeconds(noon, 20))
      await store.watchClock()
      expect(await jumps()).toBe(before + 1)
      await at(plusSeconds(noon, 5))
      await store.watchClock()
      await store.watchClock()
      expect(await jumps()).toBe(before + 2)
    })

    test('[fail/closed] once in doubt it stays so when time has caught up, until the founders have spoken', async () => {
      const { store, at } = the()
      await store.watchClock()
      await at(plusSeconds(noon, -3_600))
      await store.watchClock()
      await at(plusSeconds(noon, 3_600))
      expect(await store.watchClock()).toBe('went-backwards')
      await thaw(the())
      expect(await frozen()).toBe('steady')
    })

    test('after they have spoken the corrected time counts', async () => {
      const { store, at } = the()
      await at(plusSeconds(noon, 86_400))
      await store.watchClock()
      await at(noon)
      await store.watchClock()
      await thaw(the())
      expect(await store.watchClock()).toBe('steady')
      expect((await store.heads()).now).toBe(noon)
    })

    test('[revocation/automatic] what is due by the highest time shown is taken, whatever the clock says now', async () => {
      const { store, at, admin } = the()
      const { id } = await the().put('active', { beneficiary: 'per_steady' })
      await at(plusSeconds(noon, 3 * 3_600))
      await store.watchClock()
      await at(noon)
      const due = await store.transact((tx) => tx.lockDue(1_000))
      expect(due.waivers.map((waiver) => waiver.id)).toContain(id)
      expect(due.now).toBe(plusSeconds(noon, 3 * 3_600))
      await admin.query('delete from grants')
      await putGrants(the(), 'sys_steady', 1, plusSeconds(noon, 2 * 3_600))
      expect(await store.grants.claim(10, 10, 120)).toHaveLength(1)
    })

    test('[revocation/automatic] a lease holds while the clock is in doubt: nobody works on the same grant twice', async () => {
      const { store, other, at, admin } = the()
      await admin.query('delete from grants')
      await at(plusSeconds(noon, 3 * 3_600))
      await store.watchClock()
      await at(noon)
      await putGrants(the(), 'sys_doubt', 1, plusSeconds(noon, -60))
      expect(await store.grants.claim(10, 10, 120)).toHaveLength(1)
      expect(await other.grants.claim(10, 10, 120)).toEqual([])
    })

    test('[revocation/automatic] what was put off by a clock that ran ahead is looked at once the clock is right', async () => {
      const { store, at, admin } = the()
      await admin.query('delete from grants')
      await at(plusSeconds(noon, 86_400))
      await putGrants(the(), 'sys_ahead', 1, plusSeconds(noon, 86_000))
      const [row] = await store.grants.claim(10, 10, 120)
      const { grant, generation } = row?.wanted ?? { grant: '', generation: 0 }
      await store.grants.report([
        { grant, generation, settled: false, nextInSeconds: 60, attempts: 1, lastError: 'no answer' },
      ])
      await store.watchClock()
      await at(noon)
      await store.watchClock()
      await thaw(the())
      await at(plusSeconds(noon, 180))
      expect(await store.grants.claim(10, 10, 120)).toHaveLength(1)
    })

    test('[revocation/automatic] [B12] a lease taken under a clock that ran ahead keeps what was left of it, and no more', async () => {
      const { store, other, at, admin } = the()
      await admin.query('delete from grants')
      await at(plusSeconds(noon, 86_400))
      await putGrants(the(), 'sys_leased', 1, plusSeconds(noon, 86_000))
      expect(await store.grants.claim(10, 10, 120)).toHaveLength(1)
      await at(plusSeconds(noon, 86_430))
      await store.watchClock()
      await at(noon)
      await thaw(the())
      expect(await other.grants.claim(10, 10, 120)).toEqual([])
      await at(plusSeconds(noon, 89))
      expect(await other.grants.claim(10, 10, 120)).toEqual([])
      await at(plusSeconds(noon, 91))
      expect(await other.grants.claim(10, 10, 120)).toHaveLength(1)
    })
  })
}

/** As the founders' word is written down. */
async function thaw({ store }: Harness): Promise<void> {
  await store.transact(async (tx) => {
    const { version } = await tx.lockRecord('founding')
    await tx.writeRecord({
      id: 'founding',
      kind: 'founding',
      version: version + 1,
      status: 'founded',
      state: {},
      dueAt: undefined,
      events: [],
      revisions: [],
      heads: {},
      thaw: true,
    })
  })
}
