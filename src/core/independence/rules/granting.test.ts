import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, judge, pathTo } from '../../../../test/support/directories.ts'

describe('on-granting-team', () => {
  test.each(['administers', 'holds-credential-of', 'operates', 'owns'])(
    '[independence/outside-granting-path] [B05] who %s the target does not approve access to it',
    (relation) => {
      const verdict = judge(`per_ann ${relation} sys_target`, 'per_ann')
      expect(codesOf(verdict)).toEqual(['on-granting-team'])
      expect(pathTo(verdict, 'on-granting-team')).toBe(`per_ann —${relation.replaceAll('-', ' ')}→ sys_target`)
    },
  )

  test('[independence/outside-granting-path] through a team, nested below it or deciding who is in it', () => {
    const text = `
      team_dba administers sys_target
      team_night part-of team_dba
      per_ann member-of team_night
      per_bob maintains team_dba`
    expect(pathTo(judge(text, 'per_ann'), 'on-granting-team')).toBe(
      'per_ann —member of→ team_night —part of→ team_dba —administers→ sys_target',
    )
    expect(pathTo(judge(text, 'per_bob'), 'on-granting-team')).toBe(
      'per_bob —maintains→ team_dba —administers→ sys_target',
    )
  })

  test('through a pipeline that provisions the target', () => {
    const text = 'wl_provisioner holds-credential-of sys_target\nper_ann owns wl_provisioner'
    expect(pathTo(judge(text, 'per_ann'), 'on-granting-team')).toBe(
      'per_ann —owns→ wl_provisioner —holds credential of→ sys_target',
    )
  })

  test('[B08] for thirty days after the credential was handed back', () => {
    expect(codesOf(judge(`per_ann administers sys_target until ${daysAgo(29)}`, 'per_ann'))).toEqual([
      'on-granting-team',
    ])
    expect(judge(`per_ann administers sys_target until ${daysAgo(31)}`, 'per_ann').independent).toBe(true)
  })

  test('running another system, or being above the team that runs the target, is not running it', () => {
    expect(judge('per_ann administers sys_other', 'per_ann').independent).toBe(true)
    const above = 'team_dba administers sys_target\nteam_dba part-of team_it\nper_ann member-of team_it'
    expect(judge(above, 'per_ann').independent).toBe(true)
  })
})

describe('operates-countersign', () => {
  test.each(['operates', 'administers', 'holds-credential-of'])(
    '[independence/outside-granting-path] [B05] who %s this installation can reach every target',
    (relation) => {
      const text = `team_platform ${relation} sys_countersign\nper_ann member-of team_platform`
      const verdict = judge(text, 'per_ann')
      expect(codesOf(verdict)).toEqual(['operates-countersign'])
      expect(pathTo(verdict, 'operates-countersign')).toBe(
        `per_ann —member of→ team_platform —${relation.replaceAll('-', ' ')}→ sys_countersign`,
      )
    },
  )

  test('a change to the rules has no target whose credential they could reach', () => {
    const verdict = judge('per_ann operates sys_countersign', 'per_ann', { target: 'none' })
    expect(verdict.independent).toBe(true)
  })

  test('answering for it on paper is not running it', () => {
    expect(judge('per_ann owns sys_countersign', 'per_ann').independent).toBe(true)
  })
})
