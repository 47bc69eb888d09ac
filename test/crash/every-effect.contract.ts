/**
 * A process dies, or loses its connection, at its first effect, at its second, at its third, until a run survives: whoever
 * comes after it leads every life to the same end, and every promise holds on the way.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installation, openInstallation } from '../simulator/installation.ts'
import type { Fate } from '../simulator/schedule.ts'
import { createDatabase } from '../support/postgres.ts'
import { chapters } from './chapters.ts'
import { tell } from './story.ts'

/** Every so many runs all decisions are decided once more. */
const againEvery = 5

export function everyEffect(name: keyof typeof chapters, fates: readonly Fate[]): void {
  const acts = chapters[name]
  describe(`[revocation/verified] [B10] ${name}`, () => {
    let installation: Installation
    let ending: readonly string[]
    beforeAll(async () => {
      installation = await openInstallation((await createDatabase()).url)
      ending = (await tell(installation, acts)).ending
    })
    afterAll(() => installation.close())

    test.each(fates)(
      'a process that %s its n-th effect, for every n',
      async (fate) => {
        let effectsCount = 0
        for (; ; effectsCount++) {
          const told = await tell(
            installation,
            acts,
            { effectsLeft: effectsCount, fate },
            effectsCount % againEvery === 0,
          )
          expect(told.ending, `it ${fate} effect ${effectsCount + 1}`).toEqual(ending)
          if (!told.metFate) break
        }
        // Otherwise nothing would have been interrupted.
        expect(effectsCount).toBeGreaterThan(acts.length)
      },
      240_000,
    )
  })
}
