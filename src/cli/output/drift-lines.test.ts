import { expect, test } from 'vitest'
import type { DriftFindingView, DriftView } from '../../client/index.ts'
import { driftLines } from './drift-lines.ts'
import type { Page } from './page.ts'
import { paintFor } from './paint.ts'

const page: Page = {
  nowMillis: Date.parse('2026-11-28T14:00:00.000Z'),
  timeZone: 'UTC',
  paint: paintFor(false),
  width: 100,
  tableWidth: 200,
}
const at = '2026-11-28T13:00:00.000Z'
const finding: DriftFindingView = {
  id: 'drf_1',
  kind: 'access-without-waiver',
  status: 'open',
  system: 'sys_ledger',
  account: 'evil\u202edb',
  waivers: [],
  ways: ['member of w\u200briters'],
  says: 'an account has this access',
  advice: 'take it away',
  since: at,
  seenAt: at,
  known: 'unknown',
  timesCount: 2,
}
const drift: DriftView = {
  at,
  state: 'unknown',
  totals: { open: 0, unreviewed: 0, targetsUnknown: 1, byKind: [] },
  targets: [{ system: 'sys_ledger', known: 'unknown', openCount: 0, failure: 'the cable was cut', unread: [] }],
  findings: [],
  names: { sys_ledger: 'Ledger' },
}

test('[B07] a target that could not be read is said loudly, and never as nothing', () => {
  const text = driftLines(page, drift).join('\n')
  expect(text).toMatch(/not everything could be read.*1 target UNKNOWN/)
  expect(text).toMatch(/Ledger \(sys_ledger\) +UNKNOWN +never +0 +the cable was cut/)
  expect(text).not.toMatch(/nothing drifted/)
  const known = { ...drift, state: 'none', totals: { ...drift.totals, targetsUnknown: 0 }, targets: [] } as const
  expect(driftLines(page, known)).toEqual(['nothing drifted: every target was read lately'])
})

test('[B17] names on targets are shown with what hides in them, and what is not known now is marked', () => {
  const text = driftLines(page, { ...drift, state: 'found', findings: [finding] }).join('\n')
  expect(text).not.toMatch(/[\u202e\u200b]/)
  expect(text).toContain('everything on Ledger (sys_ledger)')
  expect(text).toContain('the target could not be read since')
  expect(text).toContain('for the 2. time')
})
