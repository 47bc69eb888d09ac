import { expect, test } from 'vitest'
import { audit, covering, placed, record } from '../../../test/audit/support.ts'
import { policyWith, poolWith } from '../../../test/support/directories.ts'

const own = record({ approvedBy: ['ann'] })
const by = (approver: string, day: string) =>
  record({
    at: `2026-${day}T09:00:00Z`,
    askedBy: ['kim'],
    beneficiary: 'kim',
    entitlement: 'other',
    approvedBy: [approver],
  })
const more = `${placed}\nper_sue member-of team_payments\nper_tom member-of team_legal`

test('among those who were approving at that time, the independent ones, the others with the reason', () => {
  const report = audit([by('rob', '09-15'), by('sue', '10-01'), own], { directory: covering(more) })
  const { instead } = report.rows.act[2] ?? {}
  expect(instead).toMatchObject({ eligible: ['per_rob'], open: [], from: 'approvers-of-the-time' })
  expect(instead?.excluded.map(({ person, conflicts }) => [person, conflicts[0]?.code])).toEqual([
    ['per_ann', 'is-requester'],
    ['per_sue', 'on-requesting-team'],
  ])
})

test('those who approved only long before or after were not there to ask', () => {
  const report = audit([by('rob', '03-01'), own], { directory: covering(more) })
  expect(report.rows.act[1]?.instead).toMatchObject({ eligible: [], open: [] })
})

test('[independence/unknown-is-not-independent] of strangers, and without a directory, nobody knows', () => {
  const stranger = audit([by('stranger', '10-01'), own], { directory: covering(more) })
  expect(stranger.rows.act[1]?.instead).toMatchObject({ eligible: [], open: ['per_stranger'] })
  const adrift = audit([by('lee', '10-01'), own], { directory: covering(`${more}\nper_lee`) })
  expect(adrift.rows.act[1]?.instead).toMatchObject({ eligible: [], open: ['per_lee'] })
  const without = audit([by('rob', '10-01'), own])
  expect(without.rows.act[1]?.instead).toMatchObject({ eligible: [], open: ['per_rob'] })
})

test('the pools of the policy, where it knows the access', () => {
  const policy = policyWith({ pools: [poolWith('pool_legal', ['per_tom', 'per_sue'])] })
  const tier = { ...Object.values(policy.tiers)[0], pools: ['pool_legal'] }
  const given = {
    ...policy,
    tiers: { high: tier as never },
    systems: {
      sys_ledger: { id: 'sys_ledger', name: 'l', connector: 'c', entitlements: { write: { tier: 'high' } as never } },
    },
  }
  const report = audit([by('rob', '10-01'), own], { directory: covering(more), policy: given })
  expect(report.rows.act[1]?.instead).toMatchObject({ eligible: ['per_tom'], from: 'policy' })
})
