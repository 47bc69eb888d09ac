/**
 * What an identity provider has pushed, as nodes and relations: users are people with their accounts, groups and departments
 * are teams, the manager is whom one reports to. What is pushed and cannot be resolved stays in the dark on purpose: a
 * manager whom nobody knows makes somebody unresolved, never independent.
 */
import { createHash } from 'node:crypto'
import type { NodeId, SourceSnapshot } from '../../core/directory.ts'
import { nameKey } from '../../lib/name-key.ts'
import type { ScimResource } from '../../store/scim-contract.ts'

type Node = SourceSnapshot['nodes'][number]
type Relation = SourceSnapshot['relations'][number]

export interface ScimAccount {
  /** Issuer or system on which users have an account. */
  readonly on: string
  /** Which attribute is its name there. */
  readonly login: 'userName' | 'externalId' | 'email'
}

export interface ScimMapping {
  /** Comes before what this source names in ids of teams. */
  readonly idPrefix: string
  readonly accounts: readonly ScimAccount[]
  /** Whether an account is its user's beyond doubt, and who says so where ids come from elsewhere. */
  readonly confirmed: (owner: NodeId) => boolean
  readonly departments: boolean
  /** Values of `userType` of people who are not employed here. */
  readonly externalTypes: readonly string[]
}

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
/** Addresses are accounts too: two people of one address are one person until somebody says otherwise. */
const mail = 'mailto'

export function factsOf(
  resources: readonly ScimResource[],
  mapping: ScimMapping,
): Pick<SourceSnapshot, 'nodes' | 'relations'> {
  const users = resources.filter(({ kind }) => kind === 'User')
  const groups = resources.filter(({ kind }) => kind === 'Group')
  const draft = new Draft(users, groups, mapping)
  for (const user of users) draft.user(user)
  for (const group of groups) draft.group(group)
  return { nodes: [...draft.nodes.values()], relations: [...draft.relations.values()] }
}

/** What some of them say. @param known everybody and everything that they may name, themselves included. */
export function factsOfSome(
  some: readonly ScimResource[],
  known: readonly ScimResource[],
  mapping: ScimMapping,
): Pick<SourceSnapshot, 'nodes' | 'relations'> {
  const draft = new Draft(
    known.filter(({ kind }) => kind === 'User'),
    known.filter(({ kind }) => kind === 'Group'),
    mapping,
  )
  for (const one of some) {
    if (one.kind === 'User') draft.user(one)
    else draft.group(one)
  }
  return { nodes: [...draft.nodes.values()], relations: [...draft.relations.values()] }
}

/** By what these name others: ids of members, and whatever a manager may be named by. */
export function namedBy(some: readonly ScimResource[]): { readonly ids: string[]; readonly names: string[] } {
  const members = some.flatMap(({ body }) => listOf(body.members).flatMap((one) => textOf(objectOf(one).value) ?? []))
  const managers = some.flatMap(({ body }) => textOf(objectOf(objectOf(body[enterprise]).manager).value) ?? [])
  const names = [...new Set(managers.flatMap((name) => [name, nameKey(name)]))]
  return { ids: [...new Set([...some.map(({ id }) => id), ...members, ...names])], names }
}

/** What departments are called as teams, and groups never are. */
export function departmentPrefix(idPrefix: string): string {
  return `team_${idPrefix}department-`
}

class Draft {
  readonly nodes = new Map<NodeId, Node>()
  readonly relations = new Map<string, Relation>()
  private readonly mapping: ScimMapping
  private readonly members: ReadonlyMap<string, ScimResource>
  /** By everything a manager may be named by. */
  private readonly named = new Map<string, NodeId>()

  constructor(users: readonly ScimResource[], groups: readonly ScimResource[], mapping: ScimMapping) {
    this.mapping = mapping
    this.members = new Map([...users, ...groups].map((resource) => [resource.id, resource]))
    for (const { node, nameKey: key, externalId } of users) {
      for (const name of [key, externalId]) if (name !== undefined) this.named.set(name, node)
    }
    // The id of a resource names it, whatever else somebody is called.
    for (const { id, node } of users) this.named.set(id, node)
  }

