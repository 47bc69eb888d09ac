import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileDuties } from './compile.ts'
import { scan } from './holdings.ts'
import { heldBy, holderName, naiveBroken, naiveHolds, someAssignments, someDuties } from './naive.contract.ts'
import type { Duties } from './rules.ts'
import { wouldAdd } from './would-add.ts'

const acme: Duties = {
  entitlements: [
    { id: 'vendors', duties: ['create-vendor'] },
    { id: 'payments', duties: ['pay-vendor'] },
    { id: 'payments-abroad', duties: ['pay-vendor'] },
    { id: 'canteen', duties: ['order-lunch'] },
  ],
  functions: [
    { id: 'master-data', name: 'Vendor data', duties: ['create-vendor'] },
    { id: 'paying', name: 'Payments', duties: ['pay-vendor'] },
  ],
  rules: [
    {
      id: 'apart',
      name: 'Apart',
      severity: 'high',
      functions: ['master-data', 'paying'],
      conflictsFrom: 2,
      controls: [],
    },
  ],
}

test('[context/at-request-time] what a waiver would add is known before it is granted', () => {
  const holdings = scan(compileDuties(acme), [{ holder: 'per_ana', entitlement: 'vendors' }])
  const { breaks, joins } = wouldAdd(holdings, 'per_ana', ['payments'])
  expect(
    breaks.map(({ rule, sides }) => [rule, sides.map((side) => side.through.map((way) => way.entitlement))]),
  ).toEqual([['apart', [['vendors'], ['payments']]]])
  expect(joins).toEqual([])
  expect(wouldAdd(holdings, 'per_ana', ['canteen'])).toMatchObject({ breaks: [], joins: [] })
  expect(wouldAdd(holdings, 'per_new', ['payments'])).toMatchObject({ breaks: [], joins: [] })
  expect(wouldAdd(holdings, 'per_new', ['payments', 'vendors']).breaks).toHaveLength(1)
  expect(holdings.conflictsCount).toBe(0)
})

test('beside a conflict that is there already, one more way into it is told apart from a new one', () => {
  const holdings = scan(compileDuties(acme), [
    { holder: 'per_ana', entitlement: 'vendors' },
    { holder: 'per_ana', entitlement: 'payments' },
  ])
  const { breaks, joins } = wouldAdd(holdings, 'per_ana', ['payments-abroad'])
  expect(breaks).toEqual([])
  expect(joins[0]?.sides[1]?.through.map((way) => way.entitlement)).toEqual(['payments', 'payments-abroad'])
  expect(wouldAdd(holdings, 'per_ana', ['canteen']).joins).toEqual([])
  expect(wouldAdd(holdings, 'per_ana', ['payments'])).toMatchObject({ joins: [], held: ['payments'] })
})

test('what nobody described is said to be unknown', () => {
  const holdings = scan(compileDuties(acme), [])
  expect(wouldAdd(holdings, 'per_ana', ['root'])).toEqual({ breaks: [], joins: [], held: [], undescribed: ['root'] })
})

test('the answer is the difference that adding it would make', () => {
  const wanted = fc.array(fc.constantFrom('clerk', 'buyer', 'payer', 'composite'), { maxLength: 3 })
  fc.assert(
    fc.property(someDuties, someAssignments, holderName, wanted, (duties, assignments, holder, entitlements) => {
      const held = heldBy(assignments, holder)
      const [before, after] = [naiveBroken(duties, held), naiveBroken(duties, [...held, ...entitlements])]
      const added = wouldAdd(scan(compileDuties(duties), assignments), holder, entitlements)
      const fresh = entitlements.filter((each) => !held.includes(each))
      const touches = (rule: string) =>
        duties.rules.some(
          ({ id, functions }) => id === rule && functions.some((each) => naiveHolds(duties, fresh, each)),
        )
      expect(added.breaks.map(({ rule }) => rule)).toEqual(after.filter((rule) => !before.includes(rule)))
      expect(added.joins.map(({ rule }) => rule)).toEqual(before.filter(touches))
    }),
    { numRuns: 500 },
  )
})
