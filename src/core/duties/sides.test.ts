import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileDuties } from './compile.ts'
import { scan } from './holdings.ts'
import { heldBy, naiveBroken, naiveHolds, someAssignments, someDuties } from './naive.contract.ts'
import type { Duties } from './rules.ts'
import { brokenAlone, conflictOf, conflictsOf } from './sides.ts'

const acme: Duties = {
  entitlements: [
    { id: 'buyer', duties: ['order'] },
    { id: 'buyer-abroad', duties: ['order'] },
    { id: 'controller', duties: [], contains: ['release'] },
    { id: 'release', duties: ['approve-order'] },
    { id: 'everything', duties: [], contains: ['buyer', 'controller'] },
  ],
  functions: [
    { id: 'ordering', name: 'Ordering', duties: ['order'] },
    { id: 'approving', name: 'Approving orders', duties: ['approve-order'] },
  ],
  rules: [
    {
      id: 'order-and-approve',
      name: 'Who orders does not approve',
      severity: 'high',
      functions: ['ordering', 'approving'],
      conflictsFrom: 2,
      controls: [],
    },
  ],
}

test('a conflict shows every assignment that makes it, with the way to the duty', () => {
  const held = ['buyer', 'buyer-abroad', 'controller'].map((entitlement) => ({ holder: 'per_ana', entitlement }))
  expect(conflictOf(scan(compileDuties(acme), held), { holder: 'per_ana', rule: 'order-and-approve' })).toEqual({
    holder: 'per_ana',
    rule: 'order-and-approve',
    name: 'Who orders does not approve',
    severity: 'high',
    sides: [
      {
        function: 'approving',
        name: 'Approving orders',
        through: [{ entitlement: 'controller', path: ['controller', 'release'], duties: ['approve-order'] }],
      },
      {
        function: 'ordering',
        name: 'Ordering',
        through: [
          { entitlement: 'buyer', path: ['buyer'], duties: ['order'] },
          { entitlement: 'buyer-abroad', path: ['buyer-abroad'], duties: ['order'] },
        ],
      },
    ],
  })
})

test('where nothing is broken there is no conflict to show', () => {
  const holdings = scan(compileDuties(acme), [{ holder: 'per_ana', entitlement: 'buyer' }])
  expect(conflictOf(holdings, { holder: 'per_ana', rule: 'order-and-approve' })).toBeUndefined()
  expect(conflictOf(holdings, { holder: 'per_ana', rule: 'no-such-rule' })).toBeUndefined()
  expect(conflictOf(holdings, { holder: 'per_nobody', rule: 'order-and-approve' })).toBeUndefined()
  expect(conflictsOf(holdings, 'per_ana')).toEqual([])
})

test('an entitlement that breaks a rule by itself is named', () => {
  const compiled = compileDuties(acme)
  expect(brokenAlone(compiled, scan(compiled, []))).toEqual([
    { entitlement: 'everything', rules: ['order-and-approve'] },
  ])
})

test('the sides are the functions that are held, each by every entitlement that holds it alone', () => {
  fc.assert(
    fc.property(someDuties, someAssignments, (duties, assignments) => {
      const holdings = scan(compileDuties(duties), assignments)
      for (const holder of new Set(assignments.map((each) => each.holder))) {
        const held = heldBy(assignments, holder)
        for (const { rule, sides } of conflictsOf(holdings, holder)) {
          const own = duties.rules.find(({ id }) => id === rule)
          const functions = (own?.functions ?? []).filter((id) => naiveHolds(duties, held, id)).sort()
          expect(sides.map((side) => side.function)).toEqual(functions)
          for (const side of sides) {
            const through = held.filter((each) => naiveHolds(duties, [each], side.function))
            expect(side.through.map(({ entitlement }) => entitlement).sort()).toEqual(through)
          }
        }
        expect(conflictsOf(holdings, holder).map(({ rule }) => rule)).toEqual(naiveBroken(duties, held))
      }
    }),
  )
})
