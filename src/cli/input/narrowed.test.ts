import fc from 'fast-check'
import { expect, test } from 'vitest'
import { narrows, type Terms } from '../../core/terms.ts'
import { UsageError } from '../usage-error.ts'
import { narrowedTerms } from './narrowed.ts'

const around = { nowMillis: Date.parse('2026-11-22T14:00:00Z'), timeZone: 'UTC' }
const asked: Terms = {
  kind: 'access-override',
  beneficiary: 'per_maria',
  access: { system: 'sys_x', entitlement: 'e', account: 'm', resources: ['a', 'b'], actions: ['read', 'write'] },
  window: { start: '2026-11-22T14:00:00.000Z', end: '2026-11-22T18:00:00.000Z' },
  reason: 'because',
  controls: [],
  conditions: { usesMax: 5, exclusions: ['c'] },
  contains: 'sha256:0',
}

test('nothing given is nothing narrowed', () => {
  expect(narrowedTerms(asked, {}, around)).toBeUndefined()
})

test('each option takes something away', () => {
  const terms = narrowedTerms(
    asked,
    { narrowResource: ['b'], narrowAction: ['read'], narrowFor: '1h', narrowUses: '2', narrowExclude: ['a.secret'] },
    around,
  )
  expect(terms).toMatchObject({
    access: { resources: ['b'], actions: ['read'] },
    window: { end: '2026-11-22T15:00:00.000Z' },
    conditions: { usesMax: 2, exclusions: ['a.secret', 'c'] },
  })
})

test.each([
  [{ narrowUntil: '2026-11-22T19:00Z' }, 'window.end is later'],
  [{ narrowStart: '2026-11-22T13:00Z' }, 'window.start is earlier'],
  [{ narrowUses: '6' }, 'conditions.usesMax is higher'],
  [{ narrowResource: ['bb'] }, 'did you mean `b`'],
  [{ narrowOpenFor: '1h' }, 'openFor is longer'],
  [{ narrowUntil: '2026-11-22T14:00Z' }, 'would end before it starts'],
  [{ narrowUntil: '15:00', narrowFor: '1h' }, 'not both'],
])('[terms/deny-or-narrow] %j is no narrowing', (options, why) => {
  expect(() => narrowedTerms(asked, options, around)).toThrow(why)
})

test('[terms/deny-or-narrow] whatever is typed, what comes out narrows', () => {
  const time = fc.constantFrom('15:00', '2026-11-22T17:00Z', '2026-11-23T17:00Z', '+1h', 'now', '13:00')
  const options = fc.record(
    {
      narrowStart: time,
      narrowUntil: time,
      narrowFor: fc.constantFrom('1h', '10h'),
      narrowResource: fc.subarray(['a', 'b', 'z']),
      narrowAction: fc.subarray(['read', 'write', 'drop']),
      narrowUses: fc.constantFrom('1', '5', '6'),
      narrowExclude: fc.subarray(['a', 'q']),
      narrowOpenFor: fc.constant('1h'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(options, (given) => {
      try {
        const terms = narrowedTerms(asked, given, around)
        if (terms !== undefined) expect(narrows(asked, terms)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }),
  )
})
