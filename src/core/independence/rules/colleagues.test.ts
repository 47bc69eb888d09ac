import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, judge, pathTo, policyWith } from '../../../../test/support/directories.ts'

describe('on-requesting-team', () => {
  test('[independence/outside-requesting-path] [B04] a team mate is not outside', () => {
    const verdict = judge('per_ann member-of team_pay\nper_asker member-of team_pay', 'per_ann')
    expect(codesOf(verdict)).toEqual(['on-requesting-team'])
    expect(pathTo(verdict, 'on-requesting-team')).toBe('per_ann —member of→ team_pay ←member of— per_asker')
    expect(verdict.conflicts[0]?.because).toBe('per_ann shares team_pay with the requester and beneficiary per_asker')
  })

  test('every step names the source that stated it, at its revision', () => {
    const text = 'per_ann member-of team_pay by git\nper_asker member-of team_pay'
    expect(judge(text, 'per_ann').conflicts[0]?.path).toEqual([
      { from: 'per_ann', relation: 'member-of', to: 'team_pay', source: 'git', revision: 'git@1' },
      { from: 'team_pay', relation: 'member-of', to: 'per_asker', against: true, source: 'hr', revision: 'hr@1' },
    ])
  })

  test('[B04] sister teams meet in the team above them', () => {
    const text = `
      per_ann member-of team_a
      per_asker member-of team_b
      team_a part-of team_pay
      team_b part-of team_pay`
    expect(pathTo(judge(text, 'per_ann'), 'on-requesting-team')).toBe(
      'per_ann —member of→ team_a —part of→ team_pay ←part of— team_b ←member of— per_asker',
    )
  })

  test('[B04] maintaining a team counts as being in it', () => {
    const text = 'per_ann maintains team_pay\nper_asker member-of team_pay'
    expect(pathTo(judge(text, 'per_ann'), 'on-requesting-team')).toBe(
      'per_ann —maintains→ team_pay ←member of— per_asker',
    )
  })

  test('[agent/owner-counts] colleagues of whoever owns the agent are not outside', () => {
    const text = 'per_bob owns wl_bot\nper_bob member-of team_ops\nper_ann member-of team_ops'
    const verdict = judge(text, 'per_ann', { matter: { requester: 'wl_bot', beneficiary: 'wl_bot' } })
    expect(pathTo(verdict, 'on-requesting-team')).toBe('per_ann —member of→ team_ops ←member of— per_bob —owns→ wl_bot')
  })

  test('a team without members that owns the agent still has a place in the organisation', () => {
    const text = `
      per_bob owns wl_bot
      team_empty owns wl_bot
      team_empty part-of team_ops
      per_ann member-of team_ops`
    const verdict = judge(text, 'per_ann', { matter: { requester: 'wl_bot', beneficiary: 'wl_bot' } })
    expect(pathTo(verdict, 'on-requesting-team')).toBe(
      'per_ann —member of→ team_ops ←part of— team_empty —owns→ wl_bot',
    )
  })

  test('the shortest path is shown, and how many more teams there are', () => {
    const text = `
      per_ann member-of team_z
      per_asker member-of team_z
      per_ann member-of team_a
      team_a part-of team_b
      per_asker member-of team_b`
    const verdict = judge(text, 'per_ann')
    expect(pathTo(verdict, 'on-requesting-team')).toBe('per_ann —member of→ team_z ←member of— per_asker')
    expect(verdict.conflicts[0]?.because).toContain('(and 1 more team)')
  })

  test('[B08] having left the team counts for thirty days, longer if the policy says so', () => {
    const left = `per_ann member-of team_pay until ${daysAgo(40)}\nper_asker member-of team_pay`
    expect(judge(left, 'per_ann').independent).toBe(true)
    const verdict = judge(left, 'per_ann', { policy: policyWith({ lingerDays: 60 }) })
    expect(pathTo(verdict, 'on-requesting-team')).toBe(
      'per_ann —member of until 2026-10-13→ team_pay ←member of— per_asker',
    )
  })

  test('[B08] no policy shortens the thirty days', () => {
    const left = `per_ann member-of team_pay until ${daysAgo(29)}\nper_asker member-of team_pay`
    for (const lingerDays of [0, -5, Number.NaN]) {
      expect(judge(left, 'per_ann', { policy: policyWith({ lingerDays }) }).independent).toBe(false)
    }
  })

  test('[B13] a team of the same name elsewhere is another team', () => {
    const text = 'per_ann member-of team_ops\nper_asker member-of team_Ops\nteam_OPS'
    expect(judge(text, 'per_ann').independent).toBe(true)
  })

  test('circles among teams end', () => {
    const text = `
      team_a part-of team_b
      team_b part-of team_a
      team_c part-of team_c
      per_ann member-of team_a
      per_asker member-of team_c`
    expect(judge(text, 'per_ann').independent).toBe(true)
  })
})

