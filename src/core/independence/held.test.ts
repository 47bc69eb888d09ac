import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysAgo, directoryOf, noon } from '../../../test/support/directories.ts'
import { accessOf, accessWithPaths, compileDirectory } from '../compile.ts'
import { readPath } from '../conflict.ts'
import { compileAlike } from './held.contract.ts'

const compiled = (text: string) => compileDirectory(directoryOf(text))

function held(text: string, ...ids: string[]): string[] {
  return accessOf(compiled(text), ids, noon).map(({ system, entitlement }) => `${system}/${entitlement}`)
}

test('people hold what is stated for them, for their teams however nested, and for what they control', () => {
  const text = `
    per_ann holds sys_a/read
    per_ann member-of team_inner
    team_inner part-of team_outer
    team_outer holds sys_a/write
    team_inner owns wl_bot
    wl_bot holds sys_b/deploy
    per_bob holds sys_a/admin
    team_other holds sys_a/other
  `
  expect(held(text, 'per_ann')).toEqual(['sys_a/read', 'sys_a/write', 'sys_b/deploy'])
  expect(held(text, 'wl_bot')).toEqual(['sys_b/deploy'])
  expect(held(text, 'per_bob', 'per_ann')).toContain('sys_a/admin')
  expect(held(text, 'per_nobody')).toEqual([])
})

test('[B02] what somebody holds under another name counts, whether the link is confirmed or not', () => {
  const text = 'per_ann2 holds sys_a/write\nper_ann same-as per_ann2'
  expect(held(text, 'per_ann')).toEqual(['sys_a/write'])
})

test('a team that holds nothing lends nothing downwards: members of the outer team do not hold what the inner one does', () => {
  expect(
    held('team_inner part-of team_outer\nper_ann member-of team_outer\nteam_inner holds sys_a/x', 'per_ann'),
  ).toEqual([])
})

test('[B08] what has ended is held no more, by end of the access or of the membership; an end to come has not come', () => {
  expect(held('per_ann holds sys_a/x until 2026-11-21', 'per_ann')).toEqual([])
  expect(held('per_ann holds sys_a/x until 2026-11-23', 'per_ann')).toEqual(['sys_a/x'])
  expect(held('per_ann member-of team_a until 2026-11-21\nteam_a holds sys_a/x', 'per_ann')).toEqual([])
  const facts = directoryOf('per_ann holds sys_a/x')
  const unreadable = { ...facts, access: facts.access?.map((one) => ({ ...one, until: 'soon' })) ?? [] }
  expect(accessOf(compileDirectory(unreadable), ['per_ann'], noon)).toHaveLength(1)
  expect(accessOf(compileDirectory(facts), ['per_ann'], daysAgo(5000))).toHaveLength(1)
})

test('every statement is shown with its source and the way to it', () => {
  const shown = accessWithPaths(
    compiled(`
      per_ann member-of team_a by hr
      team_a holds sys_a/x by cloud
      team_a holds sys_a/x by ldap
    `),
    ['per_ann'],
    noon,
  )
  expect(shown.map(({ holder, source, revision }) => [holder, source, revision])).toEqual([
    ['team_a', 'cloud', 'cloud@1'],
    ['team_a', 'ldap', 'ldap@1'],
  ])
  expect(shown[0]?.path).toMatchObject([{ from: 'per_ann', relation: 'member-of', to: 'team_a', source: 'hr' }])
  expect(readPath(shown[0]?.path ?? [])).toContain('team_a')
})

test('a holder nobody describes is kept, and the order of the facts changes nothing', () => {
  const facts = directoryOf('unknown per_ghost\nper_ghost holds sys_a/x\nper_ann holds sys_b/y\nper_ann holds sys_a/x')
  expect(accessOf(compileDirectory(facts), ['per_ghost'], noon)).toEqual([{ system: 'sys_a', entitlement: 'x' }])
  const reversed = { ...facts, access: facts.access?.toReversed() ?? [] }
  for (const id of ['per_ghost', 'per_ann']) {
    expect(accessOf(compileDirectory(reversed), [id], noon)).toEqual(accessOf(compileDirectory(facts), [id], noon))
  }
})

test('the compact form answers as the plain one would', () => {
  const id = (prefix: string) => fc.integer({ min: 0, max: 4 }).map((n) => `${prefix}_${n}`)
  const holder = fc.oneof(id('per'), id('team'), id('wl'))
  const line = fc.oneof(
    fc.tuple(id('per'), fc.constantFrom('member-of'), id('team')),
    fc.tuple(id('team'), fc.constantFrom('part-of'), id('team')),
    fc.tuple(fc.oneof(id('per'), id('team')), fc.constantFrom('owns', 'operates', 'holds-credential-of'), id('wl')),
    fc.tuple(id('wl'), fc.constantFrom('delegates-to'), id('wl')),
    fc.tuple(holder, fc.constant('holds'), fc.constantFrom('sys_a/x', 'sys_a/y', 'sys_b/x')),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), holder, (lines, asked) => {
      const facts = directoryOf(lines.map((words) => words.join(' ')).join('\n'))
      expect(accessOf(compileDirectory(facts), [asked], noon)).toEqual(compileAlike(facts, asked))
    }),
  )
})
