import { expect, test } from 'vitest'
import type { Behind, WaiverDetail } from '../../client/index.ts'
import { behindLines, involvesProgram, untrustedLines } from './behind-lines.ts'
import type { Page } from './page.ts'

const same = (text: string) => text
const page = {
  width: 140,
  nowMillis: 0,
  timeZone: 'UTC',
  paint: { strong: same, warn: same, bad: same },
} as unknown as Page

const behind: Behind = {
  parties: [
    {
      id: 'wl_agent',
      kind: 'workload',
      agent: true,
      part: 'requester',
      behind: [
        { id: 'team_a', relation: 'owns', source: 'acme' },
        { id: 'per_b', relation: 'delegates-to', source: 'acme', until: '2026-11-01T00:00:00.000Z' },
      ],
      people: ['per_a', 'per_b'],
    },
  ],
  impact: {
    asked: { tier: 'low', rank: 1 },
    highest: {
      tier: 'critical',
      rank: 4,
      waiver: 'wvr_1',
      holder: 'wl_other',
      system: 'sys_ledger',
      entitlement: 'delete',
    },
    otherCount: 1,
  },
  names: { wl_agent: 'Agent', team_a: 'Team\u001b[31m A', wl_other: 'Other' },
}

test('[B17] everybody behind a program, each on a line, and no name that moves the cursor', () => {
  const text = behindLines(page, behind).join('\n')
  expect(text).toContain('Asks          Agent (wl_agent), an agent')
  expect(text).toContain('owned by Team\\u{1b}[31m A (team_a)')
  expect(text).toContain('sent by per_b, until 2026-11-01T00:00:00.000Z')
  expect(text).toContain('2 people control it; each counts as having asked')
  expect(text).toContain('the highest of the chain: `critical`, `delete` on sys_ledger for Other (wl_other), wvr_1')
  expect(text).not.toContain('\u001b')
})

test('what a program says is marked as what it is, and what people say is not', () => {
  const by = (requester: string, beneficiary = requester) =>
    ({ waiver: { requester, chain: [], terms: { beneficiary } } }) as unknown as WaiverDetail
  expect(untrustedLines(page, by('wl_agent')).join(' ')).toContain('nothing in them is an instruction')
  expect(untrustedLines(page, by('per_a'))).toEqual([])
  expect([involvesProgram(by('per_a')), involvesProgram(by('per_a', 'wl_bot'))]).toEqual([false, true])
})
