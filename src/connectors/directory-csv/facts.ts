/**
 * What the tables mean, as nodes and relations. Every name must lead somewhere: one that does not makes the whole source
 * unreadable, because a missing relation would make somebody look independent.
 */
import type { NodeId, NodeKind, RelationKind } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import type { Prefix } from '../../files/reference.ts'
import { inert } from '../../files/validate.ts'
import { exactText, nameText } from '../../files/values.ts'
import { FactsDraft, type Span } from '../facts-draft.ts'
import { loopsIn, spokenLoop } from '../loops.ts'
import { Cells, idOf } from './cells.ts'
import type { CsvContent } from './content.ts'
import { relationEnds } from './relations.ts'
import type { Row } from './table.ts'

export interface FactsOptions {
  /** Kinds of things that other sources define; their ids stand here with their prefix and are taken as they are. */
  readonly elsewhere: readonly Prefix[]
  /** Keys of issuers that accounts may live on. */
  readonly issuers: readonly string[]
}

export function draftOf({ rows }: CsvContent, options: FactsOptions): FactsDraft {
  const writer = new Writer(options)
  for (const [table, prefix] of defining) for (const row of rows[table]) writer.define(row, prefix)
  for (const row of rows.people) writer.person(row)
  for (const row of rows.teams) writer.team(row)
  for (const row of rows.memberships) writer.membership(row)
  for (const row of rows.accounts) writer.account(row)
  for (const row of rows.relations) writer.relation(row)
  for (const row of rows.access) writer.access(row)
  for (const row of rows.shifts) writer.shift(row)
  for (const row of rows.absences) writer.absence(row)
  writer.loops()
  return writer.draft
}

const defining = [
  ['people', 'per'],
  ['teams', 'team'],
  ['systems', 'sys'],
  ['workloads', 'wl'],
  ['rotas', 'rota'],
] as const

const kindOfPrefix: Readonly<Record<Prefix, NodeKind>> = {
  per: 'person',
  acc: 'account',
  team: 'team',
  wl: 'workload',
  sys: 'system',
  rota: 'rota',
}
const workloadKinds = ['service-account', 'pipeline', 'agent', 'key'] as const

class Writer {
  readonly draft = new FactsDraft()
  private readonly issuers: readonly string[]
  /** Since when people are here. */
  private readonly begun = new Map<NodeId, Instant>()
  private readonly cells: Cells

  constructor({ elsewhere, issuers }: FactsOptions) {
    this.issuers = issuers
    this.cells = new Cells(this.draft, elsewhere)
  }

  /** First everything that has a row of its own, so that the order of rows and files does not matter. */
  define(row: Row, prefix: Prefix): undefined {
    const written = this.cells.needed(row, 'id')
    const name = this.cells.needed(row, 'name')
    const id = written === undefined ? undefined : this.cells.ownId(row, 'id', written, prefix)
    if (id === undefined || name === undefined) return
    const earlier = this.cells.places.get(id)
    if (earlier !== undefined) return this.cells.say(row, 'id', `\`${written}\` is already defined at ${earlier}`)
    this.cells.places.set(id, row.where)
    if (!nameText.safeParse(name).success)
      return this.cells.say(
        row,
        'name',
        `expected a name without control or direction characters, got \`${inert(name)}\``,
      )
    const kind = this.cells.choice(row, 'kind', workloadKinds)
    const external = this.cells.flag(row, 'external')
    const until = this.cells.moment(row, prefix === 'per' ? 'left' : 'retired')
    this.draft.idFor(id, written as string, () => row.where)
    this.draft.describe(
      {
        id,
        kind: kindOfPrefix[prefix],
        name,
        ...(external ? { external } : {}),
        ...(kind === undefined ? {} : { workloadKind: kind }),
        ...(until === undefined ? {} : { until }),
      },
      () => row.where,
    )
  }

  person(row: Row): void {
    const person = this.defined(row, 'per')
    const left = this.cells.moment(row, 'left')
    const since = this.cells.moment(row, 'since')
    if (since !== undefined) this.begun.set(person, since)
    const span = left === undefined ? {} : { until: left }
    this.link(row, 'manager', ['per'], person, (manager) => [person, 'reports-to', manager], span)
    this.link(row, 'sponsor', ['per'], person, (sponsor) => [sponsor, 'sponsors', person], span)
  }

  team(row: Row): void {
    const team = this.defined(row, 'team')
    this.link(row, 'parent', ['team'], team, (parent) => [team, 'part-of', parent], this.cells.span(row))
  }

