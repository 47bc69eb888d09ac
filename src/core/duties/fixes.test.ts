import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileDuties } from './compile.ts'
import { dropPlan, holderFix } from './drop-plan.ts'
import { smallestDrops } from './drops.ts'
import { fixes } from './fixes.ts'
import { scan } from './holdings.ts'
import { knotOf } from './knot.ts'
import { heldBy, naiveBroken, naiveConflicts, someAssignments, someDuties, subsets } from './naive.contract.ts'
import type { Duties } from './rules.ts'

/** One function and one entitlement for each letter; a rule for each pair of letters that may not come together. */
function apart(pairs: readonly string[], more: Duties['entitlements'] = []): Duties {
  const letters = [...new Set(pairs.flatMap((pair) => [...pair]))].sort()
  return {
    entitlements: [...letters.map((id) => ({ id, duties: [id] })), ...more],
    functions: letters.map((id) => ({ id: `f-${id}`, name: id, duties: [id] })),
    rules: pairs.map((pair) => ({
      id: pair,
      name: pair,
      severity: 'high',
      functions: [...pair].map((letter) => `f-${letter}`),
      conflictsFrom: 2,
      controls: [],
    })),
  }
}

function holding(duties: Duties, held: Readonly<Record<string, string>>) {
  const assignments = Object.entries(held).flatMap(([holder, letters]) =>
    letters.split(' ').map((entitlement) => ({ holder, entitlement })),
  )
  return scan(compileDuties(duties), assignments)
}

test('the assignment that ends most conflicts stands first', () => {
  const holdings = holding(apart(['ab', 'ac', 'ad', 'bc']), { per_ana: 'a b c d', per_ben: 'a b' })
  const found = fixes(holdings)
  expect(found.assignments.slice(0, 2)).toEqual([
    { holder: 'per_ana', entitlement: 'a', resolves: ['ab', 'ac', 'ad'] },
    { holder: 'per_ana', entitlement: 'b', resolves: ['ab', 'bc'] },
  ])
  expect(found.entitlements[0]).toEqual({ entitlement: 'a', holdersCount: 2, resolvesCount: 4 })
  expect(found.conflictsCount).toBe(5)
  expect(found.stubbornCount).toBe(0)
})

test('a conflict whose sides are all held twice is stubborn, and its fix takes two', () => {
  const duties = apart(
    ['ab'],
    [
      { id: 'a2', duties: ['a'] },
      { id: 'b2', duties: ['b'] },
      { id: 'b3', duties: ['b'] },
    ],
  )
  const holdings = holding(duties, { per_ana: 'a a2 b b2 b3' })
  expect(fixes(holdings)).toMatchObject({ assignments: [], stubbornCount: 1 })
  expect(holderFix(holdings, 'per_ana')).toEqual({ holder: 'per_ana', drop: ['a', 'a2'], smallest: true })
})

test('the smallest fix is found where always taking the largest step needs more', () => {
  // Six accesses, `a` to `f`, and beside them ever wider ones: dropping the widest first ends with eight.
  const wide = { g: 'abcdef', h: 'abcde', i: 'abcd', j: 'abc', k: 'def', l: 'ab', m: 'cd', n: 'ef' }
  const duties = apart(Object.entries(wide).flatMap(([one, others]) => [...others].map((other) => other + one)))
  const holdings = holding(duties, { per_ana: [...'abcdefghijklmn'].join(' ') })
  const knot = knotOf(holdings, 'per_ana', [...holdings.duties.rules.keys()])
  expect(smallestDrops(knot, { looksMax: 0 }).places).toHaveLength(8)
  const { drop, smallest } = holderFix(holdings, 'per_ana')
  expect({ drop: drop.toSorted(), smallest }).toEqual({ drop: [...'abcdef'], smallest: true })
})

test('somebody who breaks nothing has nothing to give up', () => {
  expect(holderFix(holding(apart(['ab']), { per_ana: 'a' }), 'per_ana')).toEqual({
    holder: 'per_ana',
    drop: [],
    smallest: true,
  })
  expect(holderFix(holding(apart(['ab']), {}), 'per_nobody').drop).toEqual([])
})

