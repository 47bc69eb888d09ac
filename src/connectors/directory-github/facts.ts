/**
 * What the configuration of GitHub organisations means for independence, as nodes and relations. The mapping is written
 * in `docs/directory.md`. Whoever can change who is in a team, by role or by approving the file, stands on the granting
 * side of it; a name that leads nowhere makes the source unreadable.
 */
import type { DirectoryNode, NodeId, RelationKind, SourceSnapshot } from '../../core/directory.ts'
import type { Path, Problem } from '../../files/yaml.ts'
import { didYouMean, nearest } from '../../lib/nearest.ts'
import {
  accountId,
  githubIssuer,
  groupsOrganisation,
  looksLikeMachine,
  organisationSystemId,
  personId,
  repositorySystemId,
  teamId,
  workloadId,
} from '../github-names.ts'
import { type GithubContent, type Group, type Organisation, type Owners, type Team, upwards } from './content.ts'

type Node = SourceSnapshot['nodes'][number]
type Relation = SourceSnapshot['relations'][number]

export interface Machine {
  /** Default `service-account`. */
  readonly kind?: NonNullable<DirectoryNode['workloadKind']>
  /** Logins, or teams as `organisation/team`. Without any, nobody is known to control it, and it is unresolved. */
  readonly owners?: readonly string[]
}

export interface FactsOptions {
  /** Machines by login. Logins that end in `-bot` or `-robot` are machines whether they stand here or not. */
  readonly machines?: Readonly<Record<string, Machine>>
  /** Put before logins in ids, for organisations with a second source of people: `github-` makes `per_github-maria`. */
  readonly idPrefix?: string
}

export interface Facts {
  readonly nodes: readonly Node[]
  readonly relations: readonly Relation[]
  readonly problems: readonly Problem[]
}

export function factsOf(content: GithubContent, options: FactsOptions = {}): Facts {
  const draft = new Draft(content, options)
  for (const organisation of content.organisations) draft.organisation(organisation)
  for (const team of content.teams) draft.team(team)
  for (const group of content.groups) draft.group(group)
  for (const organisation of content.organisations) draft.organisationOwners(organisation)
  for (const team of content.teams) draft.teamOwners(team)
  draft.machines()
  return { nodes: [...draft.nodes.values()], relations: [...draft.relations.values()], problems: draft.problems }
}

class Draft {
  readonly nodes = new Map<NodeId, Node>()
  readonly relations = new Map<string, Relation>()
  readonly problems: Problem[] = []
  private readonly content: GithubContent
  private readonly prefix: string
  private readonly machineOptions: ReadonlyMap<string, Machine>
  /** Lower-case logins that belong to some organisation. */
  private readonly known: ReadonlySet<string>
  private readonly members: ReadonlyMap<string, ReadonlySet<string>>
  private readonly approversByFolder = new Map<string, readonly string[]>()
  private readonly places = new Map<NodeId, () => string>()

  constructor(content: GithubContent, options: FactsOptions) {
    this.content = content
    this.prefix = options.idPrefix ?? ''
    this.machineOptions = new Map(
      Object.entries(options.machines ?? {}).map(([login, machine]) => [login.toLowerCase(), machine]),
    )
    this.members = new Map(
      content.organisations.map(({ login, admins, members }) => [
        login,
        new Set([...admins, ...members].map((each) => each.toLowerCase())),
      ]),
    )
    this.known = new Set([...this.members.values()].flatMap((logins) => [...logins]))
  }

  organisation(organisation: Organisation): void {
    const { login, name, admins, members } = organisation
    if (login.toLowerCase() === groupsOrganisation && this.content.groups.length > 0) {
      this.report(
        organisation.at(),
        `an organisation named \`${login}\` cannot be told from the groups of \`sigs.yaml\``,
      )
    }
    const system = organisationSystemId(login)
    this.nodes.set(system, { id: system, kind: 'system', name: `${name} on GitHub` })
    for (const each of [...admins, ...members]) this.actor(each)
    for (const admin of admins) this.administers(admin, system)
  }

  team(team: Team): void {
    const { organisation, name, inside } = team
    const id = teamId(organisation, name)
    const earlier = this.places.get(id)
    if (earlier !== undefined) {
      this.report(team.at(), `a team \`${name}\` of \`${organisation}\` is already defined at ${earlier()}`)
      return
    }
    this.places.set(id, () => team.at())
    this.nodes.set(id, { id, kind: 'team', name: `${organisation}/${name}` })
    const parent = inside.at(-1)
    if (parent !== undefined) this.relate(id, 'part-of', teamId(organisation, parent))
    for (const [index, login] of team.members.entries()) this.member(team, login, ['members', index])
    for (const [index, login] of team.maintainers.entries()) {
      this.member(team, login, ['maintainers', index])
      this.relatePerson(login, 'maintains', id)
    }
    for (const [repository, permission] of Object.entries(team.repos)) {
      const system = this.repository(organisation, repository)
      if (permission === 'admin' || permission === 'maintain') this.relate(id, 'administers', system)
    }
  }

