/** What every part of the check looks at, compiled once. */
import { type CompiledDirectory, compileDirectory, describe, membersOf, membersOfTeam } from '../compile.ts'
import type { DirectoryFacts, NodeId, PersonId, Relation, RelationKind } from '../directory.ts'
import type { Policy, PoolId } from '../policy.ts'
import { entryOf } from '../policy.ts'
import type { Instant } from '../time.ts'

export interface Scope {
  /** With no demand on tenure: how long somebody has been in a pool is known to the record, not to files. */
  readonly policy: Policy
  readonly facts: DirectoryFacts
  readonly directory: CompiledDirectory
  readonly now: Instant
}

export function scopeOf(policy: Policy, facts: DirectoryFacts, now: Instant): Scope {
  const settled = { ...policy, independence: { ...policy.independence, poolTenureDays: 0 } }
  return { policy: settled, facts, directory: compileDirectory(withStranger(facts)), now }
}

/** Somebody known who has to do with nobody: what is found when a stranger asks is found whoever asks. */
export const stranger: PersonId = 'per_.stranger'

function withStranger(facts: DirectoryFacts): DirectoryFacts {
  const source = facts.sources[0]?.id ?? 'check-policy'
  return { ...facts, nodes: [...facts.nodes, { id: stranger, kind: 'person', name: 'a stranger', source }] }
}

/** People in any of the pools who are here, each once, sorted. */
export function peopleOf({ policy, directory, now }: Scope, pools: readonly PoolId[]): readonly PersonId[] {
  const people = pools.flatMap((id) => {
    const pool = entryOf(policy.pools, id)
    return pool === undefined ? [] : membersOf(directory, pool, now)
  })
  return [...new Set(people)].sort()
}

/** Known and not gone. */
export function isHere({ directory, now }: Scope, id: NodeId): boolean {
  return describe(directory, id, now)?.ended === false
}

/** Relations of these kinds that hold now, by the node on the right. */
export function holdingNow(
  { facts, now }: Scope,
  kinds: readonly RelationKind[],
): ReadonlyMap<NodeId, readonly NodeId[]> {
  const found = new Map<NodeId, NodeId[]>()
  for (const relation of facts.relations) {
    if (!kinds.includes(relation.relation) || !holds(relation, now)) continue
    const known = found.get(relation.to)
    if (known === undefined) found.set(relation.to, [relation.from])
    else known.push(relation.from)
  }
  return found
}

function holds({ since, until }: Relation, now: Instant): boolean {
  return (since === undefined || since <= now) && (until === undefined || until > now)
}

/** People with such a relation to a thing now, by themselves or through a team. */
export function peopleHolding(scope: Scope, kinds: readonly RelationKind[], thing: NodeId): readonly PersonId[] {
  const { directory, now } = scope
  const people = (holder: NodeId): readonly PersonId[] => {
    const kind = describe(directory, holder, now)?.kind
    return kind === 'team' ? membersOfTeam(directory, holder, now) : kind === 'person' ? [holder] : []
  }
  return [...new Set((holdingNow(scope, kinds).get(thing) ?? []).flatMap(people))]
}

/** `a`, `b`, `c` and 4 more */
export function listed(names: readonly string[], max = 3): string {
  const shown = names.slice(0, max).map((name) => `\`${name}\``)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
