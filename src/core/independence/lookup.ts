/**
 * Plain questions to a directory, asked and answered in ids: who is in this team, who controls this workload, whose
 * account is this? None of the answers says that somebody is independent.
 */
import type { CompiledDirectory, CompiledSource } from '../compile.ts'
import { accountKey } from '../compile.ts'
import type { NodeId, NodeKind, PersonId, RelationKind, RotaId, SourceId, TeamId, WorkloadId } from '../directory.ts'
import type { Policy, Pool } from '../policy.ts'
import { type Instant, millisOf } from '../time.ts'
import { isAbsent, peopleOnDuty } from './duty.ts'
import { confirmedFlag } from './graph.ts'
import { kindSet } from './kinds.ts'
import { eachCurrentOut, eachIn, eachOut, idOf, isAlive, type Moment, momentAt, momentOf, numberOf } from './moment.ts'
import { hasEnded, isDescribed, isPerson, mayBe } from './nodes.ts'
import { membersOfPool, peopleInTeam } from './pools.ts'
import { controllersOf } from './side.ts'

const belongsTo = kindSet('belongs-to')

/** What the directory knows of an id. */
export interface Described {
  readonly id: NodeId
  readonly kind: NodeKind
  readonly external: boolean
  readonly agent: boolean
  /** Deactivated or no longer reported at that moment, by the word of any source. */
  readonly ended: boolean
}

export interface ResolvedAccount {
  /** At most one of the two; neither when nobody, or more than one, answers to the account. */
  readonly person?: PersonId
  readonly workload?: WorkloadId
  /** True only when somebody independent confirmed the link, and nothing contradicts it. */
  readonly confirmed: boolean
  /** Everybody the account is said to belong to, when that is more than one. */
  readonly conflicting: readonly NodeId[]
}

const kindsInOrder: readonly NodeKind[] = ['workload', 'account', 'team', 'system', 'rota', 'person']

/** `undefined` for an id that is only mentioned or entirely unknown. Sources that disagree never make a person of it. */
export function describe(directory: CompiledDirectory, id: NodeId, now: Instant): Described | undefined {
  const { nodes } = directory
  const node = nodeOf(directory, id)
  if (node === undefined || !isDescribed(nodes, node)) return undefined
  return {
    id,
    kind: kindsInOrder.find((kind) => mayBe(nodes, node, kind)) as NodeKind,
    external: nodes.external.has(node),
    agent: nodes.agents.has(node),
    ended: hasEnded(nodes, node, millisOf(now)),
  }
}

/** The number of an id inside this compiled directory, and in no other. Compared byte by byte. */
export function nodeOf(directory: CompiledDirectory, id: NodeId): number | undefined {
  return directory.nodes.numbers.get(id)
}

/** Accounts of a person or workload, by any link that counts, confirmed or not. */
export function accountsOf(directory: CompiledDirectory, id: NodeId, now: Instant, policy: Policy): NodeId[] {
  const moment = momentOf(directory, policy, now)
  return collected(moment, id, (node, add) => eachIn(moment, belongsTo, node, (_, account) => add(account)))
}

/** Entries of the account that is called this there, whoever has it. Compared byte by byte. */
export function accountsNamed(directory: CompiledDirectory, on: string, login: string): NodeId[] {
  const numbers = directory.accounts.get(accountKey(on, login)) ?? []
  return numbers.map((number) => directory.nodes.ids[number] as NodeId)
}

/** Owners, operators, creators, credential holders, delegators and all their names; the person themselves for a person. */
export function personsControlling(directory: CompiledDirectory, id: NodeId, now: Instant, policy: Policy): PersonId[] {
  const moment = momentOf(directory, policy, now)
  const node = nodeOf(directory, id)
  if (node === undefined) return []
  const people = controllersOf(moment, [node]).nodes.filter((other) => isPerson(directory.nodes, other))
  return people.map((person) => idOf(moment, person)).sort()
}

