import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sharedData } from '../../../test/support/shared-data.ts'
import { SourceError } from '../directory.ts'
import { countsOf, readGithub } from './content.ts'
import { factsOf } from './facts.ts'
import { directoryGithub } from './source.ts'

const fixture = join(import.meta.dirname, 'fixture')
const large = sharedData('kubernetes-org', 'reading the whole configuration of a large community')
const now = '2026-11-22T10:00:00.000Z'

let work = ''
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'countersign-github-'))
})
afterAll(() => rm(work, { recursive: true }))

/** A copy of the fixture with one file written anew. */
async function changed(name: string, file: string, text: string): Promise<string> {
  const root = join(work, name)
  await cp(fixture, root, { recursive: true })
  await writeFile(join(root, file), text)
  return root
}

async function problems(root: string): Promise<readonly string[]> {
  const error = await directoryGithub({ source: 'github', path: root })
    .read(now)
    .catch((thrown: unknown) => thrown)
  if (!(error instanceof SourceError)) return []
  return error.problems.map(({ where, message }) => `${where.replace(`${root}/`, '')}: ${message}`)
}

test('the excerpt is read whole', async () => {
  const read = await readGithub(fixture)
  expect('value' in read && countsOf(read.value)).toEqual({
    organisations: 2,
    logins: 56,
    teams: 19,
    teamDepthMax: 3,
    memberships: 101,
    owners: 4,
  })
})

test('[fail/closed] a team member who is no member of the organisation makes the source unreadable', async () => {
  const root = await changed(
    'stranger',
    'config/kubernetes-nightly/sig-release/teams.yaml',
    'teams:\n  admins:\n    members: [gh-4481]\n    maintainers: [gh-4482]\n',
  )
  expect(await problems(root)).toEqual([
    'config/kubernetes-nightly/sig-release/teams.yaml:4:19: `gh-4482` is no member of `kubernetes-nightly`; did you mean `gh-4481` or `gh-7842`?',
  ])
})

test('[B13] one name of a team in one organisation, however it is spelled, whatever file it stands in', async () => {
  const root = await changed('twice', 'config/kubernetes-nightly/sig-release/teams.yaml', 'teams:\n  Bots: {}\n')
  const [problem] = await problems(root)
  expect(problem).toMatch(
    /^config\/kubernetes-nightly\/sig-release\/teams\.yaml:2:3: a team `Bots` of `kubernetes-nightly` is already/,
  )
  expect(problem).toMatch(/config\/kubernetes-nightly\/org\.yaml:\d+:3$/)
})

test('an alias that does not exist but nearly does is a slip, not a person', async () => {
  const root = await changed('slip', 'config/kubernetes/sig-release/OWNERS', 'approvers:\n- sig-release-lead\n')
  expect(await problems(root)).toContain(
    'config/kubernetes/sig-release/OWNERS:2:3: unknown alias or login `sig-release-lead`; did you mean `sig-release-leads`?',
  )
})

test('approvers behind filters count, and a folder can stand alone, as the file says', async () => {
  const root = await changed(
    'filters',
    'config/kubernetes-nightly/sig-release/OWNERS',
    'options: { no_parent_owners: true }\nfilters:\n  ".*":\n    approvers: [gh-4481]\n  "x":\n    reviewers: [gh-2580]\n',
  )
  const { relations } = await directoryGithub({ source: 'github', path: root }).read(now)
  const to = 'team_kubernetes-nightly.publishing-bot-maintainers'
  const roles = new Set([
    'gh-4481',
    'gh-2580',
    'gh-4274',
    'gh-1997',
    'gh-6897',
    'gh-7575',
    'gh-0934',
    'gh-9730',
    'gh-1937',
  ])
  const others = relations.filter(
    (each) => each.relation === 'maintains' && each.to === to && !roles.has(each.from.slice(4)),
  )
  expect(others).toEqual([])
  const admins = relations.filter((each) => each.relation === 'maintains' && each.to === 'team_kubernetes-nightly.bots')
  expect(admins.map(({ from }) => from)).toContain('per_gh-5460')
})

test('what is no login, no permission or no file is reported at its place', async () => {
  const login = await changed('login', 'config/kubernetes/org.yaml', "admins: ['../etc']\nmembers: []\n")
  expect(await problems(login)).toContain('config/kubernetes/org.yaml:1:10: expected a GitHub login, got `../etc`')
  const permission = await changed(
    'permission',
    'config/kubernetes-nightly/sig-release/teams.yaml',
    'teams:\n  a:\n    repos: { dns: owner }\n',
  )
  expect((await problems(permission))[0]).toMatch(/teams\.yaml:3:19: expected one of .*`admin`, got `owner`$/)
  const missing = join(work, 'missing')
  await cp(fixture, missing, { recursive: true })
  await rm(join(missing, 'config/kubernetes/org.yaml'))
  expect(await problems(missing)).toEqual(['config/kubernetes/org.yaml:1:1: cannot be read: ENOENT'])
  expect(await problems(join(work, 'nothing'))).toEqual(['config:1:1: is no folder; organisations are expected in it'])
})

test('the revision follows the text, and a read needs no clock of its own', async () => {
  const read = (path: string) => directoryGithub({ source: 'github', path, staleAfterSeconds: 60 }).read(now)
  const first = await read(fixture)
  expect(first.source).toMatchObject({ id: 'github', observedAt: now, staleAfterSeconds: 60 })
  expect((await read(fixture)).source.revision).toBe(first.source.revision)
  const other = await changed('other', 'config/kubernetes/sig-release/OWNERS', 'approvers: []\n')
  expect((await read(other)).source.revision).not.toBe(first.source.revision)
})

test.skipIf(!large.isThere)('the whole configuration of a large community, to the last membership', async () => {
  const read = await readGithub(large.path)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  expect(countsOf(read.value)).toEqual({
    organisations: 8,
    logins: 1509,
    teams: 766,
    teamDepthMax: 3,
    memberships: 3615,
    owners: 72,
  })
  const { nodes, relations, problems } = factsOf(read.value, { machines: { thelinuxfoundation: {} } })
  expect(problems).toEqual([])
  const machines = nodes.filter(({ kind }) => kind === 'workload').map(({ name }) => name)
  expect(machines.sort()).toEqual([
    'k8s-ci-robot',
    'k8s-github-robot',
    'k8s-infra-cherrypick-robot',
    'k8s-infra-ci-robot',
    'k8s-publishing-bot',
    'k8s-release-robot',
    'thelinuxfoundation',
  ])
  const ids = new Set(nodes.map(({ id }) => id))
  expect(ids.size).toBe(nodes.length)
  expect(relations.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([])
  // Memberships of people: all of them, less those of machines, plus the leads of the community's groups.
  const isMachine = (login: string) => machines.includes(login)
  const ofMachines = read.value.teams
    .flatMap(({ members, maintainers }) => [...members, ...maintainers])
    .filter(isMachine).length
  const teams = relations.filter(({ relation, to }) => relation === 'member-of' && !to.startsWith('team_sigs.'))
  expect(teams.length).toBe(3615 - ofMachines)
})
