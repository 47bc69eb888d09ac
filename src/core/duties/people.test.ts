import { expect, test } from 'vitest'
import { directoryOf, noon, policyWith } from '../../../test/support/directories.ts'
import { compileDirectory } from '../compile.ts'
import { compileDuties } from './compile.ts'
import { scan } from './holdings.ts'
import { type AccountAccess, assignmentsOfPeople } from './people.ts'
import type { Duties } from './rules.ts'

const directory = compileDirectory(
  directoryOf(`
    acc_ana on sys_erp login ana
    acc_ana belongs-to per_ana confirmed
    acc_ana2 on sys_bank login ana.admin
    acc_ana2 belongs-to per_ana
    acc_bot on sys_bank login bot
    acc_bot belongs-to wl_bot confirmed
    per_ben owns wl_bot
    acc_ben on sys_erp login ben
    acc_ben belongs-to per_ben confirmed
    acc_shared on sys_bank login shared
    acc_shared belongs-to per_cleo
    acc_shared belongs-to per_dov
    acc_cleo on sys_erp login cleo
    acc_cleo belongs-to per_cleo confirmed
    acc_gone on sys_bank login gone
    acc_gone belongs-to per_eve until 2026-01-01
  `),
)

const duties: Duties = {
  entitlements: [
    { id: 'sys_erp/vendors', duties: ['create-vendor'] },
    { id: 'sys_bank/pay', duties: ['pay-vendor'] },
  ],
  functions: [
    { id: 'vendors', name: 'Vendors', duties: ['create-vendor'] },
    { id: 'paying', name: 'Paying', duties: ['pay-vendor'] },
  ],
  rules: [
    { id: 'apart', name: 'Apart', severity: 'high', functions: ['vendors', 'paying'], conflictsFrom: 2, controls: [] },
  ],
}

function people(accesses: readonly AccountAccess[]) {
  const found = assignmentsOfPeople(accesses, directory, policyWith(), noon)
  return {
    ...found,
    conflicts: [...scan(compileDuties(duties), found.assignments).allBroken()].map(({ holder }) => holder),
  }
}

const vendors = (account: string): AccountAccess => ({ system: 'sys_erp', account, entitlement: 'vendors' })
const pay = (account: string): AccountAccess => ({ system: 'sys_bank', account, entitlement: 'pay' })

test('[B02] two accounts of one person are one holder, the link confirmed or not', () => {
  const found = people([vendors('ana'), pay('ana.admin')])
  expect(found.conflicts).toEqual(['per_ana'])
  expect(found.accountsBehind({ holder: 'per_ana', entitlement: 'sys_bank/pay' })).toEqual([
    { system: 'sys_bank', account: 'ana.admin' },
  ])
})

test('[agent/owner-counts] what a workload holds, its owner holds too', () => {
  const found = people([vendors('ben'), pay('bot')])
  expect(found.conflicts).toEqual(['per_ben'])
  expect(found.assignments).toContainEqual({ holder: 'wl_bot', entitlement: 'sys_bank/pay' })
})

test('whoever shares an account counts as one holder with whom they share it', () => {
  expect(people([pay('shared')]).assignments.map(({ holder }) => holder)).toEqual(['per_cleo', 'per_dov'])
  expect(people([vendors('cleo'), pay('shared')])).toMatchObject({ conflicts: ['per_cleo', 'per_dov'], unresolved: [] })
})

test('[B13] an account that nobody answers to is a holder of its own and is told', () => {
  const found = people([vendors('Ana'), pay('gone'), pay('gone')])
  expect(found.unresolved).toEqual(['sys_erp:Ana', 'sys_bank:gone'])
  expect(found.assignments).toEqual([
    { holder: 'sys_erp:Ana', entitlement: 'sys_erp/vendors' },
    { holder: 'sys_bank:gone', entitlement: 'sys_bank/pay' },
  ])
})