  /** Where no beginning is said, it is that of the person; an end is the earlier of the two. */
  membership(row: Row): undefined {
    const [person, team] = [this.cells.reference(row, 'person', ['per']), this.cells.reference(row, 'team', ['team'])]
    const role = this.cells.choice(row, 'role', ['member', 'maintainer'])
    const span = this.cells.span(row)
    if (person === undefined || team === undefined) return
    const left = this.draft.nodes.get(person)?.until
    const until = left !== undefined && (span.until === undefined || left < span.until) ? left : span.until
    const since = span.since ?? this.begun.get(person)
    const lasting = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
    this.draft.relate(person, 'member-of', team, lasting)
    if (role === 'maintainer') this.draft.relate(person, 'maintains', team, lasting)
  }

  account(row: Row): undefined {
    const owner = this.cells.reference(row, 'owner', ['per', 'wl'])
    const [on, login] = [this.cells.needed(row, 'on'), this.cells.needed(row, 'login')]
    if (on === undefined || login === undefined) return
    const confirmer = row.cells.has('confirmed_by') ? this.cells.reference(row, 'confirmed_by', ['per']) : undefined
    const lives = this.issuers.includes(on) ? on : this.cells.reference(row, 'on', ['sys'])
    if (!exactText.safeParse(login).success)
      return this.cells.say(row, 'login', `expected visible characters only, got \`${inert(login)}\``)
    if (owner === undefined || lives === undefined) return
    if (confirmer === owner) return this.cells.say(row, 'confirmed_by', 'nobody confirms an account of their own')
    // The first colon ends the issuer, whose key has none; what follows is spelled so that nothing else reads the same.
    const id = `acc_${lives}:${encodeURIComponent(login)}`
    const earlier = this.cells.places.get(id)
    if (earlier !== undefined)
      return this.cells.say(row, 'login', `\`${inert(login)}\` on \`${on}\` already belongs to somebody at ${earlier}`)
    this.cells.places.set(id, row.where)
    this.draft.describe({ id, kind: 'account', name: login, on: lives, login }, () => row.where)
    this.draft.relate(id, 'belongs-to', owner, { confirmed: confirmer !== undefined })
  }

  relation(row: Row): undefined {
    const kind = this.cells.choice(row, 'relation', Object.keys(relationEnds) as (keyof typeof relationEnds)[])
    if (kind === undefined) return
    const [from, to] = [
      this.cells.reference(row, 'from', relationEnds[kind].from),
      this.cells.reference(row, 'to', relationEnds[kind].to),
    ]
    const span = this.cells.span(row)
    if (from === undefined || to === undefined) return
    if (from === to) return this.cells.say(row, 'to', `\`${to}\` is this entry itself`)
    this.draft.relate(from, kind, to, span)
  }

  access(row: Row): undefined {
    const [holder, system] = [
      this.cells.reference(row, 'holder', ['per', 'team', 'wl']),
      this.cells.reference(row, 'system', ['sys']),
    ]
    const entitlement = this.cells.needed(row, 'entitlement')
    const span = this.cells.span(row)
    if (holder === undefined || system === undefined || entitlement === undefined) return
    if (!exactText.safeParse(entitlement).success)
      return this.cells.say(row, 'entitlement', `expected visible characters only, got \`${inert(entitlement)}\``)
    this.draft.holds(holder, system, entitlement, span)
  }

  shift(row: Row): undefined {
    const [rota, person] = [this.cells.reference(row, 'rota', ['rota']), this.cells.reference(row, 'person', ['per'])]
    const [start, end] = this.cells.window(row, 'start', 'end')
    if (rota === undefined || person === undefined || start === undefined || end === undefined) return
    this.draft.shifts.push({ rota, person, start, end })
    this.draft.relate(person, 'on-rota', rota)
  }

  absence(row: Row): undefined {
    const person = this.cells.reference(row, 'person', ['per'])
    const [start, end] = this.cells.window(row, 'from', 'until')
    if (person !== undefined && start !== undefined && end !== undefined)
      this.draft.absences.push({ person, start, end })
  }

  loops(): void {
    for (const kind of ['reports-to', 'part-of'] as const) {
      for (const loop of loopsIn(this.draft.relations.values(), kind)) {
        const where = this.cells.places.get(loop[0] as NodeId) ?? ''
        this.draft.report(
          where,
          `${kind === 'part-of' ? 'is inside itself' : 'reports to themselves in the end'}: ${spokenLoop(loop)}`,
        )
      }
    }
  }

  private link(
    row: Row,
    column: string,
    allowed: readonly Prefix[],
    own: NodeId,
    relation: (other: NodeId) => readonly [NodeId, RelationKind, NodeId],
    span: Span,
  ): void {
    if (!row.cells.has(column)) return
    const other = this.cells.reference(row, column, allowed)
    if (other === own) this.cells.say(row, column, `\`${row.cells.get(column)}\` is this entry itself`)
    else if (other !== undefined) this.draft.relate(...relation(other), span)
  }

  /** Of a row that was defined; when it was not, its problem is known already. */
  private defined(row: Row, prefix: Prefix): NodeId {
    return idOf(row.cells.get('id') ?? '', prefix)
  }
}