/** Members at this moment, of nested teams too. */
export function membersOfTeam(directory: CompiledDirectory, team: TeamId, now: Instant): PersonId[] {
  const moment = momentAt(directory, now)
  const node = nodeOf(directory, team)
  return node === undefined ? [] : peopleInTeam(moment, node).map((person) => idOf(moment, person))
}

/** People in the pool at this moment. An empty pool has nobody. */
export function membersOf(directory: CompiledDirectory, pool: Pool, now: Instant): PersonId[] {
  const moment = momentAt(directory, now)
  return membersOfPool(moment, pool).filter((id) => {
    const node = nodeOf(directory, id)
    return node !== undefined && isPerson(directory.nodes, node) && isAlive(moment, node)
  })
}

/** Whose turn of duty it is and who is there. Being on a rota without a turn is not being on duty. */
export function onDuty(directory: CompiledDirectory, rota: RotaId, at: Instant): PersonId[] {
  const node = nodeOf(directory, rota)
  if (node === undefined) return []
  const people = peopleOnDuty(directory.duty, directory.absences, node, millisOf(at))
  return people.map((person) => directory.nodes.ids[person] as PersonId)
}

/** On leave, or otherwise not there. Says nothing about whether the person may decide. */
export function isAway(directory: CompiledDirectory, person: PersonId, at: Instant): boolean {
  const node = nodeOf(directory, person)
  return node !== undefined && isAbsent(directory.absences, node, millisOf(at))
}

/** Which sources state this relation, ended or not, in the order of their ids. */
export function sourceOf(directory: CompiledDirectory, from: NodeId, relation: RelationKind, to: NodeId): SourceId[] {
  const everything: Moment = { directory, now: Number.NaN, countsAfter: Number.NEGATIVE_INFINITY }
  const [start, end] = [nodeOf(directory, from), nodeOf(directory, to)]
  if (start === undefined || end === undefined) return []
  const sources = new Set<SourceId>()
  eachOut(everything, kindSet(relation), start, (number, other) => {
    const source = directory.sources[directory.graph.source[number] as number] as CompiledSource
    if (other === end) sources.add(source.id)
  })
  return [...sources].sort()
}

/**
 * Who signs in with this account? Names are compared byte by byte: no case, no whitespace, no look-alikes. Only links
 * that hold right now count, since the answer lets somebody act; who else might be behind it is independence's question.
 */
export function resolveAccount(directory: CompiledDirectory, on: string, login: string, now: Instant): ResolvedAccount {
  const moment = momentAt(directory, now)
  const confirmed = new Map<number, boolean>()
  for (const account of directory.accounts.get(accountKey(on, login)) ?? []) {
    if (!isAlive(moment, account)) continue
    eachCurrentOut(moment, belongsTo, account, (relation, owner) => {
      const isConfirmed = ((directory.graph.flags[relation] as number) & confirmedFlag) !== 0
      confirmed.set(owner, isConfirmed || confirmed.get(owner) === true)
    })
  }
  return resolved(moment, confirmed)
}

function resolved(moment: Moment, confirmed: ReadonlyMap<number, boolean>): ResolvedAccount {
  const { nodes } = moment.directory
  const owners = [...confirmed.keys()].sort((a, b) => a - b)
  const ids = owners.map((owner) => idOf(moment, owner))
  const [owner, id] = [owners[0], ids[0]]
  if (owner === undefined || id === undefined) return { confirmed: false, conflicting: [] }
  if (owners.length > 1) return { confirmed: false, conflicting: ids }
  const found = { confirmed: confirmed.get(owner) === true, conflicting: [] }
  if (isPerson(nodes, owner)) return { person: id, ...found }
  return mayBe(nodes, owner, 'workload') ? { workload: id, ...found } : { confirmed: false, conflicting: [] }
}

function collected(moment: Moment, id: NodeId, visit: (node: number, add: (other: number) => void) => void): NodeId[] {
  const node = numberOf(moment, id)
  const found = new Set<number>()
  if (node !== undefined) visit(node, (other) => found.add(other))
  return [...found].sort((a, b) => a - b).map((other) => idOf(moment, other))
}
