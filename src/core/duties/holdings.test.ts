import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileDuties } from './compile.ts'
import { type Assignment, type Holdings, scan } from './holdings.ts'
import { heldBy, holderName, naiveBroken, naiveConflicts, someAssignments, someDuties } from './naive.contract.ts'
import type { Duties } from './rules.ts'

function conflictsIn(holdings: Holdings): string[] {
  return [...holdings.allBroken()].map(({ holder, rule }) => `${holder} ${rule}`).sort()
}

function full(duties: Duties, assignments: readonly Assignment[]): string[] {
  return conflictsIn(scan(compileDuties(duties), assignments))
}

const acme: Duties = {
  entitlements: [
    { id: 'clerk', duties: ['create-vendor'] },
    { id: 'payer', duties: ['pay-vendor'] },
  ],
  functions: [
    { id: 'vendors', name: 'Vendor data', duties: ['create-vendor'] },
    { id: 'payments', name: 'Payments', duties: ['pay-vendor'] },
  ],
  rules: [
    {
      id: 'apart',
      name: 'Apart',
      severity: 'high',
      functions: ['vendors', 'payments'],
      conflictsFrom: 2,
      controls: [],
    },
  ],
}

describe('against the naive analysis', () => {
  test('a scan finds the same conflicts', () => {
    fc.assert(
      fc.property(someDuties, someAssignments, (duties, assignments) => {
        const holdings = scan(compileDuties(duties), assignments)
        expect(conflictsIn(holdings)).toEqual(naiveConflicts(duties, assignments))
        expect(holdings.conflictsCount).toBe(naiveConflicts(duties, assignments).length)
        for (const holder of new Set(assignments.map((each) => each.holder)))
          expect(holdings.entitlementsOf(holder).sort()).toEqual(heldBy(assignments, holder))
      }),
      { numRuns: 1000 },
    )
  })

  test('the order of everything makes no difference', () => {
    fc.assert(
      fc.property(someDuties, someAssignments, (duties, assignments) => {
        const turned: Duties = {
          entitlements: duties.entitlements.toReversed(),
          functions: duties.functions.toReversed(),
          rules: duties.rules.toReversed().map((rule) => ({ ...rule, functions: rule.functions.toReversed() })),
        }
        expect(full(turned, assignments.toReversed())).toEqual(full(duties, assignments))
      }),
    )
  })

  test('changed one by one, holdings answer as a scan of the result would', () => {
    const step = fc.record({
      add: fc.boolean(),
      holder: holderName,
      entitlement: fc.constantFrom('clerk', 'buyer', 'payer', 'late', 'composite'),
    })
    fc.assert(
      fc.property(someDuties, someAssignments, fc.array(step, { maxLength: 15 }), (duties, assignments, steps) => {
        const compiled = compileDuties(duties)
        const holdings = scan(compiled, assignments)
        let now = [...assignments]
        for (const { add, ...assignment } of steps) {
          const before = naiveBroken(duties, heldBy(now, assignment.holder))
          now = now.filter((each) => each.holder !== assignment.holder || each.entitlement !== assignment.entitlement)
          if (add) now.push(assignment)
          const after = naiveBroken(duties, heldBy(now, assignment.holder))
          const change = add ? holdings.add(assignment) : holdings.remove(assignment)
          expect(change.appeared).toEqual(after.filter((rule) => !before.includes(rule)))
          expect(change.resolved).toEqual(before.filter((rule) => !after.includes(rule)))
        }
        const again = scan(compiled, now)
        expect(conflictsIn(holdings)).toEqual(conflictsIn(again))
        expect(holdings.conflictsCount).toBe(again.conflictsCount)
        expect(holdings.assignmentsCount).toBe(again.assignmentsCount)
        expect(new Map(holdings.undescribed().map((each) => [each.entitlement, each.holdersCount]))).toEqual(
          new Map(again.undescribed().map((each) => [each.entitlement, each.holdersCount])),
        )
      }),
      { numRuns: 500 },
    )
  })

  test('more access never resolves a conflict, and less never makes one', () => {
    fc.assert(
      fc.property(
        someDuties,
        someAssignments,
        holderName,
        fc.constantFrom('clerk', 'payer'),
        (duties, assignments, holder, entitlement) => {
          const holdings = scan(compileDuties(duties), assignments)
          expect(holdings.add({ holder, entitlement }).resolved).toEqual([])
          expect(holdings.remove({ holder, entitlement }).appeared).toEqual([])
        },
      ),
    )
  })

  test('without a rule there is nothing that was not there with it', () => {
    fc.assert(
      fc.property(someDuties, someAssignments, fc.nat(4), (duties, assignments, index) => {
        const left = { ...duties, rules: duties.rules.filter((_, at) => at !== index) }
        const gone = duties.rules[index]?.id
        expect(full(left, assignments)).toEqual(full(duties, assignments).filter((each) => each.split(' ')[1] !== gone))
      }),
    )
  })
})

