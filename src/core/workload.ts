/**
 * What is known of a workload: who answers for it, who can act with it or change it, how it signs in and where, and what it
 * may hand on. Everything is a relation of the directory at this moment; what no source states is not known, and is left
 * out rather than guessed. Pure.
 */
import type { CompiledDirectory } from './compile.ts'
import type { NodeId, PersonId, RelationKind, WorkloadId } from './directory.ts'
import { kindSet } from './independence/kinds.ts'
import { eachCurrentIn, eachCurrentOut, idOf, type Moment, momentAt, numberOf, sinceOf } from './independence/moment.ts'
import { ownersOf } from './ownership.ts'
import { isActive } from './standing.ts'
import { type Instant, instantOf, secondsBetween } from './time.ts'

/** Somebody who stands in a relation to it, as the directory states it: themselves, or as a team. */
export interface Holder {
  readonly node: NodeId
  /** As a source states it, or else since it was first seen here: it may be older. */
  readonly since?: Instant
}

/** A way in which it signs in: an account on a system or issuer. */
export interface Credential {
  readonly account: NodeId
  readonly on?: string
  readonly login?: string
  readonly since?: Instant
  /** At least so old. */
  readonly ageSeconds?: number
}

export interface Workload {
  readonly id: WorkloadId
  readonly active: boolean
  /** Nobody who is here owns it. */
  readonly orphaned: boolean
  /** People who own it, themselves or through a team. */
  readonly ownedBy: readonly PersonId[]
  readonly owners: readonly Holder[]
  readonly operators: readonly Holder[]
  readonly creators: readonly Holder[]
  readonly credentialHolders: readonly Holder[]
  /** Who can change its code, prompt or pipeline. */
  readonly changers: readonly Holder[]
  readonly credentials: readonly Credential[]
  /** Systems and issuers on which it has an account: where it can run. */
  readonly runsOn: readonly string[]
  /** Workloads that may act for it, or through which it acts. */
  readonly delegatesTo: readonly Holder[]
  readonly delegatedBy: readonly Holder[]
}

export function workloadOf(directory: CompiledDirectory, id: WorkloadId, now: Instant): Workload | undefined {
  const moment = momentAt(directory, now)
  const node = numberOf(moment, id)
  if (node === undefined) return undefined
  const holders = (kind: RelationKind) => related(moment, node, kind, eachCurrentIn)
  const ownedBy = ownersOf(directory, id, now)
  const credentials = credentialsOf(moment, node, now)
  return {
    id,
    active: isActive(directory, id, now),
    orphaned: ownedBy.length === 0,
    ownedBy,
    owners: holders('owns'),
    operators: holders('operates'),
    creators: holders('created'),
    credentialHolders: holders('holds-credential-of'),
    changers: holders('can-change'),
    credentials,
    runsOn: [...new Set(credentials.flatMap(({ on }) => on ?? []))].sort(),
    delegatesTo: related(moment, node, 'delegates-to', eachCurrentOut),
    delegatedBy: holders('delegates-to'),
  }
}

function related(moment: Moment, node: number, kind: RelationKind, each: typeof eachCurrentIn): readonly Holder[] {
  const found = new Map<NodeId, Holder>()
  each(moment, kindSet(kind), node, (relation, other) => {
    const id = idOf(moment, other)
    const since = begun(moment, relation)
    const known = found.get(id)
    // Several sources: the earliest beginning any of them states.
    if (known?.since !== undefined && (since === undefined || known.since <= since)) return
    found.set(id, { node: id, ...(since === undefined ? {} : { since }) })
  })
  return [...found.values()].sort((a, b) => (a.node < b.node ? -1 : 1))
}

function credentialsOf(moment: Moment, node: number, now: Instant): readonly Credential[] {
  return related(moment, node, 'belongs-to', eachCurrentIn).map(({ node: account, since }) => {
    const number = numberOf(moment, account)
    const name = number === undefined ? undefined : moment.directory.accountNames.get(number)
    return {
      account,
      ...(name === undefined ? {} : name),
      ...(since === undefined ? {} : { since, ageSeconds: Math.max(0, secondsBetween(since, now)) }),
    }
  })
}

function begun(moment: Moment, relation: number): Instant | undefined {
  const since = sinceOf(moment, relation)
  return Number.isFinite(since) ? instantOf(since) : undefined
}
