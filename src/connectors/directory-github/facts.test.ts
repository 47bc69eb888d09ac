import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type GithubContent, readGithub } from './content.ts'
import { type Facts, type FactsOptions, factsOf } from './facts.ts'

const fixture = join(import.meta.dirname, 'fixture')

async function content(): Promise<GithubContent> {
  const read = await readGithub(fixture)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

async function facts(options: FactsOptions = {}): Promise<Facts> {
  const found = factsOf(await content(), options)
  expect(found.problems).toEqual([])
  return found
}

function has({ relations }: Facts, sentence: string): boolean {
  return relations.some(({ from, relation, to }) => `${from} ${relation} ${to}` === sentence)
}

test('a login is one person in all organisations, and that account is theirs', async () => {
  const found = await facts()
  expect(found.nodes.filter(({ id }) => id === 'per_gh-4481')).toEqual([
    { id: 'per_gh-4481', kind: 'person', name: 'gh-4481' },
  ])
  expect(found.nodes.find(({ id }) => id === 'acc_github.com:gh-4481')).toMatchObject({
    on: 'github.com',
    login: 'gh-4481',
  })
  expect(found.relations).toContainEqual({
    from: 'acc_github.com:gh-4481',
    relation: 'belongs-to',
    to: 'per_gh-4481',
    confirmed: true,
  })
})

test('teams keep organisation, nesting, members and maintainers', async () => {
  const found = await facts()
  expect(has(found, 'per_gh-4191 member-of team_kubernetes.release-managers')).toBe(true)
  expect(has(found, 'per_gh-7575 member-of team_kubernetes.release-managers')).toBe(true)
  expect(has(found, 'per_gh-7575 maintains team_kubernetes.release-managers')).toBe(true)
  expect(has(found, 'per_gh-4191 maintains team_kubernetes.release-managers')).toBe(false)
  expect(has(found, 'team_kubernetes.release-managers part-of team_kubernetes.release-engineering')).toBe(true)
  expect(has(found, 'team_kubernetes.release-engineering part-of team_kubernetes.sig-release')).toBe(true)
  expect(has(found, 'team_kubernetes.release-managers part-of team_kubernetes.sig-release')).toBe(false)
})

test('[independence/outside-granting-path] admins administer the organisation and its repositories', async () => {
  const found = await facts()
  expect(has(found, 'per_gh-6752 administers sys_github-kubernetes')).toBe(true)
  expect(has(found, 'per_gh-6752 administers sys_github-kubernetes.dns')).toBe(true)
  expect(has(found, 'per_gh-4481 administers sys_github-kubernetes')).toBe(false)
})

test('admin and maintain of a repository give access to it; triage and write do not', async () => {
  const found = await facts()
  const administers = (team: string, repository: string) =>
    has(found, `team_kubernetes.${team} administers sys_github-kubernetes.${repository}`)
  expect(administers('sig-release-admins', 'release')).toBe(true)
  expect(administers('sig-release-pms', 'sig-release')).toBe(true)
  expect(administers('sig-release-pms', 'release')).toBe(false)
  expect(administers('dns-maintainers', 'dns')).toBe(false)
})

test('[B05] whoever approves the file that defines a team can change who is in it', async () => {
  const found = await facts()
  // Approvers of config/kubernetes-nightly/sig-release, by alias.
  expect(has(found, 'per_gh-2006 maintains team_kubernetes-nightly.publishing-bot-admins')).toBe(true)
  // Approvers of the root, by inheritance.
  expect(has(found, 'per_gh-5460 maintains team_kubernetes-nightly.publishing-bot-admins')).toBe(true)
  // Reviewers approve nothing, and approvers of a folder below do not approve what is above.
  expect(has(found, 'per_gh-2006 maintains team_kubernetes-nightly.bots')).toBe(false)
  // Approvers of org.yaml decide who administers the organisation.
  expect(has(found, 'per_gh-3884 administers sys_github-kubernetes-nightly')).toBe(true)
})

test('a folder that stands alone does not inherit approvers', async () => {
  const read = await content()
  const folder = 'config/kubernetes-nightly/sig-release'
  const owners = new Map(read.owners)
  const own = owners.get(folder)
  if (own === undefined) throw new Error('the fixture has no OWNERS there')
  owners.set(folder, { ...own, alone: true })
  const found = factsOf({ ...read, owners })
  expect(has(found, 'per_gh-2006 maintains team_kubernetes-nightly.publishing-bot-admins')).toBe(true)
  expect(has(found, 'per_gh-5460 maintains team_kubernetes-nightly.publishing-bot-admins')).toBe(false)
})

test('leads of groups and subprojects are teams that choose themselves', async () => {
  const found = await facts()
  expect(has(found, 'per_gh-2945 member-of team_sigs.sig-architecture')).toBe(true)
  expect(has(found, 'per_gh-2945 maintains team_sigs.sig-architecture')).toBe(true)
  expect(has(found, 'per_gh-7842 member-of team_sigs.sig-release.release-engineering')).toBe(true)
  expect(has(found, 'team_sigs.sig-release.release-engineering part-of team_sigs.sig-release')).toBe(true)
  expect(has(found, 'per_gh-1228 member-of team_sigs.committee-steering')).toBe(true)
})

test('[agent/owner-counts] machines are workloads, never members; their owners are who it is stated to be', async () => {
  const found = await facts()
  const bot = found.nodes.find(({ id }) => id === 'wl_k8s-release-robot')
  expect(bot).toEqual({
    id: 'wl_k8s-release-robot',
    kind: 'workload',
    name: 'k8s-release-robot',
    workloadKind: 'service-account',
  })
  expect(
    found.relations.filter(({ from, relation }) => from === 'wl_k8s-release-robot' && relation !== 'belongs-to'),
  ).toEqual([])
  expect(found.relations.filter(({ to }) => to === 'wl_k8s-release-robot').map(({ from }) => from)).toEqual([
    'acc_github.com:k8s-release-robot',
  ])

  const stated = await facts({
    machines: {
      'k8s-ci-robot': { kind: 'pipeline', owners: ['kubernetes/release-managers', 'gh-6752'] },
      thelinuxfoundation: {},
    },
  })
  expect(stated.nodes.find(({ id }) => id === 'wl_k8s-ci-robot')?.workloadKind).toBe('pipeline')
  expect(stated.nodes.some(({ id }) => id === 'per_thelinuxfoundation')).toBe(false)
  expect(has(stated, 'team_kubernetes.release-managers owns wl_k8s-ci-robot')).toBe(true)
  expect(has(stated, 'per_gh-6752 owns wl_k8s-ci-robot')).toBe(true)
  // It is an admin of the organisation, so its owners can use that.
  expect(has(stated, 'team_kubernetes.release-managers holds-credential-of sys_github-kubernetes')).toBe(true)
})

test('an owner who is nobody is refused', async () => {
  const found = factsOf(await content(), { machines: { 'k8s-ci-robot': { owners: ['kubernetes/no-such-team'] } } })
  expect(found.problems).toEqual([
    { where: 'options.machines.k8s-ci-robot', message: 'unknown owner `kubernetes/no-such-team`' },
  ])
})

test('[B02] [B13] letter case makes no second person, and a prefix keeps logins apart from other sources', async () => {
  const read = await content()
  const [first] = read.organisations
  if (first === undefined) throw new Error('the fixture has no organisation')
  const shouted = {
    ...read,
    organisations: [{ ...first, members: [...first.members, 'GH-4481'] }, ...read.organisations.slice(1)],
  }
  const people = (found: Facts) => found.nodes.filter(({ kind }) => kind === 'person').length
  expect(people(factsOf(shouted))).toBe(people(factsOf(read)))

  const prefixed = await facts({ idPrefix: 'github-' })
  expect(prefixed.nodes.some(({ id }) => id === 'per_gh-4481')).toBe(false)
  expect(has(prefixed, 'per_github-gh-4481 member-of team_kubernetes.sig-release-admins')).toBe(true)
})

test('an organisation cannot take the name under which groups are teams', async () => {
  const read = await content()
  const organisations = read.organisations.map((organisation, index) =>
    index === 0 ? { ...organisation, login: 'Sigs' } : organisation,
  )
  expect(factsOf({ ...read, organisations }).problems.map(({ message }) => message)).toContain(
    'an organisation named `Sigs` cannot be told from the groups of `sigs.yaml`',
  )
})