test('only the conflicts asked about are fixed', () => {
  const holdings = holding(apart(['ab', 'cd']), { per_ana: 'a b c d' })
  expect(holderFix(holdings, 'per_ana', ({ rule }) => rule === 'cd').drop).toHaveLength(1)
  expect(fixes(holdings, { of: ({ rule }) => rule === 'cd' }).conflictsCount).toBe(1)
})

test('a knot too large to search is solved greedily and says so', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const pairs = letters.flatMap((one, i) =>
    letters
      .slice(i + 1)
      .filter((_, j) => (i * 7 + j * 3) % 4 === 0)
      .map((other) => one + other),
  )
  const duties = apart(pairs)
  const holdings = holding(duties, { per_ana: letters.join(' ') })
  const knot = knotOf(
    holdings,
    'per_ana',
    holdings.duties.rules.map((_, rule) => rule),
  )
  const greedy = smallestDrops(knot, { looksMax: 10 })
  const exact = smallestDrops(knot, { looksMax: 1e9 })
  expect(greedy.exact).toBe(false)
  expect(exact.exact).toBe(true)
  expect(exact.places.length).toBeLessThanOrEqual(greedy.places.length)
  for (const { places } of [greedy, exact]) {
    const left = letters.filter(
      (_, place) =>
        !places
          .map((each) => knot.entitlements[each])
          .includes(holdings.duties.entitlements.numberOf(letters[place] as string)),
    )
    expect(naiveBroken(duties, left)).toEqual([])
  }
})

test('no smaller set than the one found resolves everything, and the one found does', () => {
  fc.assert(
    fc.property(someDuties, someAssignments, (duties, assignments) => {
      const holdings = scan(compileDuties(duties), assignments)
      for (const holder of new Set(assignments.map((each) => each.holder))) {
        const held = heldBy(assignments, holder)
        const least = subsets(held).find(
          (drop) =>
            naiveBroken(
              duties,
              held.filter((each) => !drop.includes(each)),
            ).length === 0,
        )
        const { drop, smallest } = holderFix(holdings, holder)
        expect(smallest).toBe(true)
        expect(drop.length).toBe(least?.length)
        expect(
          naiveBroken(
            duties,
            held.filter((each) => !drop.includes(each)),
          ),
        ).toEqual([])
      }
    }),
    { numRuns: 500 },
  )
})

test('greedy alone is enough as well, and nothing in it could stay', () => {
  fc.assert(
    fc.property(someDuties, someAssignments, (duties, assignments) => {
      const holdings = scan(compileDuties(duties), assignments)
      for (const { holder, rules } of holdings.brokenHolders()) {
        const knot = knotOf(holdings, holder, rules)
        const drop = smallestDrops(knot, { looksMax: 0 }).places.map(
          (place) => holdings.duties.entitlements.names[knot.entitlements[place] as number],
        )
        const held = heldBy(assignments, holder)
        expect(
          naiveBroken(
            duties,
            held.filter((each) => !drop.includes(each)),
          ),
        ).toEqual([])
        for (const one of drop)
          expect(
            naiveBroken(
              duties,
              held.filter((each) => each === one || !drop.includes(each)),
            ),
          ).not.toEqual([])
      }
    }),
  )
})

