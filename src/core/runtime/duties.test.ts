import { expect, test } from 'vitest'
import { policyFor } from '../../../test/support/life.ts'
import { brokenByUse, type Exercised, separatedDuties } from '../runtime.ts'

const posting = { system: 'sys_ledger', entitlement: 'ledger-write' }
const approved: Exercised = { person: 'per_asker', duty: 'approve-entry' }

test('[agent/runtime-check] two sides by one person are a conflict, by two people they are what duties are for', () => {
  const policy = policyFor()
  expect(brokenByUse(posting, [approved], policy)).toBe('post-and-approve')
  expect(brokenByUse(posting, [{ ...approved, duty: 'post-entry' }], policy)).toBeUndefined()
  const threeOf = {
    ...policy,
    dutyRules: {
      three: {
        ...policy.dutyRules['post-and-approve'],
        id: 'three',
        functions: ['posting', 'approving', 'paying'],
        conflictsFrom: 3,
      },
    },
  }
  const functions = { ...policy.functions, paying: { id: 'paying', name: 'pay', duties: ['pay'] } }
  const apart: Exercised[] = [approved, { person: 'per_sam', duty: 'pay' }]
  const rules = { ...threeOf, functions } as typeof policy
  expect(brokenByUse(posting, apart, rules)).toBeUndefined()
  expect(brokenByUse(posting, [approved, { person: 'per_asker', duty: 'pay' }], rules)).toBe('three')
})

test('an exception from that very rule is what it was countersigned for, on either side', () => {
  const policy = policyFor()
  expect(brokenByUse({ ...posting, exception: 'post-and-approve' }, [approved], policy)).toBeUndefined()
  expect(brokenByUse(posting, [{ ...approved, exception: 'post-and-approve' }], policy)).toBeUndefined()
  expect(brokenByUse(posting, [{ ...approved, exception: 'another' }], policy)).toBe('post-and-approve')
  // What somebody else was allowed excuses nobody.
  expect(brokenByUse(posting, [{ ...approved, exception: 'post-and-approve' }, approved], policy)).toBe(
    'post-and-approve',
  )
})

test('what no rule keeps apart is not asked about', () => {
  const policy = policyFor()
  expect(separatedDuties(posting, policy)).toEqual(['post-entry'])
  expect(separatedDuties(posting, { ...policy, dutyRules: {} })).toEqual([])
  expect(separatedDuties({ system: 'sys_ledger', entitlement: 'none' }, policy)).toEqual([])
})
