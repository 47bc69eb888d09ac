import { describe, expect, test } from 'vitest'
import { codesOf, daysAgo, directoryOf, judge, noon, pathTo } from '../../../../test/support/directories.ts'
import type { DirectoryFacts } from '../../directory.ts'

describe('not-a-person', () => {
  test.each(['wl_bot', 'acc_1', 'team_ops', 'rota_db'])('[B22] agents and other things never decide: %s', (id) => {
    expect(codesOf(judge('', id))).toEqual(['not-a-person'])
  })

  test('one source that calls it a workload is enough', () => {
    const facts = directoryOf('sys_target\nper_asker\nper_robo')
    const robot = { id: 'per_robo', kind: 'workload' as const, name: 'robo', source: 'hr' }
    expect(codesOf(judge({ ...facts, nodes: [...facts.nodes, robot] }, 'per_robo'))).toEqual(['not-a-person'])
    expect(judge(facts, 'per_robo').independent).toBe(true)
  })

  test('[independence/relation-not-title] neither a name nor a title makes a person of a workload', () => {
    const facts = directoryOf('sys_target\nper_asker')
    const boss = { id: 'wl_ciso', kind: 'person' as const, name: 'Chief Information Security Officer', source: 'hr' }
    expect(codesOf(judge({ ...facts, nodes: [...facts.nodes, boss] }, 'wl_ciso'))).toEqual(['not-a-person'])
  })
})

describe('unresolved-identity', () => {
  test('[independence/unknown-is-not-independent] nobody knows this person', () => {
    const verdict = judge(directoryOf('sys_target\nper_asker'), 'per_stranger')
    expect(codesOf(verdict)).toEqual(['unresolved-identity'])
    expect(verdict.conflicts[0]?.because).toBe('per_stranger is in no source of the directory')
  })

  test('[B08] somebody who left decides nothing, from that moment on', () => {
    expect(codesOf(judge(`per_ann until ${noon}`, 'per_ann'))).toEqual(['unresolved-identity'])
    expect(judge(`per_ann until ${daysAgo(-1)}`, 'per_ann').independent).toBe(true)
  })

  test('one source that says they left is enough', () => {
    const facts = directoryOf('sys_target\nper_asker\nper_ann')
    const gone = { id: 'per_ann', kind: 'person' as const, name: 'Ann', source: 'hr', until: daysAgo(1) }
    expect(codesOf(judge({ ...facts, nodes: [gone, ...facts.nodes] }, 'per_ann'))).toEqual(['unresolved-identity'])
  })

  test('[independence/unknown-is-not-independent] nobody is independent of an orphan workload', () => {
    const orphan = { matter: { requester: 'wl_orphan', beneficiary: 'wl_orphan' } }
    const verdict = judge('wl_orphan agent\nwl_other delegates-to wl_orphan', 'per_ann', orphan)
    expect(codesOf(verdict)).toEqual(['unresolved-identity'])
    expect(verdict.conflicts[0]?.because).toBe('no person can be found behind wl_orphan')
    expect(judge('per_bob owns wl_orphan', 'per_ann', orphan).independent).toBe(true)
  })

  test('a known requester does not make up for an orphan beneficiary', () => {
    expect(codesOf(judge('wl_job', 'per_ann', { matter: { beneficiary: 'wl_job' } }))).toEqual(['unresolved-identity'])
  })

  test.each([
    ['the requester', { requester: 'per_ghost', beneficiary: 'per_asker' }],
    ['the beneficiary', { beneficiary: 'per_ghost' }],
    ['somebody in the chain', { chain: ['per_ghost'] }],
    ['the target', { system: 'sys_ghost' }],
  ])('[independence/unknown-is-not-independent] nobody knows %s', (_, matter) => {
    expect(codesOf(judge('', 'per_ann', { matter }))).toEqual(['unresolved-identity'])
  })

  test('a relation of the person into the dark', () => {
    const verdict = judge('per_ann member-of team_dark\nunknown team_dark', 'per_ann')
    expect(codesOf(verdict)).toEqual(['unresolved-identity'])
    expect(pathTo(verdict, 'unresolved-identity')).toBe('per_ann —member of→ team_dark')
  })

  test('a team of theirs that is part of a team nobody describes', () => {
    const verdict = judge('per_ann member-of team_a\nteam_a part-of team_dark\nunknown team_dark', 'per_ann')
    expect(pathTo(verdict, 'unresolved-identity')).toBe('per_ann —member of→ team_a —part of→ team_dark')
  })

  test('a relation of the requesting side into the dark, for everybody', () => {
    const text = 'acc_dark belongs-to per_asker\nunknown acc_dark'
    expect(pathTo(judge(text, 'per_ann'), 'unresolved-identity')).toBe('acc_dark —belongs to→ per_asker')
  })

  test('somebody unknown who runs the target', () => {
    const text = 'team_dark administers sys_target\nunknown team_dark'
    expect(pathTo(judge(text, 'per_ann'), 'unresolved-identity')).toBe('team_dark —administers→ sys_target')
  })

  test('the dark elsewhere harms nobody', () => {
    expect(judge('per_bob member-of team_dark\nunknown team_dark', 'per_ann').independent).toBe(true)
  })
})

describe('directory-too-old', () => {
  const facts = (state: Partial<DirectoryFacts['sources'][number]>) =>
    directoryOf('sys_target\nper_asker\nper_ann\nper_ann on-rota rota_x by git', { id: 'git', ...state })

  test('[independence/unknown-is-not-independent] [fail/closed] [B08] one stale source is enough', () => {
    const at = (observedAt: string) => codesOf(judge(facts({ observedAt, staleAfterSeconds: 3600 }), 'per_ann'))
    expect(at('2026-11-22T11:00:00.000Z')).toEqual([])
    expect(at('2026-11-22T10:59:59.999Z')).toEqual(['directory-too-old'])
  })

  test('[fail/closed] facts from the future, or from nobody knows when, are too old', () => {
    const at = (observedAt: string) => codesOf(judge(facts({ observedAt }), 'per_ann'))
    expect(at('2026-11-22T12:01:00.000Z')).toEqual([])
    expect(at('2026-11-22T12:01:00.001Z')).toEqual(['directory-too-old'])
    expect(at('recently')).toEqual(['directory-too-old'])
    expect(codesOf(judge(facts({ staleAfterSeconds: Number.NaN }), 'per_ann'))).toEqual(['directory-too-old'])
  })

  test('[fail/closed] [B07] no directory, or facts of a source nobody read, are too old', () => {
    const whole = facts({})
    expect(codesOf(judge({ ...whole, sources: [] }, 'per_ann'))).toEqual(['directory-too-old'])
    const cited = { ...whole, shifts: [{ rota: 'rota_x', person: 'per_bob', start: noon, end: noon, source: 'cache' }] }
    expect(codesOf(judge(cited, 'per_ann'))).toContain('directory-too-old')
  })

  test('[fail/closed] a moment nobody can read is no moment to decide', () => {
    expect(codesOf(judge('', 'per_ann', { now: 'now' }))).toContain('directory-too-old')
  })
})
