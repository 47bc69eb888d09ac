import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { policyWith } from '../../../test/support/directories.ts'
import { sharedData } from '../../../test/support/shared-data.ts'
import { compiledFrom, problemsOf, sentencesOf, spoiled, undescribedIn } from '../../../test/support/sources.ts'
import { accessOf, accessWithPaths } from '../../core/compile.ts'
import type { SourceSnapshot } from '../../core/directory.ts'
import { independence, noHistory } from '../../core/independence.ts'
import { countsOf, readApplications } from './content.ts'
import { type DirectoryCloudEnvironmentsOptions, directoryCloudEnvironments } from './source.ts'

const fixture = join(import.meta.dirname, 'fixture')
const now = '2026-11-22T12:00:00.000Z'

function sourceAt(path: string, more: Partial<DirectoryCloudEnvironmentsOptions> = {}) {
  const common = { source: 'cloud', staleAfterSeconds: 3_600, namespace: 'cloud', idPrefix: '', grantedBy: [] }
  return directoryCloudEnvironments({ ...common, path, ...more })
}
const read = (more: Partial<DirectoryCloudEnvironmentsOptions> = {}) => sourceAt(fixture, more).read(now)

/** People come from elsewhere: the groups are known here by name alone. */
const people: SourceSnapshot = {
  source: { id: 'hr', revision: '1', observedAt: now, staleAfterSeconds: 3_600 },
  nodes: ['ann', 'bob', 'cleo'].map((name) => ({ id: `per_${name}`, kind: 'person', name })),
  relations: [
    { from: 'per_ann', relation: 'member-of', to: 'team_cloud.laa-sre-admins' },
    { from: 'per_bob', relation: 'member-of', to: 'team_cloud.laa-dba' },
    {
      from: 'per_cleo',
      relation: 'member-of',
      to: 'team_cloud.analytical-platform-data-engineering-sandboxa-administrator',
    },
  ],
  shifts: [],
}

test('an environment is a system, and a level of a group there is standing access', async () => {
  const directory = compiledFrom(now, await read(), people)
  const soa = 'sys_cloud.laa-ccms-soa'
  expect(accessOf(directory, ['per_ann'], now)).toEqual([
    { system: `${soa}.development`, entitlement: 'sandbox' },
    { system: `${soa}.production`, entitlement: 'developer' },
    { system: `${soa}.production`, entitlement: 'instance-management' },
  ])
  expect(accessWithPaths(directory, ['per_bob'], now)).toMatchObject([
    { system: `${soa}.development`, holder: 'team_cloud.laa-dba', source: 'cloud', path: [{ source: 'hr' }] },
    { system: `${soa}.production`, entitlement: 'developer' },
  ])
  expect(accessOf(directory, ['wl_github.ministryofjustice.laa-ccms-soa-docker'], now)).toHaveLength(2)
})

test('owners by tag and by code, units, operators of components and reviewers of deployments', async () => {
  const snapshot = await read()
  const said = sentencesOf(snapshot)
  const production = 'sys_cloud.laa-ccms-soa.production'
  expect(said).toContain(`team_cloud_owner.applicationoperations.at.justice.gov.uk owns ${production}`)
  expect(said).toContain('team_cloud_owner.applicationoperations.at.justice.gov.uk part-of team_cloud_unit.laa')
  expect(said).toContain(`team_cloud.laa-sre-admins owns ${production}`)
  expect(said).toContain(`team_cloud.laa-sre-admins operates ${production}`)
  expect(said).not.toContain(`team_cloud.laa-dba operates ${production}`)
  expect(said).toContain('per_reviewer-two operates sys_cloud.ppud.production')
  expect(snapshot.nodes).toContainEqual({
    id: 'acc_github.com:reviewer-two',
    kind: 'account',
    name: 'Reviewer-Two',
    on: 'github.com',
    login: 'Reviewer-Two',
  })
  expect(undescribedIn(snapshot)).toEqual([])
})

