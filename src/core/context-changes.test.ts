import { expect, test } from 'vitest'
import { changesIn } from './context-changes.ts'
import type { ShownContext, ShownWaiver } from './signed.ts'

const nothing: ShownContext = {
  verdicts: [{ person: 'per_sam', independent: true, conflicts: [], additionalCountersigners: 0 }],
  tier: 'high',
  countersignersNeeded: 1,
  contains: 'sha256:1',
  held: [],
  access: [],
  breaks: [],
  earlier: [],
  denials: [],
}
const earlier: ShownWaiver = {
  waiver: 'wvr_1',
  system: 'sys_ledger',
  entitlement: 'ledger-write',
  resources: ['entries'],
  actions: ['select'],
  start: '2026-11-22T12:00:00.000Z',
  end: '2026-11-22T13:00:00.000Z',
  open: true,
  granted: false,
}

test('the same, in whatever order its members were written, is no change', () => {
  const { person, ...rest } = nothing.verdicts[0] as ShownContext['verdicts'][number]
  const again = { ...nothing, verdicts: [{ ...rest, person }] }
  expect(changesIn({ ...nothing, earlier: [earlier] }, { ...again, earlier: [{ ...earlier }] })).toEqual([])
})

test.each<[Partial<ShownContext>, string]>([
  [
    { verdicts: [{ person: 'per_sam', independent: true, conflicts: ['reciprocal'], additionalCountersigners: 1 }] },
    'independence of `per_sam` has changed',
  ],
  [{ tier: 'critical' }, 'the tier was `high` and is `critical`'],
  [{ countersignersNeeded: 2 }, 'the number of countersignatures needed was `1` and is `2`'],
  [{ contains: 'sha256:2' }, 'what the entitlement contains has changed'],
  [{ held: [{ system: 'sys_ledger', entitlement: 'read' }] }, 'standing access to `read` on `sys_ledger` is new'],
  [{ access: [earlier] }, 'live access of waiver `wvr_1` is new'],
  [{ breaks: ['pay-and-approve'] }, 'broken rule `pay-and-approve` is new'],
  [{ earlier: [earlier] }, 'waiver `wvr_1` is new'],
  [{ denials: [{ waiver: 'wvr_2', by: 'per_sue', reason: 'no' }] }, 'denial of waiver `wvr_2` is new'],
])('[context/at-request-time] %j is told as a change', (now, change) => {
  expect(changesIn(nothing, { ...nothing, ...now })).toEqual([{ what: Object.keys(now)[0], change }])
})

test('what is gone and what is different are told apart', () => {
  const before = { ...nothing, earlier: [earlier] }
  expect(changesIn(before, nothing).map(({ change }) => change)).toEqual(['waiver `wvr_1` is gone'])
  const ended = { ...nothing, earlier: [{ ...earlier, open: false }] }
  expect(changesIn(before, ended).map(({ change }) => change)).toEqual(['waiver `wvr_1` has changed'])
})