  /** A group's leads are a team; they decide who leads with them. */
  group(group: Group): void {
    const id = teamId(groupsOrganisation, group.dir)
    this.nodes.set(id, { id, kind: 'team', name: group.name })
    this.leads(id, group.leadership)
    for (const { name, leads } of group.subprojects) {
      if (leads.length === 0) continue
      const inner = teamId(groupsOrganisation, `${group.dir}.${name}`)
      this.nodes.set(inner, { id: inner, kind: 'team', name: `${group.name}: ${name}` })
      this.relate(inner, 'part-of', id)
      this.leads(inner, leads)
    }
  }

  /** Whoever approves changes to `org.yaml` decides who administers the organisation. */
  organisationOwners(organisation: Organisation): void {
    for (const login of this.approvers(organisation.folder))
      this.administers(login, organisationSystemId(organisation.login))
  }

  /** Whoever approves changes to the file that defines a team decides who is in it. */
  teamOwners(team: Team): void {
    for (const login of this.approvers(team.folder))
      this.relatePerson(login, 'maintains', teamId(team.organisation, team.name))
  }

  machines(): void {
    for (const [login, { owners = [] }] of this.machineOptions) {
      if (!this.nodes.has(workloadId(login, this.prefix))) continue
      for (const owner of owners) this.machineOwner(login, owner)
    }
  }

  private machineOwner(login: string, owner: string): void {
    const [organisation = '', team] = owner.split('/')
    const id = team === undefined ? personId(owner, this.prefix) : teamId(organisation, team)
    if (!this.nodes.has(id)) {
      this.report(`options.machines.${login}`, `unknown owner \`${owner}\``)
      return
    }
    this.relate(id, 'owns', workloadId(login, this.prefix))
    // The machine's rights are its owners' to use.
    for (const { login: name, admins } of this.content.organisations) {
      if (admins.some((admin) => admin.toLowerCase() === login))
        this.relate(id, 'holds-credential-of', organisationSystemId(name))
    }
  }

  private approvers(folder: string): readonly string[] {
    const known = this.approversByFolder.get(folder)
    if (known !== undefined) return known
    const found = new Set<string>()
    for (const each of upwards(folder)) {
      const owners = this.content.owners.get(each)
      for (const login of owners === undefined ? [] : this.expanded(owners)) found.add(login)
      if (owners?.alone) break
    }
    this.approversByFolder.set(folder, [...found])
    return [...found]
  }

  /** Aliases are spelled like logins, so an unknown name that resembles an alias is taken for a slip, not for a person. */
  private expanded(owners: Owners): readonly string[] {
    return owners.approvers.flatMap((name, index) => {
      const alias = this.content.aliases.get(name)
      if (alias !== undefined) return alias
      const similar = this.known.has(name.toLowerCase()) ? [] : nearest(name, this.content.aliases.keys())
      if (similar.length === 0) return [name]
      this.report(
        owners.at(['approvers', index]),
        `unknown alias or login \`${name}\`; did you mean \`${similar[0]}\`?`,
      )
      return []
    })
  }

  private member(team: Team, login: string, path: Path): void {
    const members = this.members.get(team.organisation)
    if (members !== undefined && !members.has(login.toLowerCase())) {
      this.report(team.at(path), `\`${login}\` is no member of \`${team.organisation}\`${didYouMean(login, members)}`)
    } else this.relatePerson(login, 'member-of', teamId(team.organisation, team.name))
  }

  private leads(team: NodeId, logins: readonly string[]): void {
    for (const login of logins) {
      this.relatePerson(login, 'member-of', team)
      this.relatePerson(login, 'maintains', team)
    }
  }

  /** An organisation's admins administer its repositories too. */
  private repository(organisation: string, repository: string): NodeId {
    const id = repositorySystemId(organisation, repository)
    if (this.nodes.has(id)) return id
    this.nodes.set(id, { id, kind: 'system', name: `${organisation}/${repository}` })
    const admins = this.content.organisations.find(({ login }) => login === organisation)?.admins ?? []
    for (const admin of admins) this.administers(admin, id)
    return id
  }

  private administers(login: string, system: NodeId): void {
    this.relatePerson(login, 'administers', system)
  }

  /** Machines are no members of anything: who controls them is what counts, and GitHub does not say it. */
  private relatePerson(login: string, relation: RelationKind, to: NodeId): void {
    if (!this.isMachine(login)) this.relate(this.actor(login), relation, to)
  }

  private actor(login: string): NodeId {
    const machine = this.isMachine(login)
    const id = machine ? workloadId(login, this.prefix) : personId(login, this.prefix)
    if (this.nodes.has(id)) return id
    const kind = this.machineOptions.get(login.toLowerCase())?.kind ?? 'service-account'
    this.nodes.set(
      id,
      machine ? { id, kind: 'workload', name: login, workloadKind: kind } : { id, kind: 'person', name: login },
    )
    const account = accountId(login)
    this.nodes.set(account, { id: account, kind: 'account', name: login, on: githubIssuer, login })
    // The login is what the person is known by here, so the link needs nobody's word.
    this.relations.set(`${account} belongs-to ${id}`, {
      from: account,
      relation: 'belongs-to',
      to: id,
      confirmed: true,
    })
    return id
  }

  private isMachine(login: string): boolean {
    return looksLikeMachine(login) || this.machineOptions.has(login.toLowerCase())
  }

  private relate(from: NodeId, relation: RelationKind, to: NodeId): void {
    this.relations.set(`${from} ${relation} ${to}`, { from, relation, to })
  }

  private report(where: string, message: string): void {
    this.problems.push({ where, message })
  }
}