  user(user: ScimResource): void {
    const { node: id, body, inactiveSince } = user
    const external = this.mapping.externalTypes.includes(textOf(body.userType) ?? '')
    this.node({
      id,
      kind: 'person',
      name: nameOf(body),
      ...(external ? { external } : {}),
      ...(inactiveSince === undefined ? {} : { until: inactiveSince }),
    })
    for (const account of this.mapping.accounts) this.accountOf(user, account)
    for (const address of addressesOf(body)) this.account(id, mail, address.toLowerCase(), false)
    const more = objectOf(body[enterprise])
    const manager = textOf(objectOf(more.manager).value)
    if (manager !== undefined) this.relate(id, 'reports-to', this.personNamed(manager))
    const department = textOf(more.department)
    if (this.mapping.departments && department !== undefined) this.departmentOf(id, department)
  }

  group({ node: id, body }: ScimResource): void {
    this.node({ id, kind: 'team', name: textOf(body.displayName) ?? id })
    for (const member of listOf(body.members)) {
      const resource = this.members.get(textOf(objectOf(member).value) ?? '')
      // Somebody who was deleted is no member any more; that they were goes on counting.
      if (resource !== undefined) this.relate(resource.node, resource.kind === 'User' ? 'member-of' : 'part-of', id)
    }
  }

  private accountOf({ node, body, externalId }: ScimResource, { on, login }: ScimAccount): void {
    const names = { userName: textOf(body.userName), externalId, email: addressesOf(body)[0] }
    const name = names[login]
    if (name !== undefined) this.account(node, on, name, this.mapping.confirmed(node))
  }

  private account(owner: NodeId, on: string, login: string, confirmed: boolean): void {
    // The first colon ends the issuer; what follows is spelled so that nothing else reads the same.
    const id = `acc_${on}:${encodeURIComponent(login)}`
    this.node({ id, kind: 'account', name: login, on, login })
    this.relate(id, 'belongs-to', owner, { confirmed })
  }

  private departmentOf(person: NodeId, department: string): void {
    const id = `${departmentPrefix(this.mapping.idPrefix)}${slugOf(department)}`
    this.node({ id, kind: 'team', name: department })
    this.relate(person, 'member-of', id)
  }

  /** Somebody whom nobody describes, where the name leads nowhere: an id of their own, so that it stays visible. */
  private personNamed(manager: string): NodeId {
    const known = this.named.get(manager) ?? this.named.get(nameKey(manager))
    return known ?? `per_${this.mapping.idPrefix}unknown-manager-${slugOf(manager)}`
  }

  private node(node: Node): void {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node)
  }

  private relate(from: NodeId, relation: Relation['relation'], to: NodeId, more: Partial<Relation> = {}): void {
    if (from !== to) this.relations.set(`${from} ${relation} ${to}`, { from, relation, to, ...more })
  }
}

function nameOf(body: ScimResource['body']): string {
  const { formatted, givenName, familyName } = objectOf(body.name)
  const whole = [textOf(givenName), textOf(familyName)].filter((part) => part !== undefined).join(' ')
  return (
    textOf(body.displayName) ?? textOf(formatted) ?? (whole === '' ? undefined : whole) ?? textOf(body.userName) ?? ''
  )
}

/** The primary one first. */
function addressesOf({ emails }: ScimResource['body']): readonly string[] {
  const entries = listOf(emails).map(objectOf)
  const ordered = [
    ...entries.filter(({ primary }) => primary === true),
    ...entries.filter(({ primary }) => primary !== true),
  ]
  return [...new Set(ordered.map(({ value }) => textOf(value)).filter((value) => value !== undefined))]
}

/** Readable, and with a digest of what was said: two names that read alike stay two teams. */
function slugOf(text: string): string {
  const key = nameKey(text.trim())
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 8)
  const readable = key
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return readable === '' ? digest : `${readable}-${digest}`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
