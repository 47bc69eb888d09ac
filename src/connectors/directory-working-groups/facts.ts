/**
 * What working groups mean for independence, as nodes and relations. The mapping is written in `docs/directory.md`. Those
 * in an area are colleagues, leads stand above all areas of their group and give access to its repositories, and a bot is
 * in the hands of everybody in the area or group it acts for.
 */
import type { NodeId } from '../../core/directory.ts'
import type { Path } from '../../files/yaml.ts'
import { slug } from '../../lib/slug.ts'
import { FactsDraft } from '../facts-draft.ts'
import {
  accountId,
  githubIssuer,
  looksLikeMachine,
  personId,
  repositorySystemId,
  teamId,
  workloadId,
} from '../github-names.ts'
import type { Charters, Group } from './content.ts'
import type { AccountEntry, Area } from './schema.ts'

export interface FactsOptions {
  /** Under which the groups are teams: `team_<namespace>.<group>`. Two sources never share one. */
  readonly namespace: string
  /** Put before logins in ids; the same as of the GitHub source whose people these are. */
  readonly idPrefix: string
}

export function draftOf({ groups }: Charters, options: FactsOptions): FactsDraft {
  const writer = new Writer(groups, options)
  for (const group of groups) writer.group(group)
  return writer.draft
}

class Writer {
  readonly draft = new FactsDraft()
  private readonly options: FactsOptions
  /** Lower-case logins that some charter calls bots. */
  private readonly bots: ReadonlySet<string>

  constructor(groups: readonly Group[], options: FactsOptions) {
    this.options = options
    const bots = groups.flatMap((group) => [...group.bots, ...group.areas.flatMap((area) => area.bots)])
    this.bots = new Set(bots.map(({ github }) => github.toLowerCase()))
  }

  group(group: Group): void {
    const { draft } = this
    const id = this.team(group, group.key, group.name, ['name'])
    const leads = this.team(group, `${group.key}.leads`, `${group.name}: leads`, ['name'])
    draft.relate(leads, 'part-of', id)
    for (const field of ['execution_leads', 'technical_leads'] as const) {
      this.people(group, group[field], [field], (person) => {
        draft.relate(person, 'member-of', leads)
        draft.relate(person, 'maintains', leads)
        draft.relate(person, 'maintains', id)
      })
    }
    this.machines(group.bots, id)
    for (const [index, area] of group.areas.entries()) this.area(group, area, ['areas', index], id, leads)
  }

  private area(group: Group, area: Area, path: Path, parent: NodeId, leads: NodeId): void {
    const { draft } = this
    const key = `${group.key}.${slug(area.name)}`
    if (slug(area.name) === '') {
      draft.report(group.at([...path, 'name']), 'the name of an area needs a letter or a digit')
      return
    }
    const id = this.team(group, key, `${group.name}: ${area.name}`, [...path, 'name'])
    draft.relate(id, 'part-of', parent)
    this.people(group, area.approvers, [...path, 'approvers'], (person) => {
      draft.relate(person, 'member-of', id)
      draft.relate(person, 'maintains', id)
    })
    this.people(group, area.reviewers, [...path, 'reviewers'], (person) => draft.relate(person, 'member-of', id))
    for (const lead of [...group.execution_leads, ...group.technical_leads])
      if (!this.isMachine(lead.github)) draft.relate(this.personId(lead.github), 'maintains', id)
    this.machines(area.bots, id)
    for (const [index, name] of area.repositories.entries()) {
      const system = this.repository(group, name, [...path, 'repositories', index])
      draft.relate(id, 'owns', system)
      draft.relate(leads, 'administers', system)
    }
  }

  /** Another group or area may lead to the same id; a team is named once. */
  private team(group: Group, key: string, name: string, path: Path): NodeId {
    const id = teamId(this.options.namespace, key)
    const where = () => group.at(path)
    if (this.draft.has(id)) {
      this.draft.report(where(), `\`${name}\` cannot be told from another group or area: both would be \`${id}\``)
      return id
    }
    return this.draft.describe({ id, kind: 'team', name }, where)
  }

  private people(group: Group, entries: readonly AccountEntry[], path: Path, use: (person: NodeId) => void): void {
    for (const [index, { github: login, name }] of entries.entries()) {
      const where = () => group.at([...path, index, 'github'])
      if (this.bots.has(login.toLowerCase())) {
        this.draft.report(where(), `\`${login}\` is a bot elsewhere in these charters, and a bot approves nothing`)
      } else if (this.isMachine(login)) {
        this.draft.report(where(), `\`${login}\` is named like a machine; list it under \`bots\` of the group or area`)
      } else use(this.person(login, name ?? login, where))
    }
  }

  private person(login: string, name: string, where: () => string): NodeId {
    const id = this.draft.describe({ id: this.personId(login), kind: 'person', name }, where)
    this.account(login, id, where)
    return id
  }

  /** Whoever is in the area or group can use what its bot can. */
  private machines(bots: readonly AccountEntry[], team: NodeId): void {
    for (const { github: login } of bots) {
      const id = workloadId(login, this.options.idPrefix)
      const where = () => login
      this.draft.describe({ id, kind: 'workload', name: login, workloadKind: 'service-account' }, where)
      this.account(login, id, where)
      this.draft.relate(team, 'owns', id)
      this.draft.relate(team, 'holds-credential-of', id)
    }
  }

  private account(login: string, owner: NodeId, where: () => string): void {
    const id = accountId(login)
    this.draft.describe({ id, kind: 'account', name: login, on: githubIssuer, login }, where)
    // The login is what the person is known by here, so the link needs nobody's word.
    this.draft.relate(id, 'belongs-to', owner, { confirmed: true })
  }

  private repository(group: Group, name: string, path: Path): NodeId {
    const [organisation = '', repository = ''] = name.split('/')
    const id = repositorySystemId(organisation, repository)
    return this.draft.describe({ id, kind: 'system', name }, () => group.at(path))
  }

  private personId(login: string): NodeId {
    return personId(login, this.options.idPrefix)
  }

  private isMachine(login: string): boolean {
    return looksLikeMachine(login) || this.bots.has(login.toLowerCase())
  }
}
