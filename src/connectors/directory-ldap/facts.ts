/**
 * What the entries of an LDAP server mean, as nodes and relations. The mapping is written in `docs/directory.md`. Whoever
 * is deactivated there is deactivated here, with all their relations, since the entry was last changed; a name of an entry
 * that leads outside of what is read makes the source unreadable, because a membership would be out of sight.
 */
import { createHash } from 'node:crypto'
import type { NodeId } from '../../core/directory.ts'
import { type Instant, parseInstant } from '../../core/time.ts'
import { inert } from '../../files/validate.ts'
import { exactText, nameText } from '../../files/values.ts'
import { slug } from '../../lib/slug.ts'
import { FactsDraft, type Span } from '../facts-draft.ts'
import { sameDn } from './dn.ts'
import type { Entry } from './search.ts'
import type { Condition, LdapSettings } from './settings.ts'

export interface Found {
  readonly people: readonly Entry[]
  readonly groups: readonly Entry[]
  /** Whether an entry that was not found is somewhere else on the server; asked once for each. */
  readonly isElsewhere: (dn: string) => Promise<boolean>
}

export async function draftOf(found: Found, settings: LdapSettings): Promise<FactsDraft> {
  const writer = new Writer(settings)
  for (const entry of found.people) writer.person(entry)
  for (const entry of found.groups) writer.group(entry)
  if (writer.draft.problems.length > 0) return writer.draft
  for (const entry of found.people) writer.personRelations(entry)
  for (const entry of found.groups) writer.groupRelations(entry)
  await writer.settleUnknown(found.isElsewhere)
  return writer.draft
}

/** A name that led to nothing read, and what it would have meant. */
interface Unknown {
  readonly dn: string
  readonly where: string
  readonly relate: (id: NodeId) => void
}

const lookedUpMax = 1_000

class Writer {
  readonly draft = new FactsDraft()
  private readonly settings: LdapSettings
  private readonly byDn = new Map<string, NodeId>()
  private readonly ended = new Map<NodeId, Instant>()
  private readonly unknown: Unknown[] = []

  constructor(settings: LdapSettings) {
    this.settings = settings
  }

  person(entry: Entry): void {
    const { people, idPrefix } = this.settings
    const id = this.idOf(entry, people.id, `per_${idPrefix}`)
    if (id === undefined) return
    const until = isDeactivated(entry, people.deactivated) ? changedAt(entry) : undefined
    const external =
      people.external !== undefined && textsOf(entry, people.external.attribute).includes(people.external.equals)
    if (until !== undefined) this.ended.set(id, until)
    this.draft.describe(
      {
        id,
        kind: 'person',
        name: this.name(entry, people.name),
        ...(external ? { external } : {}),
        ...(until === undefined ? {} : { until }),
      },
      () => this.where(entry),
    )
    for (const { on, attribute, confirmed } of people.accounts)
      for (const login of textsOf(entry, attribute)) this.account(entry, id, on, login, confirmed)
  }

  group(entry: Entry): void {
    const { groups, namespace } = this.settings
    if (groups === undefined) return
    const id = this.idOf(entry, groups.id, `team_${namespace}.`)
    if (id === undefined) return
    if (textsOf(entry, 'objectClass').some((name) => name.toLowerCase() === 'groupofurls'))
      this.draft.report(
        this.where(entry),
        'its members are a question to the server; list them, or leave the group out of `groups.filter`',
      )
    this.draft.describe({ id, kind: 'team', name: this.name(entry, groups.name) }, () => this.where(entry))
  }

  personRelations(entry: Entry): void {
    const { people, namespace } = this.settings
    const person = this.known(entry)
    for (const manager of textsOf(entry, people.manager)) {
      this.named(entry, manager, people.manager, (id) => {
        // Whoever heads it all is often named as their own manager.
        if (id !== person) this.relate(person, 'reports-to', id)
      })
    }
    for (const department of people.department === undefined ? [] : textsOf(entry, people.department)) {
      const key = slug(department)
      const where = () => this.where(entry)
      if (key === '') this.draft.report(where(), `the department \`${inert(department)}\` has no letter or digit`)
      const team = this.draft.idFor(`team_${namespace}_department.${key}`, department, where)
      this.draft.describe({ id: team, kind: 'team', name: inert(department) }, where)
      this.relate(person, 'member-of', team)
    }
  }

  groupRelations(entry: Entry): void {
    const { groups, idPrefix } = this.settings
    if (groups === undefined) return
    const team = this.known(entry)
    const belongs = (id: NodeId) => this.relate(id, id.startsWith('team_') ? 'part-of' : 'member-of', team)
    for (const attribute of groups.members)
      for (const member of textsOf(entry, attribute))
        this.named(entry, withoutBits(member), attribute, (id) => {
          if (id !== team) belongs(id)
        })
    for (const attribute of groups.memberIds) {
      for (const member of textsOf(entry, attribute)) {
        const id = `per_${idPrefix}${slug(member)}`
        if (this.draft.has(id)) belongs(id)
        else if (this.settings.missing === 'unknown') this.draft.relate(this.nobody(member), 'member-of', team)
      }
    }
    for (const attribute of groups.maintainers)
      for (const owner of textsOf(entry, attribute))
        this.named(entry, owner, attribute, (id) => {
          if (id.startsWith('per_')) this.relate(id, 'maintains', team)
          else
            this.draft.report(
              this.where(entry),
              `\`${attribute}\` names a group; name the people who decide who is in it`,
            )
        })
  }

