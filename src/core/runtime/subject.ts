/**
 * Whom does a decision point mean by a type and an id? A node of the directory by its own id, or an account by where it
 * lives and what it is called there. Names are compared byte by byte, and a name that could be two is nobody.
 */
import { type CompiledDirectory, resolveAccount } from '../compile.ts'
import type { NodeId } from '../directory.ts'
import { isActive, nodeKindOf } from '../standing.ts'
import type { Instant } from '../time.ts'
import type { RuntimeReason } from './reasons.ts'

/** A subject as it was named, and through whom it acts: from the current actor back to the first (RFC 8693). */
export interface NamedSubject {
  readonly type: string
  readonly id: string
  readonly actors: readonly NamedActor[]
}

export interface NamedActor {
  /** Key of an issuer or id of a system on which `sub` is an account; absent: `sub` is an id of the directory. */
  readonly iss?: string
  readonly sub: string
}

export interface ResolvedSubject {
  /** Who acts: the current actor where there is one, else the subject. */
  readonly actor: NodeId
  /** Everybody else, outermost first: the subject, then the earlier actors. */
  readonly chain: readonly NodeId[]
}

/** Words of decision points for the kinds of the directory. Any other type is where an account lives. */
const kindsByType: Readonly<Record<string, 'person' | 'workload'>> = {
  person: 'person',
  user: 'person',
  workload: 'workload',
  service: 'workload',
  agent: 'workload',
}

export function resolveSubject(
  { type, id, actors }: NamedSubject,
  directory: CompiledDirectory,
  now: Instant,
): ResolvedSubject | RuntimeReason {
  const kind = Object.hasOwn(kindsByType, type) ? kindsByType[type] : undefined
  const subject = kind === undefined ? holderOf(type, id, directory, now) : nodeOfKind(id, kind, directory)
  if (subject === undefined) return 'unknown-subject'
  const acting = actors.map(({ iss, sub }) =>
    iss === undefined ? anyNode(sub, directory) : holderOf(iss, sub, directory, now),
  )
  if (acting.includes(undefined)) return 'delegation-unresolved'
  const [actor = subject, ...earlier] = acting as NodeId[]
  const chain = actors.length === 0 ? [] : [subject, ...earlier.reverse()]
  return [actor, ...chain].every((node) => isActive(directory, node, now)) ? { actor, chain } : 'subject-not-active'
}

function nodeOfKind(id: string, kind: 'person' | 'workload', directory: CompiledDirectory): NodeId | undefined {
  return nodeKindOf(directory, id) === kind ? id : undefined
}

function anyNode(id: string, directory: CompiledDirectory): NodeId | undefined {
  return nodeOfKind(id, 'person', directory) ?? nodeOfKind(id, 'workload', directory)
}

/** In somebody's favour a link between account and holder counts only once it was confirmed. */
function holderOf(on: string, login: string, directory: CompiledDirectory, now: Instant): NodeId | undefined {
  const { person, workload, confirmed } = resolveAccount(directory, on, login, now)
  return confirmed ? (person ?? workload) : undefined
}
