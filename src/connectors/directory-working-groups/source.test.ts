import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { policyWith } from '../../../test/support/directories.ts'
import { sharedData } from '../../../test/support/shared-data.ts'
import {
  compiledFrom,
  folderWith,
  problemsOf,
  sentencesOf,
  spoiled,
  undescribedIn,
} from '../../../test/support/sources.ts'
import { membersOfTeam, personsControlling } from '../../core/compile.ts'
import { independence, noHistory } from '../../core/independence.ts'
import { countsOf, readCharters } from './content.ts'
import { directoryWorkingGroups } from './source.ts'

const fixture = join(import.meta.dirname, 'fixture')
const now = '2026-11-22T12:00:00.000Z'
const sourceAt = (path: string) =>
  directoryWorkingGroups({ source: 'groups', path, namespace: 'wg', idPrefix: '', staleAfterSeconds: 3_600 })
const read = () => sourceAt(fixture).read(now)
const infrastructure = 'team_wg.foundational-infrastructure'

test('groups, areas, leads, approvers and reviewers', async () => {
  const snapshot = await read()
  const said = sentencesOf(snapshot)
  const uaa = `${infrastructure}.identity-and-auth-uaa`
  expect(said).toContain(`${uaa} part-of ${infrastructure}`)
  expect(said).toContain(`per_cf-2826 member-of ${uaa}`)
  expect(said).toContain(`per_cf-2826 maintains ${uaa}`)
  expect(said).toContain(`per_cf-8746 member-of ${uaa}`)
  expect(said).not.toContain(`per_cf-8746 maintains ${uaa}`)
  expect(said).toContain(`per_cf-1056 maintains ${uaa}`)
  expect(said).toContain(`per_cf-1056 member-of ${infrastructure}.leads`)
  expect(said).toContain(`${uaa} owns sys_github-cloudfoundry.uaa`)
  expect(said).toContain(`${infrastructure}.leads administers sys_github-cloudfoundry.uaa`)
  expect(undescribedIn(snapshot)).toEqual([])
  expect(snapshot.nodes.find(({ id }) => id === uaa)?.name).toBe('Foundational Infrastructure: Identity and Auth (UAA)')
})

test('a charter may stand in a page, and a page without one is none', async () => {
  const charters = await readCharters(fixture)
  if ('problems' in charters) throw new Error(JSON.stringify(charters.problems))
  expect(charters.value.groups.map(({ key }) => key)).toEqual([
    'concourse',
    'foundational-infrastructure',
    'vulnerability-management',
  ])
  const page = '# A page\n\n```yaml\nname: Broken\naproovers: []\n```\n'
  const folder = await folderWith({ 'broken.md': page })
  expect(await problemsOf(sourceAt(folder), now, folder)).toEqual([
    expect.stringMatching(/^broken\.md:5:1: unknown field `aproovers`/),
  ])
})

test("[agent/owner-counts] [B02] a bot is in the hands of its area, a group's bot of everybody in the group", async () => {
  const directory = compiledFrom(now, await read())
  const policy = policyWith({})
  const behind = (bot: string) => personsControlling(directory, bot, now, policy)
  expect(behind('wl_servicesenablement')).toEqual(['per_cf-3455', 'per_cf-8211'])
  expect(behind('wl_cf-identity')).toEqual(membersOfTeam(directory, infrastructure, now).toSorted())
  expect(behind('wl_cf-identity')).toContain('per_cf-8746')
})

test('[independence/outside-granting-path] leads give access to the repositories of their group, area members to none', async () => {
  const directory = compiledFrom(now, await read())
  const judge = (person: string) => {
    const matter = { requester: 'per_cf-4797', chain: [], beneficiary: 'per_cf-4797', took: [], pools: [], rules: [] }
    const system = 'sys_github-cloudfoundry.uaa'
    return independence({ ...matter, system }, person, directory, noHistory, policyWith({}), now).conflicts.map(
      ({ code }) => code,
    )
  }
  expect(judge('per_cf-1056')).toEqual(['on-granting-team'])
  expect(judge('per_cf-3455')).toEqual([])
  expect(judge('per_cf-2617')).toEqual(['on-requesting-team'])
})

