/**
 * A range of simulated worlds as tests, a few worlds a test. A world in which a promise breaks is made as short as it
 * gets and printed with the command that shows it again.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../support/postgres.ts'
import { type Installation, openInstallation } from './installation.ts'
import { describeFailure, shortest, simulate, stepsUpTo } from './run.ts'

const stepsCount = 50
const worldsPerTest = 20

/** Acts that a range must have come to; a simulation that never gets that far proves nothing about them. */
const mustHappen = [
  'WaiverEndorsed',
  'TermsNarrowed',
  'WaiverDenied',
  'ApprovalVoided',
  'AccessActivated',
  'AccessUsed',
  'ExtensionCountersigned',
  'AccessSuspended',
  'ResumptionCountersigned',
  'ControlMissed',
  'AccessExpired',
  'AccessRevoked',
  'RemovalFailed',
  'RemovalVerified',
  'ReviewClosed',
  'EventReviewed',
  'ChangeTookEffect',
  'ClockConfirmed',
]

export function seeds(first: number, count: number): void {
  let installation: Installation
  const happened = new Map<string, number>()
  beforeAll(async () => {
    installation = await openInstallation((await createDatabase()).url)
  })
  afterAll(() => installation.close())

  for (let from = first; from < first + count; from += worldsPerTest) {
    test(`[revocation/verified] [fail/closed] [B12] all promises hold in worlds ${from} to ${from + worldsPerTest - 1}`, async () => {
      for (let seed = from; seed < from + worldsPerTest; seed++) {
        const run = await simulate(installation, seed, stepsUpTo(stepsCount))
        if (run.failure !== undefined) throw new Error(describeFailure(await shortest(installation, run), run))
        for (const [type, times] of run.events) happened.set(type, (happened.get(type) ?? 0) + times)
      }
    }, 240_000)
  }

  test('and these worlds have seen every kind of act', () => {
    expect(mustHappen.filter((type) => !happened.has(type))).toEqual([])
  })
}