test('thousands of changed holders are laid out anew without a change to any answer', () => {
  const holders = Array.from({ length: 5000 }, (_, index) => `per_${index}`)
  const holdings = scan(
    compileDuties(acme),
    holders.map((holder) => ({ holder, entitlement: 'clerk' })),
  )
  const bytes = holdings.arrayBytes
  for (const holder of holders.filter((_, index) => index % 2 === 0)) holdings.add({ holder, entitlement: 'payer' })
  for (const holder of holders.filter((_, index) => index % 4 === 0)) holdings.remove({ holder, entitlement: 'clerk' })
  holdings.add({ holder: 'per_late', entitlement: 'payer' })
  expect(holdings.arrayBytes).toBeGreaterThan(bytes)
  expect(holdings.conflictsCount).toBe(1250)
  expect([...holdings.allBroken()].map(({ holder }) => Number(holder.slice(4)) % 4)).toEqual(Array(1250).fill(2))
  expect(holdings.assignmentsCount).toBe(5000 + 2500 - 1250 + 1)
  expect(holdings.entitlementsOf('per_0')).toEqual(['payer'])
  expect(holdings.entitlementsOf('per_1')).toEqual(['clerk'])
})

test('a rule about what is done is not broken by what is held', () => {
  const rules = acme.rules.map((rule) => ({ ...rule, held: false, exercised: { sameObject: true } }))
  const holdings = scan(compileDuties({ ...acme, rules }), [
    { holder: 'per_ana', entitlement: 'clerk' },
    { holder: 'per_ana', entitlement: 'payer' },
  ])
  expect(holdings.conflictsCount).toBe(0)
})

test('everything a holder has can be replaced at once', () => {
  const holdings = scan(compileDuties(acme), [{ holder: 'per_ana', entitlement: 'clerk' }])
  expect(holdings.set('per_ana', ['payer', 'clerk', 'payer'])).toEqual({ appeared: ['apart'], resolved: [] })
  expect(holdings.set('per_ana', [])).toEqual({ appeared: [], resolved: ['apart'] })
  expect(holdings.assignmentsCount).toBe(0)
})

test('what nobody described is told and not taken for harmless', () => {
  const holdings = scan(compileDuties(acme), [
    { holder: 'per_ana', entitlement: 'root' },
    { holder: 'per_ben', entitlement: 'root' },
    { holder: 'per_ben', entitlement: 'clerk' },
  ])
  expect(holdings.undescribed()).toEqual([{ entitlement: 'root', holdersCount: 2 }])
  expect(holdings.entitlementsOf('per_ben')).toEqual(['clerk', 'root'])
})

test('holders are compared byte by byte', () => {
  const holdings = scan(compileDuties(acme), [
    { holder: 'per_ana', entitlement: 'clerk' },
    { holder: 'per_Ana', entitlement: 'payer' },
    { holder: 'constructor', entitlement: '__proto__' },
  ])
  expect(holdings.conflictsCount).toBe(0)
  expect(holdings.brokenBy('toString')).toEqual([])
})

test('reading and changing at the same time is a mistake that is told', () => {
  const holdings = scan(compileDuties(acme), [
    { holder: 'per_ana', entitlement: 'clerk' },
    { holder: 'per_ana', entitlement: 'payer' },
    { holder: 'per_ben', entitlement: 'clerk' },
  ])
  const reading = holdings.allAssignments()
  reading.next()
  holdings.add({ holder: 'per_ben', entitlement: 'payer' })
  expect(() => reading.next()).toThrow('holdings were changed while they were read')
})
