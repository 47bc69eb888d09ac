/** Whose access counts as whose: teams, workloads, waivers. */
import { describe, expect, test } from 'vitest'
import { directoryOf, noon, policyWith } from '../../../test/support/directories.ts'
import { compileDirectory } from '../compile.ts'
import { readPath } from '../conflict.ts'
import { assignmentsInForce, type LiveAccess, originsOf } from './in-force.ts'

const directory = compileDirectory(
  directoryOf(`
  per_ana holds sys_erp/vendors
  per_ben member-of team_pay
  team_pay holds sys_erp/pay
  per_ben operates wl_bot
  wl_bot holds sys_erp/vendors
  per_carl member-of team_pay until 2026-11-01
  per_gone until 2026-11-01
  per_gone holds sys_erp/pay
  per_dora holds sys_erp/old until 2026-11-01`),
)
const live: readonly LiveAccess[] = [
  { waiver: 'wvr_1', holder: 'wl_bot', system: 'sys_erp', entitlement: 'pay', until: '2026-11-22T18:00:00.000Z' },
]

function held(of: readonly LiveAccess[] = live) {
  const pairs = [...assignmentsInForce(directory, of, policyWith(), noon)]
  return [...new Set(pairs.map(({ holder, entitlement }) => `${holder} ${entitlement}`))].sort()
}

describe('assignments in force', () => {
  test('are held by people and workloads, through teams and tools, and by nobody who has left', () => {
    expect(held([])).toEqual([
      'per_ana sys_erp/vendors',
      'per_ben sys_erp/pay',
      'per_ben sys_erp/vendors',
      'wl_bot sys_erp/vendors',
    ])
  })

  test('what a waiver gives a workload, whoever controls it has too', () => {
    expect(held()).toContain('wl_bot sys_erp/pay')
    const origins = originsOf('per_ben', directory, live, policyWith(), noon)
    const pay = origins.get('sys_erp/pay') ?? []
    expect(
      pay.map((one) => (one.kind === 'waiver' ? `${one.waiver} for ${one.beneficiary}` : readPath(one.path))),
    ).toEqual(['per_ben —member of→ team_pay', 'wvr_1 for wl_bot'])
    expect(originsOf('per_ana', directory, live, policyWith(), noon).has('sys_erp/pay')).toBe(false)
  })
})