test('[independence/outside-granting-path] [B05] a level that can give access to others stands on the granting side', async () => {
  const system = 'sys_cloud.analytical-platform-data-engineering.sandboxa'
  const codes = async (person: string, more: Partial<DirectoryCloudEnvironmentsOptions> = {}) => {
    const matter = { requester: 'per_ann', chain: [], beneficiary: 'per_ann', system, took: [], pools: [], rules: [] }
    const directory = compiledFrom(now, await read(more), people)
    return independence(matter, person, directory, noHistory, policyWith({}), now).conflicts.map(({ code }) => code)
  }
  expect(await codes('per_cleo')).toEqual(['on-granting-team'])
  expect(await codes('per_bob')).toEqual([])
  // Whoever merges changes to the files gives all of it.
  expect(await codes('per_bob', { grantedBy: ['team_cloud.laa-dba'] })).toEqual(['on-granting-team'])
  expect(await codes('per_cleo', { administratorLevels: ['platform-engineer-admin'] })).toEqual([])
})

test('[B13] groups are those of this source, unless it is said whose they are', async () => {
  const teams = (snapshot: SourceSnapshot) => snapshot.nodes.filter(({ kind }) => kind === 'team').map(({ id }) => id)
  expect(teams(await read())).toContain('team_cloud.laa-dba')
  expect(teams(await read({ groupsOf: 'ministryofjustice' }))).toContain('team_ministryofjustice.laa-dba')
})

test('[B13] what cannot be told apart, a slash, a glob, and fields nobody knows are pointed at', async () => {
  const soa = readFileSync(join(fixture, 'laa-ccms-soa.json'), 'utf8')
  const problems = async (text: string, name = 'laa-ccms-soa.json') => {
    const folder = await spoiled(fixture, { [name]: text })
    return problemsOf(sourceAt(folder), now, folder)
  }
  expect(await problems(soa.replace('"laa-dba"', '"LAA-dba"'))).toEqual([
    'laa-ccms-soa.json:59:29: `laa-dba` cannot be told from `LAA-dba` at laa-ccms-soa.json:28:29: both would be `team_cloud.laa-dba`',
  ])
  for (const name of ['laa/dba', 'laa-*', 'lаa-dba', 'laa-dba ']) {
    expect(await problems(soa.replace('"laa-dba"', `"${name}"`)), name).toEqual([
      expect.stringMatching(/^laa-ccms-soa\.json:28:29: expected the name of a group/),
    ])
  }
  expect(await problems(soa.replace('"level"', '"levels"'))).toEqual([
    'laa-ccms-soa.json:14:9: missing field `level`: expected text',
    'laa-ccms-soa.json:16:11: unknown field `levels`; did you mean `level`?',
  ])
  expect(await problems(soa.replace('"name": "production"', '"name": "development"'))).toEqual([
    expect.stringMatching(/: `development` is there already$/),
  ])
  expect(await problems(soa, 'Two Words.json')).toEqual([
    expect.stringMatching(/^Two Words\.json:1:1: accounts are named/),
  ])
  expect(await problems(soa.replace('{', '{ "tags": {},'))).toEqual([expect.stringMatching(/`tags` is written twice/)])
})

test('the revision follows the text', async () => {
  const { source } = await read()
  expect((await read()).source).toEqual(source)
  const other = await spoiled(fixture, { 'new.json': readFileSync(join(fixture, 'core-vpc.json'), 'utf8') })
  expect((await sourceAt(other).read(now)).source.revision).not.toBe(source.revision)
})

const large = sharedData('moj-modernisation-platform/environments', 'reading all cloud accounts of a ministry')
test.skipIf(!large.isThere)('all accounts of a ministry are read, to the last level', async () => {
  const content = await readApplications(large.path)
  if ('problems' in content) throw new Error(JSON.stringify(content.problems))
  expect(countsOf(content.value)).toEqual({
    applications: 114,
    environments: 300,
    accessRows: 1_045,
    groups: 151,
    levels: 21,
  })
  const snapshot = await sourceAt(large.path).read(now)
  expect(undescribedIn(snapshot)).toEqual([])
  const access = snapshot.access ?? []
  expect(access.filter(({ holder }) => holder.startsWith('team_'))).toHaveLength(1_045)
  expect(new Set(access.filter(({ holder }) => holder.startsWith('team_')).map(({ holder }) => holder)).size).toBe(151)
  expect(snapshot.nodes.filter(({ kind }) => kind === 'system')).toHaveLength(300)
  // Where one group holds two levels of one account, somebody has to ask whether they may come together.
  const pairs = Map.groupBy(access, ({ holder, system }) => `${holder} ${system}`)
  expect([...pairs.values()].filter((rows) => rows.length > 1).length).toBe(101)
})
