import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, judge, pathTo, policyWith, poolWith } from '../../../../test/support/directories.ts'

const byTeam = policyWith({ pools: [poolWith('pool_outside', ['team_risk'])] })

describe('can-change-approver-pool', () => {
  test('[B05] the requester did not put the approver into the pool', () => {
    const text = 'per_ann member-of team_risk\nper_asker maintains team_risk'
    const policy = policyWith({ pools: [poolWith('pool_outside', ['team_risk'])], teams: { team_risk: 'all-staff' } })
    const verdict = judge(text, 'per_ann', { policy })
    expect(codesOf(verdict)).toEqual(['can-change-approver-pool'])
    expect(pathTo(verdict, 'can-change-approver-pool')).toBe('per_ann —member of→ team_risk ←maintains— per_asker')
  })

  test('[B05] [agent/owner-counts] nor did whoever owns the asking agent, through a nested team', () => {
    const text = `
      per_ann member-of team_audit
      team_audit part-of team_risk
      per_bob maintains team_audit
      per_bob owns wl_bot`
    const verdict = judge(text, 'per_ann', { policy: byTeam, matter: { requester: 'wl_bot', beneficiary: 'wl_bot' } })
    expect(pathTo(verdict, 'can-change-approver-pool')).toBe(
      'per_ann —member of→ team_audit ←maintains— per_bob —owns→ wl_bot',
    )
  })

  test('[B05] nor whoever runs the system from which the membership is read', () => {
    const text = 'per_ann member-of team_risk by git\nper_asker administers sys_git'
    const verdict = judge(text, 'per_ann', { policy: byTeam })
    expect(codesOf(verdict)).toEqual(['can-change-approver-pool'])
    expect(pathTo(verdict, 'can-change-approver-pool')).toBe('per_ann —member of→ team_risk')
    expect(codesOf(judge(`${text}\nper_ann member-of team_risk by hr`, 'per_ann', { policy: byTeam }))).toEqual([])
  })

  test('[rules/maker-checker] [B05] nor whoever opened the pool to them', () => {
    const policy = policyWith({ pools: [poolWith('pool_outside', ['per_ann'])] })
    const change = { author: 'per_asker', loosened: ['pool_outside'], at: daysAgo(2), event: 'evt_r' }
    const verdict = judge('', 'per_ann', { policy, history: { ruleChanges: [change] } })
    expect(codesOf(verdict)).toEqual(['can-change-approver-pool'])
    expect(pathTo(verdict, 'can-change-approver-pool')).toBe('per_ann —in pool→ pool_outside ←changed rules— per_asker')
  })

  test('no maintainer touches who is listed by name, or in through another team', () => {
    const text = `
      per_ann member-of team_risk
      per_ann member-of team_legal
      per_asker maintains team_risk`
    const marks = { team_risk: 'all-staff' } as const
    const named = policyWith({ pools: [poolWith('pool_outside', ['team_risk', 'per_ann'])], teams: marks })
    const twice = policyWith({ pools: [poolWith('pool_outside', ['team_risk', 'team_legal'])], teams: marks })
    expect(judge(text, 'per_ann', { policy: named }).independent).toBe(true)
    expect(judge(text, 'per_ann', { policy: twice }).independent).toBe(true)
  })

  test('somebody else may maintain the team', () => {
    const text = 'per_ann member-of team_risk\nper_bob maintains team_risk'
    expect(judge(text, 'per_ann', { policy: byTeam }).independent).toBe(true)
  })
})

describe('joined-pool-too-recently', () => {
  const strict = (founders: string[] = []) =>
    policyWith({ pools: [poolWith('pool_outside', ['per_ann', 'team_risk'])], poolTenureDays: 14, founders })
  const tenure = (member: string, days: number) => ({ pool: 'pool_outside', member, since: daysAgo(days) })

  test('[B08] a member of a minute ago does not decide', () => {
    const verdict = judge('', 'per_ann', { policy: strict(), history: { tenures: [tenure('per_ann', 13)] } })
    expect(codesOf(verdict)).toEqual(['joined-pool-too-recently'])
    expect(pathTo(verdict, 'joined-pool-too-recently')).toBe('per_ann —in pool→ pool_outside')
    expect(verdict.independent).toBe(false)
    expect(judge('', 'per_ann', { policy: strict(), history: { tenures: [tenure('per_ann', 14)] } }).independent).toBe(
      true,
    )
  })

  test('[independence/unknown-is-not-independent] [B08] nor does one of whom nobody knows since when', () => {
    expect(codesOf(judge('', 'per_ann', { policy: strict() }))).toEqual(['joined-pool-too-recently'])
  })

  test('founders are exempt', () => {
    expect(judge('', 'per_ann', { policy: strict(['per_ann']) }).independent).toBe(true)
  })

  test('[B08] through a team the latest of all steps counts: team, sub-team and listing', () => {
    const ask = (joined: number, nested: number, listed: number) =>
      judge(
        `per_bob member-of team_audit since ${daysAgo(joined)}\nteam_audit part-of team_risk since ${daysAgo(nested)}`,
        'per_bob',
        { policy: strict(), history: { tenures: [tenure('team_risk', listed)] } },
      )
    expect(ask(100, 100, 100).independent).toBe(true)
    expect(pathTo(ask(3, 100, 100), 'joined-pool-too-recently')).toBe(
      'per_bob —member of→ team_audit —part of→ team_risk —in pool→ pool_outside',
    )
    expect(codesOf(ask(100, 3, 100))).toEqual(['joined-pool-too-recently'])
    expect(codesOf(ask(100, 100, 3))).toEqual(['joined-pool-too-recently'])
  })

  test('the longest-standing way into any of the pools counts', () => {
    const text = `per_ann member-of team_risk since ${daysAgo(100)}`
    const history = { tenures: [tenure('per_ann', 1), tenure('team_risk', 100)] }
    expect(judge(text, 'per_ann', { policy: strict(), history }).independent).toBe(true)
  })

  test('whoever is in none of the pools has not joined one too recently', () => {
    expect(judge('', 'per_bob', { policy: strict() }).conflicts).toEqual([])
  })
})
