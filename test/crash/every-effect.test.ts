/**
 * A process dies, or loses its connection, at its first effect, at its second, at its third, until a run survives: whoever
 * comes after it leads every life to the same end, and every promise holds on the way.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installation, openInstallation } from '../simulator/installation.ts'
import { fates } from '../simulator/schedule.ts'
import { createDatabase } from '../support/postgres.ts'
import { chapters } from './chapters.ts'
import { tell } from './story.ts'

let installation: Installation
beforeAll(async () => {
  installation = await openInstallation((await createDatabase()).url)
})
afterAll(() => installation.close())

describe.each(Object.entries(chapters))('[revocation/verified] [B10] %s', (_, acts) => {
  test.each(fates)('a process that %s its n-th effect, for every n', async (fate) => {
    const { ending } = await tell(installation, acts, undefined)
    let effectsCount = 0
    for (; ; effectsCount++) {
      const told = await tell(installation, acts, { effectsLeft: effectsCount, fate })
      expect(told.ending, `it ${fate} effect ${effectsCount + 1}`).toEqual(ending)
      if (!told.metFate) break
    }
    expect(effectsCount).toBeGreaterThan(acts.length)
  })
})
