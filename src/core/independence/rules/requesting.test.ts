import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, judge, pathTo } from '../../../../test/support/directories.ts'

const agentAsks = { matter: { requester: 'wl_bot', beneficiary: 'wl_bot' } }

describe('is-requester', () => {
  test('[independence/outside-requesting-path] nobody approves what they asked for', () => {
    const verdict = judge('', 'per_asker')
    expect(verdict.independent).toBe(false)
    expect(pathTo(verdict, 'is-requester')).toBe('per_asker —requested→ per_asker')
  })

  test('cites the record of the asking where there is one', () => {
    const took = [{ person: 'per_asker', part: 'requested' as const, event: 'evt_1' }]
    const [conflict] = judge('', 'per_asker', { matter: { took } }).conflicts
    expect(conflict?.path).toEqual([
      { from: 'per_asker', relation: 'requested', to: 'per_asker', source: 'countersign', revision: 'evt_1' },
    ])
  })

  test('[agent/owner-counts] whoever owns the asking agent counts as the requester', () => {
    const verdict = judge('per_ann owns wl_bot\nper_asker owns wl_job', 'per_ann', {
      matter: { requester: 'wl_bot', beneficiary: 'wl_job' },
    })
    expect(pathTo(verdict, 'is-requester')).toBe('per_ann —owns→ wl_bot')
  })

  test('an outsider’s sponsor counts as the requester', () => {
    const text = 'per_asker external\nper_ann sponsors per_asker'
    expect(pathTo(judge(text, 'per_ann'), 'is-requester')).toBe('per_ann —sponsors→ per_asker')
  })

  test('the sponsor of somebody else does not', () => {
    expect(judge('per_eve external\nper_ann sponsors per_eve', 'per_ann').independent).toBe(true)
  })
})

describe('is-beneficiary', () => {
  test('[independence/outside-requesting-path] nobody approves what they would get', () => {
    const verdict = judge('', 'per_ann', { matter: { beneficiary: 'per_ann' } })
    expect(codesOf(verdict)).toEqual(['is-beneficiary'])
    expect(pathTo(verdict, 'is-beneficiary')).toBe('per_ann ←requested— per_asker')
  })

  test('[on-call/never-both-sides] everybody on a rota benefits from its envelope, long after their last turn', () => {
    const text = `shift rota_db per_ann ${daysAgo(20)} ${daysAgo(13)}\nper_bob on-rota rota_db`
    const verdict = judge(text, 'per_ann', { matter: { beneficiary: 'rota_db' } })
    expect(pathTo(verdict, 'is-beneficiary')).toBe('per_ann —on rota until 2026-11-09→ rota_db')
  })

  test('a turn of duty more than thirty days ago no longer counts', () => {
    const text = `shift rota_db per_ann ${daysAgo(38)} ${daysAgo(31)}\nper_bob on-rota rota_db`
    expect(judge(text, 'per_ann', { matter: { beneficiary: 'rota_db' } }).independent).toBe(true)
  })
})

describe('same-person-other-account', () => {
  test('[B02] a second entry of the requester is the requester, whether or not anybody confirmed it', () => {
    const verdict = judge('per_ann same-as per_asker', 'per_ann')
    expect(codesOf(verdict)).toEqual(['same-person-other-account'])
    expect(pathTo(verdict, 'same-person-other-account')).toBe('per_ann —same as→ per_asker')
  })

  test('[B02] two people with one account count as one', () => {
    const verdict = judge('acc_shared belongs-to per_ann\nacc_shared belongs-to per_asker', 'per_ann')
    expect(pathTo(verdict, 'same-person-other-account')).toBe('per_ann ←belongs to— acc_shared —belongs to→ per_asker')
  })

  test('[B02] [agent/owner-counts] whoever uses the account of the asking agent is behind it', () => {
    const text = 'acc_ci belongs-to wl_bot\nacc_ci belongs-to per_ann\nper_bob owns wl_bot'
    expect(pathTo(judge(text, 'per_ann', agentAsks), 'same-person-other-account')).toBe(
      'per_ann ←belongs to— acc_ci —belongs to→ wl_bot',
    )
  })

  test('[B02] an asking account counts for whoever it belongs to', () => {
    const verdict = judge('acc_1 belongs-to per_ann', 'per_ann', { matter: { requester: 'acc_1' } })
    expect(pathTo(verdict, 'same-person-other-account')).toBe('per_ann ←belongs to— acc_1')
  })

  test('names that look alike are different names, and an account of one’s own is no second person', () => {
    const text = `
      acc_1 on sys_sso login Asker
      acc_1 belongs-to per_ann
      acc_2 on sys_sso login asker
      acc_2 belongs-to per_asker`
    expect(judge(text, 'per_ann').independent).toBe(true)
    expect(codesOf(judge(text, 'per_asker'))).not.toContain('same-person-other-account')
  })
})

