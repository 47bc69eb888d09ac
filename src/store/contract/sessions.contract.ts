/** Sessions of browsers: how long they live, by which clock, and what ends them. */
import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../core/time.ts'
import { type Harness, noon } from './harness.contract.ts'

const account = { on: 'company', login: 'maria' }

export function sessions(the: () => Harness): void {
  describe('sessions of browsers', () => {
    afterEach(async () => {
      await the().admin.query('truncate sessions')
      await the().admin.query(`update heads set at = 'epoch', frozen = false where name = 'clock'`)
      await the().at(noon)
    })
    const begin = async (person = 'per_maria', replaced?: Buffer) => {
      const key = randomBytes(32)
      await the().store.sessions.begin(key, { account, person, signedInAt: noon, lastsSeconds: 7_200 }, replaced)
      return key
    }

    test('one is found with what it began with, by any process', async () => {
      const key = await begin()
      expect(await the().other.sessions.find(key, 600, false)).toEqual({
        account,
        person: 'per_maria',
        signedInAt: noon,
        usedAt: noon,
        endsAt: plusSeconds(noon, 7_200),
      })
      expect(await the().store.sessions.find(randomBytes(32), 600, false)).toBeUndefined()
    })

    test('it is over when nobody used it, and only use by somebody who is there counts', async () => {
      const { store, at } = the()
      const key = await begin()
      await at(plusSeconds(noon, 500))
      expect(await store.sessions.find(key, 600, true)).toBeDefined()
      await at(plusSeconds(noon, 1_000))
      expect(await store.sessions.find(key, 600, false)).toBeDefined()
      await at(plusSeconds(noon, 1_100))
      expect(await store.sessions.find(key, 600, true)).toBeUndefined()
    })

    test('its day ends however much it is used, and a clock that is put back revives nothing', async () => {
      const { store, at } = the()
      const key = await begin()
      await at(plusSeconds(noon, 7_200))
      await store.watchClock()
      expect(await store.sessions.find(key, 100_000, true)).toBeUndefined()
      await at(plusSeconds(noon, 60))
      expect(await store.sessions.find(key, 100_000, true)).toBeUndefined()
    })

    test('a new one takes the place of the old; signing out everywhere ends those of one person alone', async () => {
      const { store } = the()
      const first = await begin()
      const second = await begin('per_maria', first)
      const third = await begin()
      const other = await begin('per_sam')
      const alive = async () =>
        (await Promise.all([first, second, third, other].map((key) => store.sessions.find(key, 600, false)))).map(
          (session) => session !== undefined,
        )
      expect(await alive()).toEqual([false, true, true, true])
      await store.sessions.end(second)
      expect(await alive()).toEqual([false, false, true, true])
      await store.sessions.endAll('per_maria')
      expect(await alive()).toEqual([false, false, false, true])
    })
  })
}
