/**
 * A process dies, or loses its connection, at its first effect, at its second, at its third, until an act survives: whoever
 * comes after it leads every life to the same end, and every promise holds on the way.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openInstallation } from '../simulator/installation.ts'
import { firstRules } from '../simulator/organisation.ts'
import type { Fate } from '../simulator/schedule.ts'
import { createDatabase } from '../support/postgres.ts'
import { chapters } from './chapters.ts'
import { interrupted, type Rehearsal, rehearse } from './story.ts'

/** Every so many runs all decisions are decided once more. */
const againEvery = 7

/** @param passkey decisions are signed: several more effects for each, so not every life is led that way */
export function everyEffect(name: keyof typeof chapters, fates: readonly Fate[], passkey = false): void {
  const acts = chapters[name]
  describe(`[revocation/verified] [B10] ${name}`, () => {
    let rehearsal: Rehearsal
    beforeAll(async () => {
      const installation = await openInstallation((await createDatabase()).url, { ...firstRules, passkey })
      rehearsal = await rehearse(installation, acts)
    })
    afterAll(() => rehearsal.installation.close())

    test.each(fates)(
      'a process that %s its n-th effect, for every n of every act',
      async (fate) => {
        let runsCount = 0
        for (const [index, { says }] of acts.entries()) {
          for (let effectsLeft = 0; ; effectsLeft++, runsCount++) {
            const told = await interrupted(rehearsal, index, { effectsLeft, fate }, runsCount % againEvery === 0)
            if (!told.metFate) break
            expect(told.ending, `\`${says}\`: it ${fate} effect ${effectsLeft + 1}`).toEqual(rehearsal.ending)
          }
        }
        // Otherwise nothing would have been interrupted.
        expect(runsCount).toBeGreaterThan(acts.length)
      },
      240_000,
    )
  })
}