describe('controls-beneficiary', () => {
  test.each(['owns', 'operates', 'created', 'holds-credential-of', 'delegates-to'])(
    '[independence/outside-requesting-path] who %s what gets the access is not outside',
    (relation) => {
      const text = `per_ann ${relation} wl_job\nper_asker owns wl_job`
      const verdict = judge(text, 'per_ann', { matter: { beneficiary: 'wl_job' } })
      expect(pathTo(verdict, 'controls-beneficiary')).toBe(`per_ann —${relation.replaceAll('-', ' ')}→ wl_job`)
    },
  )

  test('[agent/owner-counts] through the team that owns it, however deeply nested', () => {
    const text = `
      team_platform owns wl_bot
      team_storage part-of team_platform
      team_backup part-of team_storage
      per_ann member-of team_backup`
    const verdict = judge(text, 'per_ann', agentAsks)
    expect(pathTo(verdict, 'controls-beneficiary')).toBe(
      'per_ann —member of→ team_backup —part of→ team_storage —part of→ team_platform —owns→ wl_bot',
    )
  })

  test('being in the team above the owning team is not being in the owning team', () => {
    const text = `
      team_backup owns wl_bot
      team_backup part-of team_company
      per_bob member-of team_backup
      per_ann member-of team_company`
    expect(codesOf(judge(text, 'per_ann', agentAsks))).toEqual(['on-requesting-team'])
  })

  test('[agent/owner-counts] the owner of an agent that runs another agent controls both', () => {
    const text = 'per_ann owns wl_boss\nwl_boss delegates-to wl_helper\nwl_helper delegates-to wl_bot'
    const verdict = judge(text, 'per_ann', agentAsks)
    expect(pathTo(verdict, 'controls-beneficiary')).toBe(
      'per_ann —owns→ wl_boss —delegates to→ wl_helper —delegates to→ wl_bot',
    )
  })

  test('[B08] handing a bot over clears nobody for thirty days, and not a day more', () => {
    const sold = (days: number) =>
      judge(`per_bob owns wl_bot\nper_ann owns wl_bot until ${daysAgo(days)}`, 'per_ann', agentAsks)
    expect(pathTo(sold(29), 'controls-beneficiary')).toBe('per_ann —owns until 2026-10-24→ wl_bot')
    expect(sold(30).independent).toBe(true)
  })

  test('circles of delegation end', () => {
    const text = 'wl_a delegates-to wl_bot\nwl_bot delegates-to wl_a\nper_bob owns wl_a'
    expect(judge(text, 'per_ann', agentAsks).independent).toBe(true)
    expect(judge(text, 'per_bob', agentAsks).independent).toBe(false)
  })
})

describe('in-delegation-chain', () => {
  test('[agent/owner-counts] whoever passed the request on, or owns what did, stands in its chain', () => {
    const matter = { matter: { requester: 'wl_bot', chain: ['per_ann', 'wl_relay'], beneficiary: 'per_zoe' } }
    const text = 'per_owner owns wl_bot\nper_bob owns wl_relay\nper_ann\nper_zoe'
    expect(pathTo(judge(text, 'per_ann', matter), 'in-delegation-chain')).toBe('per_ann —requested→ per_zoe')
    expect(pathTo(judge(text, 'per_bob', matter), 'in-delegation-chain')).toBe('per_bob —owns→ wl_relay')
    expect(judge(text, 'per_eve', matter).independent).toBe(true)
  })

  test('whoever delegates to the asking workload stands in the chain though nobody named them', () => {
    const text = 'per_owner owns wl_bot\nper_ann delegates-to wl_bot'
    expect(pathTo(judge(text, 'per_ann', agentAsks), 'in-delegation-chain')).toBe('per_ann —delegates to→ wl_bot')
  })

  test('owning it without delegating to it is not delegating to it', () => {
    const text = 'per_ann owns wl_bot'
    expect(codesOf(judge(text, 'per_ann', agentAsks))).not.toContain('in-delegation-chain')
  })
})

describe('can-change-beneficiary', () => {
  test('[independence/outside-requesting-path] who can change the prompt can change what is done with the access', () => {
    const text = 'per_owner owns wl_bot\nper_ann can-change wl_bot'
    const verdict = judge(text, 'per_ann', agentAsks)
    expect(codesOf(verdict)).toEqual(['can-change-beneficiary'])
    expect(pathTo(verdict, 'can-change-beneficiary')).toBe('per_ann —can change→ wl_bot')
  })

  test('through a team, by membership or by deciding who is in it', () => {
    const text = `
      per_owner owns wl_bot
      team_repo can-change wl_bot
      per_ann member-of team_repo
      per_bob maintains team_repo`
    expect(pathTo(judge(text, 'per_ann', agentAsks), 'can-change-beneficiary')).toBe(
      'per_ann —member of→ team_repo —can change→ wl_bot',
    )
    expect(pathTo(judge(text, 'per_bob', agentAsks), 'can-change-beneficiary')).toBe(
      'per_bob —maintains→ team_repo —can change→ wl_bot',
    )
  })

  test('by owning the pipeline that can change it', () => {
    const text = 'per_owner owns wl_bot\nwl_ci can-change wl_bot\nper_ann owns wl_ci'
    expect(pathTo(judge(text, 'per_ann', agentAsks), 'can-change-beneficiary')).toBe(
      'per_ann —owns→ wl_ci —can change→ wl_bot',
    )
  })

  test('changing another workload of the same owner changes nothing here', () => {
    const text = 'per_owner owns wl_bot\nper_owner owns wl_other\nper_ann can-change wl_other'
    expect(judge(text, 'per_ann', agentAsks).independent).toBe(true)
  })
})
