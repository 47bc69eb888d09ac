/**
 * What the directory files state, as nodes and relations. Every name must lead somewhere: one that does not makes the
 * whole source unreadable, because a missing relation would make somebody look independent.
 */
import type { NodeId, RelationKind, SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import type { DirectoryContent } from '../../files/directory.ts'
import type {
  AccountEntry,
  PersonEntry,
  RotaEntry,
  SystemEntry,
  TeamEntry,
  WorkloadEntry,
} from '../../files/directory-schema.ts'
import type { Placed } from '../../files/merge.ts'
import type { Path, Problem } from '../../files/yaml.ts'
import { Accounts } from './accounts.ts'
import { type FieldRule, personFields, rotaFields, systemFields, teamFields, workloadFields } from './fields.ts'
import { loopProblems } from './loops.ts'
import { Names } from './names.ts'

type Node = SourceSnapshot['nodes'][number]
type Relation = SourceSnapshot['relations'][number]
type Absence = NonNullable<SourceSnapshot['absences']>[number]
type Access = NonNullable<SourceSnapshot['access']>[number]
type Span = Pick<Relation, 'since' | 'until'>

/** Whoever is named in a rota is on it. */
const onRota: FieldRule = { relation: 'on-rota', names: ['per'], reversed: true }

export interface Facts {
  readonly nodes: readonly Node[]
  readonly relations: readonly Relation[]
  readonly absences: readonly Absence[]
  readonly access: readonly Access[]
  readonly problems: readonly Problem[]
}

export function factsOf(content: DirectoryContent): Facts {
  const draft = new Draft(content)
  for (const [id, person] of content.people) draft.person(id, person)
  for (const [id, team] of content.teams) draft.team(id, team)
  for (const [id, workload] of content.workloads) draft.workload(id, workload)
  for (const [id, system] of content.systems) draft.system(id, system)
  for (const [id, rota] of content.rotas) draft.rota(id, rota)
  const relations = [...draft.relations.values()]
  const loops = draft.names.problems.length > 0 ? [] : loopProblems(content, relations)
  const { nodes, absences, access, names } = draft
  return { nodes, relations, absences, access, problems: [...names.problems, ...loops] }
}

class Draft {
  readonly nodes: Node[] = []
  readonly relations = new Map<string, Relation>()
  readonly absences: Absence[] = []
  readonly access: Access[] = []
  readonly names: Names
  private readonly content: DirectoryContent
  private readonly accounts: Accounts

  constructor(content: DirectoryContent) {
    this.content = content
    this.names = new Names(content)
    this.accounts = new Accounts(content, this.names)
  }

  person(id: NodeId, placed: Placed<PersonEntry>): void {
    const { name, external, left, teams, formerTeams, away, accounts } = placed.value
    this.nodes.push({ id, kind: 'person', name, ...(external ? { external } : {}), ...until(left) })
    this.fields(id, placed, personFields, until(left))
    for (const [index, membership] of teams.entries()) {
      const { team, ...span } = typeof membership === 'string' ? { team: membership } : membership
      this.memberOf(id, team, { ...span, ...until(left) }, () => placed.at(['teams', index, 'team']))
    }
    for (const [index, { team, ...span }] of formerTeams.entries()) {
      this.memberOf(id, team, span, () => placed.at(['formerTeams', index, 'team']))
    }
    for (const [index, { from, until: end }] of away.entries()) {
      if (end <= from) this.names.report(placed.at(['away', index, 'until']), 'the absence ends before it begins')
      this.absences.push({ person: id, start: from, end })
    }
    this.holdings(id, placed, until(left))
    this.belongings(id, placed, accounts)
  }

  team(id: NodeId, placed: Placed<TeamEntry>): void {
    this.nodes.push({ id, kind: 'team', name: placed.value.name })
    this.fields(id, placed, teamFields)
    this.holdings(id, placed)
  }

  workload(id: NodeId, placed: Placed<WorkloadEntry>): void {
    const { name, kind, retired, accounts } = placed.value
    this.nodes.push({ id, kind: 'workload', name, workloadKind: kind, ...until(retired) })
    this.fields(id, placed, workloadFields)
    this.holdings(id, placed, until(retired))
    this.belongings(id, placed, accounts)
  }

  system(id: NodeId, placed: Placed<SystemEntry>): void {
    this.nodes.push({ id, kind: 'system', name: placed.value.name })
    this.fields(id, placed, systemFields)
  }

  rota(id: NodeId, placed: Placed<RotaEntry>): void {
    const { name, rotations, layers, shifts, overrides } = placed.value
    this.nodes.push({ id, kind: 'rota', name })
    this.fields(id, placed, rotaFields)
    for (const [section, list] of Object.entries({ rotations, layers })) {
      for (const [index, rotation] of list.entries()) {
        this.link(id, placed, [section, index, 'members'], rotation.members, onRota)
        this.forward(placed, [section, index, 'until'], rotation.start, rotation.until)
      }
    }
    for (const [section, list] of Object.entries({ shifts, overrides })) {
      for (const [index, { person, start, end }] of list.entries()) {
        this.link(id, placed, [section, index, 'person'], person, onRota)
        this.forward(placed, [section, index, 'end'], start, end)
      }
    }
    for (const [index, { instead }] of overrides.entries()) {
      if (instead !== undefined) this.link(id, placed, ['overrides', index, 'instead'], instead, onRota)
    }
  }

  private forward(placed: Placed<unknown>, path: Path, start: Instant, end: Instant | undefined): void {
    if (end !== undefined && end <= start) this.names.report(placed.at(path), 'ends before it starts')
  }

  private fields<Entry extends object>(
    id: NodeId,
    placed: Placed<Entry>,
    rules: { readonly [Name in keyof Entry]?: FieldRule },
    span: Span = {},
  ): void {
    for (const [field, rule] of Object.entries<FieldRule | undefined>(rules)) {
      const names = placed.value[field as keyof Entry] as string | readonly string[] | undefined
      if (names !== undefined && rule !== undefined) this.link(id, placed, [field], names, rule, span)
    }
  }

  private link(
    id: NodeId,
    placed: Placed<unknown>,
    path: Path,
    names: string | readonly string[],
    { relation, names: allowed, reversed }: FieldRule,
    span: Span = {},
  ): void {
    for (const [index, name] of [names].flat().entries()) {
      const where = () => placed.at(typeof names === 'string' ? path : [...path, index])
      const other = this.names.resolve(name, allowed, where)
      if (other === id) this.names.report(where(), `\`${name}\` is this entry itself`)
      else if (other !== undefined)
        this.add({ from: reversed ? other : id, relation, to: reversed ? id : other, ...span })
    }
  }

  private memberOf(person: NodeId, name: string, span: Span, where: () => string): void {
    const team = this.names.resolve(name, ['team'], where)
    if (team !== undefined) this.add({ from: person, relation: 'member-of', to: team, ...span })
  }

  /** Whoever leaves, or is switched off, holds nothing from then on. */
  private holdings(holder: NodeId, placed: Placed<{ readonly holds: readonly string[] }>, span: Span = {}): void {
    for (const [index, name] of placed.value.holds.entries()) {
      const slash = name.indexOf('/')
      const where = () => placed.at(['holds', index])
      if (placed.value.holds.indexOf(name) !== index)
        this.names.report(where(), `\`${name}\` is listed twice; keep one`)
      const system = this.names.resolve(name.slice(0, slash), ['sys'], where)
      if (system !== undefined) this.access.push({ holder, system, entitlement: name.slice(slash + 1), ...span })
    }
  }

  private belongings(owner: NodeId, placed: Placed<unknown>, accounts: readonly AccountEntry[]): void {
    for (const [index, account] of accounts.entries()) {
      const [node, link] = this.accounts.read(owner, account, (field) => placed.at(['accounts', index, field])) ?? []
      if (node !== undefined) this.nodes.push(node)
      if (link !== undefined) this.add(link)
    }
  }

  /** The same relation twice: the one that lasts longer holds, so that no second line can end a first one. */
  private add(relation: Relation): void {
    const id = `${relation.from} ${relation.relation} ${relation.to}`
    const known = this.relations.get(id)
    if (known === undefined || lastsLonger(relation, known))
      this.relations.set(id, { ...this.beginOf(relation), ...relation })
  }

  /** A membership begins with the person and a part with the team, where nothing else is said. */
  private beginOf({ from, relation }: { readonly from: NodeId; readonly relation: RelationKind }): Pick<Span, 'since'> {
    if (relation === 'member-of') return begun(this.content.people.get(from)?.value.since)
    return relation === 'part-of' ? begun(this.content.teams.get(from)?.value.since) : {}
  }
}

function lastsLonger(a: Relation, b: Relation): boolean {
  return b.until !== undefined && (a.until === undefined || a.until > b.until)
}

function begun(instant: Instant | undefined): Pick<Span, 'since'> {
  return instant === undefined ? {} : { since: instant }
}

function until(instant: Instant | undefined): Pick<Span, 'until'> {
  return instant === undefined ? {} : { until: instant }
}
