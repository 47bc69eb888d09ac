import { expect, test } from 'vitest'
import { UsageError } from '../usage-error.ts'
import { askedTerms, type Known, type RequestOptions } from './asked-terms.ts'

const known: Known = {
  self: 'per_maria',
  resources: ['a', 'b'],
  actions: ['select'],
  nowMillis: Date.parse('2026-11-22T14:00:00Z'),
  timeZone: 'UTC',
}
const asks = (options: Partial<RequestOptions>, more: Partial<Known> = {}) =>
  askedTerms(
    'ledger-db',
    'write',
    { kind: 'access-override', reason: 'because', for: '2h', resource: ['a'], ...options },
    { ...known, ...more },
  )

test('bare names get their prefix, oneself is the beneficiary, and what can only be one thing is taken', () => {
  expect(asks({ control: ['peer-watch=miriam/30m'], incident: 'INC-1', uses: '3' })).toEqual({
    kind: 'access-override',
    beneficiary: 'per_maria',
    access: { system: 'sys_ledger-db', entitlement: 'write', resources: ['a'], actions: ['select'] },
    window: { start: '2026-11-22T14:00:00.000Z', end: '2026-11-22T16:00:00.000Z' },
    reason: 'because',
    controls: [{ control: 'peer-watch', owner: 'per_miriam', every: 'PT30M' }],
    conditions: { usesMax: 3 },
    reference: { kind: 'incident', id: 'INC-1' },
  })
})

test('[B06] leaving the resources out never means all of them', () => {
  const { resource: _, ...without } = { kind: 'access-override' as const, reason: 'because', for: '2h', resource: [] }
  expect(() => askedTerms('ledger-db', 'write', without, known)).toThrow('the entitlement offers `a`, `b`')
})

test('an envelope is for a rota and says how long it opens', () => {
  const terms = asks({ kind: 'break-glass', beneficiary: 'payments', openFor: '30m' })
  expect(terms).toMatchObject({ beneficiary: 'rota_payments', openFor: 'PT30M' })
  expect(() => asks({ kind: 'break-glass', openFor: '30m' })).toThrow('an envelope is for a rota')
})

test('a sod-exception names the rule and the other side', () => {
  expect(asks({ kind: 'sod-exception', rule: 'pay-and-approve', other: 'erp/approve' })).toMatchObject({
    exception: { rule: 'pay-and-approve', other: { system: 'sys_erp', entitlement: 'approve' } },
  })
})

test.each([
  [{ for: undefined }],
  [{ until: '18:00' }],
  [{ incident: 'a', ticket: 'b' }],
  [{ kind: 'sod-exception' as const }],
  [{ rule: 'x' }],
  [{ kind: 'sod-exception' as const, rule: 'x', other: 'no-slash' }],
  [{ control: ['peer-watch'] }],
  [{ uses: '0' }],
  [{ uses: '1e3' }],
])('%j is asked about again', (options) => {
  expect(() => asks(options as Partial<RequestOptions>)).toThrow(UsageError)
})
