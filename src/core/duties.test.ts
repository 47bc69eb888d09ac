import fc from 'fast-check'
import { expect, test } from 'vitest'
import { policyWith } from '../../test/support/directories.ts'
import {
  brokenRules,
  brokenThrough,
  compileDuties,
  dutiesOfPolicy,
  isConflict,
  newlyBroken,
  scan,
  wouldAdd,
} from './duties.ts'
import type { DutyRule, Policy } from './policy.ts'

function policyOf(functions: Readonly<Record<string, readonly string[]>>, rules: readonly Partial<DutyRule>[]): Policy {
  return {
    ...policyWith(),
    functions: Object.fromEntries(Object.entries(functions).map(([id, duties]) => [id, { id, name: id, duties }])),
    dutyRules: Object.fromEntries(
      rules.map((rule, index) => {
        const id = `rule-${index}`
        return [
          id,
          { id, name: id, severity: 'high', functions: [], conflictsFrom: 2, controls: [], tier: 'high', ...rule },
        ]
      }),
    ),
  }
}

const policy = policyOf({ a: ['a'], b: ['b', 'b2'], c: ['c'] }, [
  { functions: ['a', 'b'] },
  { functions: ['a', 'b', 'c'], conflictsFrom: 3 },
])
const ids = (rules: readonly DutyRule[]) => rules.map(({ id }) => id)

test('a rule is broken from so many of its functions', () => {
  expect(ids(brokenRules(new Set(['a', 'b2']), policy))).toEqual(['rule-0'])
  expect(ids(brokenRules(new Set(['a', 'b', 'c']), policy))).toEqual(['rule-0', 'rule-1'])
  expect(ids(brokenRules(new Set(['b', 'b2', 'c']), policy))).toEqual([])
})

test('[B18] beside an exception that is there already, one more access into the same conflict is not nothing', () => {
  expect(ids(newlyBroken(new Set(['a', 'b']), ['b2'], policy))).toEqual([])
  expect(ids(brokenThrough(new Set(['a', 'b']), ['b2'], policy))).toEqual(['rule-0'])
  expect(ids(brokenThrough(new Set(['a', 'b']), ['lunch'], policy))).toEqual([])
  expect(ids(brokenThrough(new Set(['a', 'b']), ['c'], policy))).toEqual(['rule-1'])
})

test('one conflict needs a side of each', () => {
  const [rule] = brokenRules(new Set(['a', 'b']), policy)
  expect(rule && isConflict(rule, ['a'], ['b'], policy)).toBe(true)
  expect(rule && isConflict(rule, ['a'], ['c'], policy)).toBe(false)
  expect(rule && isConflict(rule, ['a', 'b'], [], policy)).toBe(false)
})

test('one decision and everybody at once give the same answer', () => {
  const duty = fc.constantFrom('a', 'b', 'b2', 'c', 'lunch')
  const access = fc.uniqueArray(duty, { maxLength: 3 })
  fc.assert(
    fc.property(fc.array(access, { maxLength: 4 }), access, (held, added) => {
      const entitlements = Object.fromEntries(
        [...held, added].map((duties, index) => [
          `e${index}`,
          {
            id: `e${index}`,
            name: 'x',
            tier: 'high',
            resources: ['r'],
            actions: ['a'],
            duties,
            target: {},
            kinds: ['access-override' as const],
          },
        ]),
      )
      const all: Policy = { ...policy, systems: { sys_x: { id: 'sys_x', name: 'x', connector: 'x', entitlements } } }
      const holdings = scan(
        compileDuties(dutiesOfPolicy(all)),
        held.map((_, index) => ({ holder: 'per_ana', entitlement: `sys_x/e${index}` })),
      )
      const { breaks, joins } = wouldAdd(holdings, 'per_ana', [`sys_x/e${held.length}`])
      const before = new Set(held.flat())
      expect(holdings.brokenBy('per_ana')).toEqual(ids(brokenRules(before, all)))
      expect(breaks.map(({ rule }) => rule)).toEqual(ids(newlyBroken(before, added, all)))
      expect([...breaks, ...joins].map(({ rule }) => rule).sort()).toEqual(ids(brokenThrough(before, added, all)))
    }),
    { numRuns: 500 },
  )
})