describe('how far a team reaches', () => {
  const everybody = `
    per_ann member-of team_staff
    per_asker member-of team_staff
    team_staff part-of team_world
    per_zoe member-of team_world`

  test('an all-staff group makes no colleagues, and nobody climbs through it', () => {
    const policy = policyWith({ teams: { team_staff: 'all-staff' } })
    expect(judge(everybody, 'per_ann', { policy }).independent).toBe(true)
    expect(judge(everybody, 'per_zoe', { policy }).independent).toBe(true)
    expect(codesOf(judge(everybody, 'per_zoe'))).toEqual(['on-requesting-team'])
  })

  const division = `
    team_a part-of team_division
    team_b part-of team_division
    team_division part-of team_company
    per_ann member-of team_a
    per_asker member-of team_b`

  test('a boundary ends the climb', () => {
    expect(codesOf(judge(division, 'per_ann'))).toEqual(['on-requesting-team'])
    const policy = policyWith({ teams: { team_division: 'boundary' } })
    expect(judge(division, 'per_ann', { policy }).independent).toBe(true)
  })

  test('two people directly in a boundary are still colleagues', () => {
    const text = 'per_ann member-of team_division\nper_asker member-of team_division'
    const policy = policyWith({ teams: { team_division: 'boundary' } })
    expect(codesOf(judge(text, 'per_ann', { policy }))).toEqual(['on-requesting-team'])
  })

  test('what a team owns is everybody’s in it, whatever its mark', () => {
    const text = 'team_staff owns wl_bot\nper_ann member-of team_staff'
    const policy = policyWith({ teams: { team_staff: 'all-staff' } })
    const verdict = judge(text, 'per_ann', { policy, matter: { requester: 'wl_bot', beneficiary: 'wl_bot' } })
    expect(codesOf(verdict)).toEqual(['is-requester', 'controls-beneficiary'])
  })

  test('[B13] a mark is for exactly this id', () => {
    const policy = policyWith({ teams: { team_Division: 'boundary' } })
    expect(judge(division, 'per_ann', { policy }).independent).toBe(false)
  })
})

describe('on-requesting-rota', () => {
  test('[on-call/never-both-sides] [B04] whoever shares a rota with the requester is not outside', () => {
    const text = 'per_ann on-rota rota_db\nper_asker on-rota rota_db'
    const verdict = judge(text, 'per_ann')
    expect(codesOf(verdict)).toEqual(['on-requesting-rota'])
    expect(pathTo(verdict, 'on-requesting-rota')).toBe('per_ann —on rota→ rota_db ←on rota— per_asker')
  })

  test('[on-call/never-both-sides] taking turns is enough, whoever is on duty now', () => {
    const text = `
      shift rota_db per_ann ${daysAgo(-7)} ${daysAgo(-14)}
      shift rota_db per_asker ${daysAgo(1)} ${daysAgo(-6)}`
    expect(pathTo(judge(text, 'per_ann'), 'on-requesting-rota')).toBe('per_ann —on rota→ rota_db ←on rota— per_asker')
  })

  test('[on-call/never-both-sides] with whoever controls the asking agent too', () => {
    const text = 'per_ann on-rota rota_db\nper_bob on-rota rota_db\nper_bob operates wl_bot'
    const verdict = judge(text, 'per_ann', { matter: { requester: 'wl_bot', beneficiary: 'wl_bot' } })
    expect(pathTo(verdict, 'on-requesting-rota')).toBe('per_ann —on rota→ rota_db ←on rota— per_bob —operates→ wl_bot')
  })

  test('another rota is another rota', () => {
    expect(judge('per_ann on-rota rota_a\nper_asker on-rota rota_b', 'per_ann').independent).toBe(true)
  })
})

describe('in-reporting-line', () => {
  const line = `
    per_asker reports-to per_lead
    per_lead reports-to per_head
    per_peer reports-to per_lead
    per_junior reports-to per_asker`

  test('[B04] chiefs and their chiefs are not outside', () => {
    const verdict = judge(line, 'per_head')
    expect(codesOf(verdict)).toEqual(['in-reporting-line'])
    expect(pathTo(verdict, 'in-reporting-line')).toBe('per_head ←reports to— per_lead ←reports to— per_asker')
  })

  test('[B04] nor are those below', () => {
    expect(pathTo(judge(line, 'per_junior'), 'in-reporting-line')).toBe('per_junior —reports to→ per_asker')
  })

  test('a shared chief alone makes nobody dependent', () => {
    expect(judge(line, 'per_peer').independent).toBe(true)
  })

  test('an outsider is below the sponsor', () => {
    const text = 'per_asker sponsors per_eve\nper_eve external'
    expect(pathTo(judge(text, 'per_eve'), 'in-reporting-line')).toBe('per_eve ←sponsors— per_asker')
  })

  test('policy may ignore it, and circles end', () => {
    const policy = policyWith({ reportingLine: 'ignore' })
    expect(judge(line, 'per_head', { policy }).independent).toBe(true)
    const circle = 'per_a reports-to per_b\nper_b reports-to per_a\nper_asker reports-to per_c'
    expect(judge(circle, 'per_a').independent).toBe(true)
  })
})