  /** Entries elsewhere on the server are a mistake of the settings; entries that are nowhere are unknown people. */
  async settleUnknown(isElsewhere: Found['isElsewhere']): Promise<void> {
    const asked = new Map<string, boolean>()
    for (const { dn, where, relate } of this.unknown) {
      const key = sameDn(dn) ?? dn
      if (!asked.has(key) && asked.size === lookedUpMax) {
        this.draft.report(
          where,
          `more than ${lookedUpMax} entries are named and not found; widen \`people.base\` or \`groups.base\``,
        )
        return
      }
      const elsewhere = asked.get(key) ?? (await isElsewhere(dn))
      asked.set(key, elsewhere)
      if (elsewhere)
        this.draft.report(
          where,
          `\`${inert(dn)}\` is there and is not read; widen the bases or filters of \`people\` or \`groups\``,
        )
      else if (this.settings.missing === 'unknown') relate(this.nobody(dn))
    }
  }

  private named(entry: Entry, dn: string, attribute: string, relate: (id: NodeId) => void): void {
    const key = sameDn(dn)
    if (key === undefined) {
      this.draft.report(this.where(entry), `\`${attribute}\`: \`${inert(dn)}\` is no name of an entry`)
      return
    }
    const id = this.byDn.get(key)
    if (id !== undefined) relate(id)
    else this.unknown.push({ dn, where: this.where(entry), relate })
  }

  private relate(from: NodeId, relation: 'reports-to' | 'member-of' | 'part-of' | 'maintains', to: NodeId): void {
    this.draft.relate(from, relation, to, this.spanOf(from, to))
  }

  /** What a deactivated person had has ended with them. */
  private spanOf(from: NodeId, to: NodeId): Span {
    const ends = [this.ended.get(from), this.ended.get(to)].filter((end) => end !== undefined).sort()
    return ends[0] === undefined ? {} : { until: ends[0] }
  }

  private account(entry: Entry, owner: NodeId, on: string, login: string, confirmed: boolean): void {
    const where = () => this.where(entry)
    if (!exactText.safeParse(login).success) {
      this.draft.report(where(), `expected visible characters only, got \`${inert(login)}\``)
      return
    }
    const id = `acc_${on}:${encodeURIComponent(login)}`
    if (this.draft.has(id))
      this.draft.report(where(), `\`${inert(login)}\` on \`${on}\` belongs to somebody else already`)
    this.draft.describe({ id, kind: 'account', name: login, on, login }, where)
    this.draft.relate(id, 'belongs-to', owner, { confirmed })
  }

  private idOf(entry: Entry, attribute: string, prefix: string): NodeId | undefined {
    const values = textsOf(entry, attribute)
    const [value, second] = values
    const where = () => this.where(entry)
    if (value === undefined) return this.draft.report(where(), `has no \`${attribute}\``)
    if (second !== undefined)
      return this.draft.report(
        where(),
        `has several \`${attribute}\`, and nobody knows which is its name: ${values.map((each) => `\`${inert(each)}\``).join(', ')}`,
      )
    const key = slug(value)
    if (key === '') return this.draft.report(where(), `\`${attribute}\` has no letter or digit: \`${inert(value)}\``)
    const id = `${prefix}${key}`
    // The server takes letter case for nothing in names, and two entries of one name lie in different places.
    this.draft.idFor(id, value.toLowerCase(), where)
    if (this.draft.has(id)) return this.draft.report(where(), `another entry is called \`${inert(value)}\` as well`)
    const dn = sameDn(entry.dn)
    if (dn !== undefined) this.byDn.set(dn, id)
    return id
  }

  private known(entry: Entry): NodeId {
    return this.byDn.get(sameDn(entry.dn) ?? '') as NodeId
  }

  private name(entry: Entry, attribute: string): string {
    const name = textsOf(entry, attribute)[0] ?? ''
    if (!nameText.safeParse(name).success)
      this.draft.report(this.where(entry), `\`${attribute}\`: expected a name to show, got \`${inert(name)}\``)
    return name
  }

  /** In no source, so that whoever depends on them is unresolved. */
  private nobody(name: string): NodeId {
    const key = createHash('sha256')
      .update(sameDn(name) ?? name.toLowerCase())
      .digest('hex')
      .slice(0, 16)
    return `per_${this.settings.idPrefix}${this.settings.namespace}-missing.${key}`
  }

  private where({ dn }: Entry): string {
    return `${this.settings.url} ${inert(dn)}`
  }
}

export function textsOf({ attributes }: Entry, name: string): readonly string[] {
  return attributes.get(name.toLowerCase()) ?? []
}

/** `uniqueMember` may end in a bit string that tells two entries of one name apart. */
function withoutBits(name: string): string {
  return name.replace(/#'[01]*'B$/, '')
}

function isDeactivated(entry: Entry, conditions: readonly Condition[]): boolean {
  return conditions.some((condition) => {
    const values = textsOf(entry, condition.attribute)
    if ('present' in condition) return values.length > 0
    if ('equals' in condition) return values.some((value) => value.toLowerCase() === condition.equals.toLowerCase())
    // Active Directory keeps switches of an account as bits of one number.
    return values.some((value) => Math.floor(Number(value) / condition.bit) % 2 === 1)
  })
}

/** Long ago where the server does not say: then it lingers from when it was first read so. */
const longAgo = '1970-01-01T00:00:00.000Z'

/** `20261101120000Z`, with or without a fraction. */
function changedAt(entry: Entry): Instant {
  const [text = ''] = [...textsOf(entry, 'modifyTimestamp'), ...textsOf(entry, 'whenChanged')]
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text)
  if (match === null) return longAgo
  const [, year, month, day, hour, minute, second] = match
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) ?? longAgo
}
