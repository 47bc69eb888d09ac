/**
 * How somebody stands to things right now, as far as it lets them act: whose account it is, who owns, controls or is on
 * duty. These answers are in somebody's favour, so only current and confirmed relations count; what counts against
 * somebody is the business of `independence.ts`.
 */
import { type CompiledDirectory, describe, onDuty, resolveAccount } from './compile.ts'
import type { NodeId, NodeKind, RelationKind, TeamId } from './directory.ts'
import { kindSet } from './independence/graph.ts'
import { eachCurrentIn, eachCurrentOut, idOf, type Moment, momentAt, numberOf } from './independence/moment.ts'
import { membershipsOf } from './independence/pools.ts'
import { isOrphaned } from './ownership.ts'
import { type Instant, millisOf } from './time.ts'

const epoch: Instant = '1970-01-01T00:00:00.000Z'

export function nodeKindOf(directory: CompiledDirectory, id: NodeId): NodeKind | undefined {
  return describe(directory, id, epoch)?.kind
}

/** Known to some source and deactivated by none. */
export function isActive(directory: CompiledDirectory, id: NodeId, now: Instant): boolean {
  return describe(directory, id, now)?.ended === false
}

/** Owns or administers the system, directly or through a team. */
export function isOwnerOf(directory: CompiledDirectory, actor: NodeId, system: NodeId, now: Instant): boolean {
  return holds(directory, actor, ['owns', 'administers'], system, now)
}

const keeping = kindSet('owns', 'operates', 'holds-credential-of', 'can-change', 'delegates-to')

/**
 * Whether this workload adds nobody to those who have their hands on the system: somebody owns it, and everybody by whom
 * it can be made to act has their hands on the system already. One who has not is enough to say no.
 */
export function isKeptByHandsOn(directory: CompiledDirectory, workload: NodeId, system: NodeId, now: Instant): boolean {
  const moment = momentAt(directory, now)
  const node = numberOf(moment, workload)
  if (node === undefined || nodeKindOf(directory, workload) !== 'workload') return false
  const keepers: NodeId[] = []
  eachCurrentIn(moment, keeping, node, (_, keeper) => void keepers.push(idOf(moment, keeper)))
  return !isOrphaned(directory, workload, now) && keepers.every((keeper) => hasHandsOn(directory, keeper, system, now))
}

/** Owns, administers, operates or holds a credential of the system. */
export function hasHandsOn(directory: CompiledDirectory, actor: NodeId, system: NodeId, now: Instant): boolean {
  return holds(directory, actor, ['owns', 'administers', 'operates', 'holds-credential-of'], system, now)
}

/** Owns or operates the workload, directly or through a team. Its creator is gone from here on, and may not act for it. */
export function isControllerOf(directory: CompiledDirectory, actor: NodeId, workload: NodeId, now: Instant): boolean {
  return nodeKindOf(directory, workload) === 'workload' && holds(directory, actor, ['owns', 'operates'], workload, now)
}

/** Sponsors the outsider, or is the person's direct chief. */
export function answersFor(directory: CompiledDirectory, actor: NodeId, beneficiary: NodeId, now: Instant): boolean {
  const moment = momentAt(directory, now)
  return hasRelation(moment, actor, 'sponsors', beneficiary) || hasRelation(moment, beneficiary, 'reports-to', actor)
}

/** Whom the actor may ask for: themselves, workloads they own or operate, outsiders they sponsor, and who reports to them. */
export function beneficiariesOf(directory: CompiledDirectory, actor: NodeId, now: Instant): readonly NodeId[] {
  const moment = momentAt(directory, now)
  const person = numberOf(moment, actor)
  if (person === undefined) return []
  const found = new Set<NodeId>()
  const add = (_: number, node: number) => found.add(idOf(moment, node))
  for (const holder of membershipsOf(moment, person).nodes)
    eachCurrentOut(moment, kindSet('owns', 'operates'), holder, add)
  eachCurrentOut(moment, kindSet('sponsors'), person, add)
  eachCurrentIn(moment, kindSet('reports-to'), person, add)
  const others = [...found].filter((id) => {
    const kind = nodeKindOf(directory, id)
    return id !== actor && (kind === 'workload' || kind === 'person') && isActive(directory, id, now)
  })
  return [actor, ...others.sort()]
}