test('what a single drop resolves is what dropping it resolves', () => {
  fc.assert(
    fc.property(someDuties, someAssignments, (duties, assignments) => {
      const holdings = scan(compileDuties(duties), assignments)
      const found = fixes(holdings, { rowsMax: 1000 })
      const expected = [...new Set(assignments.map(({ holder }) => holder))].flatMap((holder) => {
        const held = heldBy(assignments, holder)
        const before = naiveBroken(duties, held)
        return held.flatMap((entitlement) => {
          const after = naiveBroken(
            duties,
            held.filter((each) => each !== entitlement),
          )
          const resolves = before.filter((rule) => !after.includes(rule))
          return resolves.length === 0 ? [] : [{ holder, entitlement, resolves }]
        })
      })
      const key = (each: { holder: string; entitlement: string }) => `${each.holder} ${each.entitlement}`
      expect([...found.assignments].sort((a, b) => (key(a) < key(b) ? -1 : 1))).toEqual(
        expected.sort((a, b) => (key(a) < key(b) ? -1 : 1)),
      )
      expect(found.assignments.map(({ resolves }) => resolves.length)).toEqual(
        expected.map(({ resolves }) => resolves.length).sort((a, b) => b - a),
      )
      for (const { entitlement, holdersCount, resolvesCount } of found.entitlements) {
        const own = expected.filter((each) => each.entitlement === entitlement)
        expect([holdersCount, resolvesCount]).toEqual([
          own.length,
          own.reduce((sum, each) => sum + each.resolves.length, 0),
        ])
      }
    }),
    { numRuns: 300 },
  )
})

test('few rows are the best of all rows', () => {
  fc.assert(
    fc.property(someDuties, someAssignments, fc.integer({ min: 1, max: 3 }), (duties, assignments, rowsMax) => {
      const holdings = scan(compileDuties(duties), assignments)
      const all = fixes(holdings, { rowsMax: 1000 })
      const few = fixes(holdings, { rowsMax })
      expect(few.assignments).toEqual(all.assignments.slice(0, rowsMax))
      expect(few.entitlements).toEqual(all.entitlements.slice(0, rowsMax))
    }),
  )
})

test('what rests on a drop that no longer fits is not promised without it', () => {
  const strong = ['s1', 's2', 's3', 's4', 's5']
  // Both `p` and `q` have to go before anything ends, and `r` ends something only when `q` is gone.
  const duties: Duties = {
    entitlements: [
      { id: 'p', duties: ['x'] },
      { id: 'q', duties: ['x', 'y'] },
      { id: 'r', duties: ['y'] },
      ...strong.map((id) => ({ id, duties: ['s'] })),
    ],
    functions: ['x', 'y', 's'].map((id) => ({ id, name: id, duties: [id] })),
    rules: ['x', 'x', 'x', 'y'].map((side, index) => ({
      id: `${side}${index}`,
      name: side,
      severity: 'high',
      functions: [side, 's'],
      conflictsFrom: 2,
      controls: [],
    })),
  }
  const holdings = holding(duties, { per_ana: ['p', 'q', 'r', ...strong].join(' ') })
  expect(dropPlan(holdings, 3).steps).toEqual([
    { holder: 'per_ana', drop: expect.arrayContaining(['p', 'q']), resolves: ['x0', 'x1', 'x2'] },
    { holder: 'per_ana', drop: ['r'], resolves: ['y3'] },
  ])
  expect(dropPlan(holdings, 2).resolvedCount).toBe(3)
  expect(dropPlan(holdings, 1)).toEqual({ steps: [], dropsCount: 0, resolvedCount: 0, remainingCount: 4 })
})

test('a plan does what it says, step by step, and with enough drops it ends everything', () => {
  fc.assert(
    fc.property(someDuties, someAssignments, fc.nat(6), (duties, assignments, dropsMax) => {
      const compiled = compileDuties(duties)
      const total = naiveConflicts(duties, assignments).length
      const whole = dropPlan(scan(compiled, assignments), 1000)
      expect([whole.resolvedCount, whole.remainingCount]).toEqual([total, 0])
      const short = dropPlan(scan(compiled, assignments), dropsMax)
      expect(short.dropsCount).toBeLessThanOrEqual(dropsMax)
      const holdings = scan(compiled, assignments)
      for (const { holder, drop, resolves } of short.steps) {
        const resolved = drop.flatMap((entitlement) => holdings.remove({ holder, entitlement }).resolved)
        expect(resolved.sort()).toEqual([...resolves].sort())
      }
      expect(holdings.conflictsCount).toBe(short.remainingCount)
      expect(short.resolvedCount + short.remainingCount).toBe(total)
      const worth = short.steps.map(({ drop, resolves }) => resolves.length / drop.length)
      expect(worth).toEqual(worth.toSorted((a, b) => b - a))
    }),
    { numRuns: 500 },
  )
})