describe('what cannot be told apart or is not understood makes the source unreadable', () => {
  const charter = (name: string, rest = '') =>
    `name: ${name}\nexecution_leads: [{ github: cf-1 }]\ntechnical_leads: []\nareas:\n${rest || '- { name: A }'}\n`
  const problems = async (files: Readonly<Record<string, string>>) => {
    const folder = await folderWith(files)
    return problemsOf(sourceAt(folder), now, folder)
  }

  test('[B13] two areas whose names lead to one id', async () => {
    expect(await problems({ 'x.yaml': charter('X', '- name: Auth (UAA)\n- name: auth uaa') })).toEqual([
      'x.yaml:6:9: `X: auth uaa` cannot be told from another group or area: both would be `team_wg.x.auth-uaa`',
    ])
    expect(await problems({ 'x.yaml': charter('X'), 'X.yml': charter('Y') })).toHaveLength(3)
    expect(await problems({ 'x.yaml': charter('X', '- { name: "★" }') })).toEqual([
      'x.yaml:5:11: the name of an area needs a letter or a digit',
    ])
  })

  test('[B13] names with a slash, a glob, a look-alike letter or hidden characters', async () => {
    for (const login of ['cf/1', 'cf-*', 'сf-1', 'cf-1\u200b']) {
      const text = charter('X', `- name: A\n  approvers: [{ github: "${login}" }]`)
      expect(await problems({ 'x.yaml': text }), login).toEqual([
        expect.stringMatching(/^x\.yaml:6:25: expected a GitHub login/),
      ])
    }
    expect(await problems({ 'x.yaml': charter('"X\u202eY"') })).toEqual([
      expect.stringMatching(/control or direction characters/),
    ])
  })

  test('[B22] a bot among the approvers, by list or by name', async () => {
    const area =
      '- name: A\n  approvers: [{ github: cf-eng }, { github: deploy-bot }]\n- name: B\n  bots: [{ github: CF-Eng }]'
    expect(await problems({ 'x.yaml': charter('X', area) })).toEqual([
      'x.yaml:6:25: `cf-eng` is a bot elsewhere in these charters, and a bot approves nothing',
      'x.yaml:6:45: `deploy-bot` is named like a machine; list it under `bots` of the group or area',
    ])
  })

  test('[fail/closed] an empty folder, and a folder that is not there', async () => {
    expect(await problems({ 'notes.md': 'nothing' })).toEqual([expect.stringContaining('holds no charter')])
    expect(await problemsOf(sourceAt('/nowhere'), now, '/none')).toEqual(['/nowhere:1:1: cannot be read: ENOENT'])
  })
})

test('the revision follows the text', async () => {
  const { source } = await read()
  expect(source).toMatchObject({ id: 'groups', observedAt: now, staleAfterSeconds: 3_600 })
  expect((await read()).source.revision).toBe(source.revision)
  const other = await spoiled(fixture, { 'concourse.yaml': 'name: Concourse\n' })
  expect((await sourceAt(other).read(now)).source.revision).not.toBe(source.revision)
})

const large = sharedData('cloudfoundry-working-groups', 'reading all charters of a community')
test.skipIf(!large.isThere)('all charters of a large community are read, to the last bot', async () => {
  const charters = await readCharters(large.path)
  if ('problems' in charters) throw new Error(JSON.stringify(charters.problems))
  expect(countsOf(charters.value)).toEqual({ groups: 10, areas: 52, groupBots: 19, areaBots: 10, repositories: 412 })
  const snapshot = await sourceAt(large.path).read(now)
  const count = (kind: string) => snapshot.nodes.filter((node) => node.kind === kind).length
  // A group, its leads, its areas; a bot may act for two groups.
  expect([count('team'), count('workload'), count('person')]).toEqual([10 + 10 + 52, 27, 201])
  expect(undescribedIn(snapshot)).toEqual([])
})