/** Teams the person is in, and rotas they are on: of these they know who watches over them. Workloads are in `beneficiariesOf`. */
export function groupsOf(directory: CompiledDirectory, actor: NodeId, now: Instant): readonly NodeId[] {
  const moment = momentAt(directory, now)
  const person = numberOf(moment, actor)
  if (person === undefined) return []
  const found = new Set<NodeId>()
  const add = (_: number, node: number) => found.add(idOf(moment, node))
  eachCurrentOut(moment, kindSet('member-of', 'on-rota'), person, add)
  return [...found].sort()
}

export function isOnRota(directory: CompiledDirectory, actor: NodeId, rota: NodeId, now: Instant): boolean {
  return hasRelation(momentAt(directory, now), actor, 'on-rota', rota) || onDuty(directory, rota, now).includes(actor)
}

/** Teams somebody is in, through nested ones too; of a workload those that own or operate it, and what they are part of. */
export function teamsOf(directory: CompiledDirectory, of: NodeId, now: Instant): readonly TeamId[] {
  const moment = momentAt(directory, now)
  const node = numberOf(moment, of)
  if (node === undefined) return []
  const found = new Set<number>()
  const add = (_: number, team: number) => {
    if (nodeKindOf(directory, idOf(moment, team)) === 'team') found.add(team)
  }
  eachCurrentOut(moment, kindSet('member-of'), node, add)
  if (nodeKindOf(directory, of) === 'workload') eachCurrentIn(moment, kindSet('owns', 'operates'), node, add)
  for (const team of found) eachCurrentOut(moment, kindSet('part-of'), team, add)
  return [...found].map((team) => idOf(moment, team)).sort()
}

/** By exact name, one holder, and a link that somebody independent confirmed. */
export function holdsAccount(
  directory: CompiledDirectory,
  holder: NodeId,
  on: string,
  login: string,
  now: Instant,
): boolean {
  const { person, workload, confirmed } = resolveAccount(directory, on, login, now)
  return confirmed && (person === holder || workload === holder)
}

/** @returns the names of the accounts on that system which are the holder's beyond doubt, sorted. */
export function accountsHeld(
  directory: CompiledDirectory,
  holder: NodeId,
  on: string,
  now: Instant,
): readonly string[] {
  const moment = momentAt(directory, now)
  const node = numberOf(moment, holder)
  const logins: string[] = []
  if (node === undefined) return logins
  eachCurrentIn(moment, kindSet('belongs-to'), node, (_, account) => {
    const name = directory.accountNames.get(account)
    if (name?.on === on && holdsAccount(directory, holder, on, name.login, now)) logins.push(name.login)
  })
  return [...new Set(logins)].sort()
}

/** @returns the age in seconds of the directory's oldest source; infinite when nothing is known. */
export function directoryAgeSeconds(directory: CompiledDirectory, now: Instant): number {
  const observed = directory.sources.map((source) => source.observedAt)
  if (observed.length === 0 || observed.some(Number.isNaN)) return Number.POSITIVE_INFINITY
  return (millisOf(now) - Math.min(...observed)) / 1000
}

function holds(
  directory: CompiledDirectory,
  actor: NodeId,
  kinds: readonly RelationKind[],
  thing: NodeId,
  now: Instant,
): boolean {
  const moment = momentAt(directory, now)
  const [person, node] = [numberOf(moment, actor), numberOf(moment, thing)]
  if (person === undefined || node === undefined) return false
  const through = new Set(membershipsOf(moment, person).nodes)
  let found = false
  eachCurrentIn(moment, kindSet(...kinds), node, (_, holder) => {
    found ||= through.has(holder)
  })
  return found
}

function hasRelation(moment: Moment, from: NodeId, kind: RelationKind, to: NodeId): boolean {
  const node = numberOf(moment, from)
  let found = false
  if (node === undefined) return false
  eachCurrentOut(moment, kindSet(kind), node, (_, other) => {
    found ||= idOf(moment, other) === to
  })
  return found
}
