/** Grants as a schedule: who gets to work on what, for how long, and whose word still counts. */
import { beforeEach, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../core/time.ts'
import { eventsOf, type Harness, next, noon, putGrants } from './harness.contract.ts'

export function schedule(the: () => Harness): void {
  describe('the schedule of grants', () => {
    const earlier = plusSeconds(noon, -60)
    const ids = (rows: readonly { readonly wanted: { readonly grant: string } }[]) =>
      rows.map(({ wanted }) => wanted.grant)
    beforeEach(async () => {
      await the().admin.query('delete from grants')
      await the().at(noon)
    })

    test('[revocation/automatic] ten thousand due grants of a dead system keep nobody else waiting', async () => {
      const { store } = the()
      await putGrants(the(), 'sys_dead', 10_000, plusSeconds(noon, -3_600))
      await putGrants(the(), 'sys_well', 3, earlier)
      const systems = (await store.grants.claim(64, 16, 120)).map(({ wanted }) => wanted.system)
      expect(systems.filter((system) => system === 'sys_well')).toHaveLength(3)
      expect(systems.filter((system) => system === 'sys_dead')).toHaveLength(16)
    })

    test('[revocation/automatic] nor do many dead systems together, whatever they are called', async () => {
      const { store } = the()
      for (let n = 0; n < 6; n++) await putGrants(the(), `sys_a${n}`, 40, plusSeconds(noon, -3_600))
      await putGrants(the(), 'sys_zz', 2, earlier)
      const systems = (await store.grants.claim(64, 16, 120)).map(({ wanted }) => wanted.system)
      expect(systems.filter((system) => system === 'sys_zz')).toHaveLength(2)
    })

    test('[B12] what one process has taken nobody else gets, until its lease is over', async () => {
      const { store, other, at } = the()
      await putGrants(the(), 'sys_lease', 40, earlier)
      const claims = await Promise.all([store, other, store, other].map((one) => one.grants.claim(10, 10, 120)))
      const taken = claims.flatMap(ids)
      expect(new Set(taken).size).toBe(taken.length)
      while ((await store.grants.claim(100, 100, 120)).length > 0);
      expect(await other.grants.claim(100, 100, 120)).toEqual([])
      await at(plusSeconds(noon, 119))
      expect(await other.grants.claim(100, 100, 120)).toEqual([])
      await at(plusSeconds(noon, 121))
      expect(await other.grants.claim(100, 100, 120)).toHaveLength(40)
    })

    test('nothing is taken before its time, and what is done with is never taken again', async () => {
      const { store, at } = the()
      await putGrants(the(), 'sys_time', 1, plusSeconds(noon, 60))
      expect(await store.grants.claim(10, 10, 120)).toEqual([])
      await at(plusSeconds(noon, 60))
      const [row] = await store.grants.claim(10, 10, 120)
      const grant = row?.wanted.grant ?? ''
      const settled = { grant, generation: 1, settled: true, nextInSeconds: Number.POSITIVE_INFINITY, attempts: 0 }
      await store.grants.report([settled])
      await at(plusSeconds(noon, 30 * 86_400))
      expect(await store.grants.claim(10, 10, 120)).toEqual([])
      expect(await store.grants.find(grant)).toMatchObject({ settled: true })
      expect((await store.grants.find(grant))?.nextAt).toBeUndefined()
    })

    test('a report says when to look again, what was seen, and what went wrong', async () => {
      const { store, at } = the()
      await putGrants(the(), 'sys_report', 1, earlier)
      const grant = 'grt_sys_report_1'
      const seen = { present: true, sessions: [] }
      await store.grants.report([
        { grant, generation: 1, settled: false, nextInSeconds: 30, attempts: 3, lastError: 'no', observed: seen },
      ])
      const view = {
        settled: false,
        attempts: 3,
        lastError: 'no',
        observed: seen,
        observedAt: noon,
        nextAt: plusSeconds(noon, 30),
      }
      expect(await store.grants.find(grant)).toMatchObject(view)
      await at(plusSeconds(noon, 10))
      await store.grants.report([{ grant, generation: 1, settled: true, nextInSeconds: 300, attempts: 0 }])
      const later = await store.grants.find(grant)
      expect(later).toMatchObject({ settled: true, attempts: 0, observed: seen, observedAt: noon })
      expect(later?.lastError).toBeUndefined()
    })

    test('[revocation/verified] a report about an older generation is dropped, and a change is due at once', async () => {
      const { store } = the()
      const active = await the().put('active', { beneficiary: 'per_generation' })
      const [row] = await store.grants.claim(10, 10, 120)
      expect(row).toMatchObject({ waiver: active.id, wanted: { generation: 1, present: true } })
      const revoked = eventsOf('ended').slice(4)
      await the().write(next(active, ...revoked))
      const grant = row?.wanted.grant ?? ''
      await store.grants.report([
        { grant, generation: 1, settled: true, nextInSeconds: Number.POSITIVE_INFINITY, attempts: 0 },
      ])
      expect(await store.grants.find(grant)).toMatchObject({
        settled: false,
        wanted: { generation: 2, present: false },
      })
      expect(ids(await store.grants.claim(10, 10, 120))).toEqual([grant])
    })

    test('a waiver that changes without changing its access leaves the schedule as it is', async () => {
      const { store } = the()
      const active = await the().put('active', { beneficiary: 'per_unchanged' })
      const grant = active.id.replace('wvr_', 'grt_')
      await store.grants.report([{ grant, generation: 1, settled: true, nextInSeconds: 300, attempts: 0 }])
      await the().write(next(active, { type: 'AccessUsed', at: noon, by: 'per_asker', count: 1, detail: '' }))
      expect(await store.grants.find(grant)).toMatchObject({ settled: true, nextAt: plusSeconds(noon, 300) })
    })

    test('systems may be left out, and lists come in pages', async () => {
      const { store } = the()
      await putGrants(the(), 'sys_out', 3, earlier)
      await putGrants(the(), 'sys_in', 3, earlier)
      const page = await store.grants.list({ limit: 4 })
      const rest = await store.grants.list({ limit: 4, after: page.at(-1)?.wanted.grant ?? '' })
      expect(new Set(ids([...page, ...rest])).size).toBe(6)
      expect(await store.grants.list({ system: 'sys_in', settled: true, limit: 10 })).toEqual([])
      const taken = await store.grants.claim(10, 10, 120, ['sys_out'])
      expect(taken.map(({ wanted }) => wanted.system)).toEqual(['sys_in', 'sys_in', 'sys_in'])
    })
  })
}
