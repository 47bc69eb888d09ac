import { expect, test } from 'vitest'
import { directoryOf, noon } from '../../test/support/directories.ts'
import type { DirectoryFacts } from './directory.ts'
import { provenanceOf } from './provenance.ts'

const about = (text: string, id = 'per_ann') => provenanceOf(directoryOf(text), id, noon)
const sentences = (text: string, id?: string) => about(text, id).disagreements.map(({ sentence }) => sentence)

/** The same node by several sources, first come first shown. */
function described(...nodes: readonly Partial<DirectoryFacts['nodes'][number]>[]): DirectoryFacts {
  const plain = { id: 'per_ann', kind: 'person', name: 'Ann', source: 'hr' } as const
  const sources = ['forge', 'hr', 'ldap'].map((id, precedence) => ({
    id,
    revision: '1',
    observedAt: noon,
    staleAfterSeconds: 60,
    precedence,
  }))
  return { nodes: nodes.map((node) => ({ ...plain, ...node })), relations: [], shifts: [], sources }
}

test('every fact stands with each source that states it', () => {
  const { relations, access } = about(`
    per_ann member-of team_a since 2026-01-01 by hr
    per_ann member-of team_a by ldap
    per_bob reports-to per_ann
    per_ann holds sys_a/x by cloud
    per_bob holds sys_a/x by cloud
  `)
  expect(relations.find(({ to }) => to === 'team_a')?.said).toEqual([
    { source: 'hr', since: '2026-01-01T00:00:00.000Z' },
    { source: 'ldap' },
  ])
  expect(relations).toHaveLength(2)
  expect(access).toEqual([{ holder: 'per_ann', system: 'sys_a', entitlement: 'x', said: [{ source: 'cloud' }] }])
  expect(about('per_ann holds sys_a/x\nper_bob holds sys_a/x', 'sys_a').access).toHaveLength(2)
})

test('sources that describe somebody otherwise: who says what, and what is made of it', () => {
  const disagreements = (...nodes: readonly Partial<DirectoryFacts['nodes'][number]>[]) =>
    provenanceOf(described(...nodes), 'per_ann', noon).disagreements.map(({ sentence }) => sentence)
  expect(disagreements({ source: 'hr' }, { source: 'forge', name: 'ann-m' })).toEqual([
    '`forge` says `ann-m`; `hr` says `Ann`; `ann-m` is shown',
  ])
  expect(disagreements({ source: 'hr' }, { source: 'ldap', until: '2026-11-01T00:00:00.000Z' })).toEqual([
    '`hr` says present; `ldap` says gone; so it is taken for gone',
  ])
  expect(disagreements({ source: 'hr' }, { source: 'ldap', external: true })).toEqual([
    '`hr` says employed here; `ldap` says external; so it is taken for external',
  ])
  expect(disagreements({ source: 'hr' }, { source: 'ldap', kind: 'workload' })[0]).toMatch(
    /so it is taken for no person$/,
  )
  expect(disagreements({ source: 'hr' }, { source: 'ldap' })).toEqual([])
})

test('[B08] a relation that one source has ended and another one states counts, and that is said', () => {
  expect(sentences('per_ann member-of team_a until 2026-11-01 by hr\nper_ann member-of team_a by ldap')).toEqual([
    'per_ann —member of→ team_a: over by `hr`, holds by `ldap`; so it counts',
  ])
})

test('several managers, several owners of an account, and a source that knows both and keeps silent', () => {
  expect(sentences('per_ann reports-to per_bob by hr\nper_ann reports-to per_cat by ldap')).toContain(
    'several managers: `per_bob` by `hr`, `per_cat` by `ldap`; all of them count',
  )
  expect(sentences('acc_1 on sys_x login a\nacc_1 belongs-to per_ann\nacc_1 belongs-to per_bob', 'acc_1')).toContain(
    'several owners: `per_ann` by `hr`, `per_bob` by `hr`; all of them count',
  )
  const text = 'per_ann member-of team_a by ldap\nper_bob member-of team_a by hr'
  const facts = directoryOf(text)
  const both = { ...facts, nodes: [...facts.nodes, ...facts.nodes.map((node) => ({ ...node, source: 'hr' }))] }
  expect(provenanceOf(both, 'team_a', noon).relations.find(({ from }) => from === 'per_ann')?.silent).toEqual(['hr'])
  expect(provenanceOf(both, 'team_a', noon).disagreements.map(({ sentence }) => sentence)).toContain(
    'per_ann —member of→ team_a: said by `ldap`, and not by `hr`, which knows both; so it counts',
  )
})
