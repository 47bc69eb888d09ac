/**
 * Random histories over a handful of names, in which everything goes wrong often: acts about nothing, ends in the past
 * and on impossible days, fields left out, machines, nobody, strangers, times out of order.
 */
import fc from 'fast-check'
import type { HistoryRecord } from '../../src/audit/record.ts'

const names = ['0', '1', '2', '3', '4', '5', 'bot', 'stranger', '__proto__', 'x <b>']
const days = ['2026-06-01', '2026-10-25', '2026-11-02', '2026-11-20', '2026-11-21', '2027-02-30']
const moments = [
  '2026-05-01T10:00:00Z',
  '2026-10-25T23:30:00-05:00',
  '2026-11-02',
  '2026-11-20T09:00:00+02:00',
  '2026-11-21T00:00:00Z',
]

const people = names.slice(0, 6)
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...people) },
  { weight: 1, arbitrary: fc.constantFrom(...names) },
)
const some = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined, freq: 4 })
/** Seldom left out: without it nothing can be said. */
const mostly = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined, freq: 15 })
const end = fc.option(fc.constantFrom(...days, '2026-11-20T12:00:00Z'), { nil: null, freq: 5 })

export const records: fc.Arbitrary<HistoryRecord> = fc
  .record({
    at: fc.constantFrom(...moments),
    act: fc.constantFrom('granted', 'granted', 'end-changed', 'end-changed', 'access-changed', 'removed', 'noted'),
    beneficiary: name,
    grant: some(fc.constantFrom('g1', 'g2')).map((grant) => (grant === 'g1' ? undefined : grant)),
    system: mostly(fc.constantFrom('target', 'hr')),
    entitlement: some(fc.constantFrom('read', 'write')),
    team: some(fc.constantFrom('Payments', 'payments ', 'Risk')),
    change: some(fc.constantFrom('c1', 'c2')),
    askedBy: mostly(fc.array(name, { minLength: 1, maxLength: 2 })),
    approvedBy: mostly(fc.array(name, { maxLength: 2 })),
    enteredBy: some(name),
    machines: some(fc.constant(['bot'])),
    until: some(end),
    untilBefore: some(end),
    reason: some(fc.constantFrom('because', 'again', ' ', null)),
    reference: some(fc.constantFrom('T-1', null)),
    sponsor: some(fc.constantFrom('0', null)),
  })
  .map(
    (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as HistoryRecord,
  )

export const histories = fc.array(records, { minLength: 1, maxLength: 14 })
