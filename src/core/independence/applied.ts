/**
 * What does a policy say about the nodes of a directory? Its ids as numbers, looked up once for both, since neither ever
 * changes: which teams are marked, who is listed in which pools.
 */
import type { Policy, PoolId, TeamReach } from '../policy.ts'
import type { Nodes } from './nodes.ts'

export interface Applied {
  /** Teams with one of the two marks; whatever is marked as anything else is operational. */
  readonly marks: ReadonlyMap<number, Exclude<TeamReach, 'operational'>>
  /** By person or team: the pools that list it. */
  readonly listings: ReadonlyMap<number, readonly PoolId[]>
}

const known = new WeakMap<Nodes, WeakMap<Policy, Applied>>()

export function appliedTo(nodes: Nodes, policy: Policy): Applied {
  const byPolicy = known.get(nodes) ?? new WeakMap<Policy, Applied>()
  known.set(nodes, byPolicy)
  const applied = byPolicy.get(policy) ?? { marks: marksOn(nodes, policy), listings: listingsOn(nodes, policy) }
  byPolicy.set(policy, applied)
  return applied
}

function marksOn(nodes: Nodes, policy: Policy): Applied['marks'] {
  const marks = new Map<number, 'all-staff' | 'boundary'>()
  for (const [id, mark] of Object.entries(policy.independence.teams)) {
    const team = nodes.numbers.get(id)
    if (team !== undefined && (mark === 'all-staff' || mark === 'boundary')) marks.set(team, mark)
  }
  return marks
}

function listingsOn(nodes: Nodes, policy: Policy): Applied['listings'] {
  const listings = new Map<number, Set<PoolId>>()
  for (const [id, { members }] of Object.entries(policy.pools)) {
    for (const member of members) {
      const node = nodes.numbers.get(member)
      if (node !== undefined) listings.set(node, (listings.get(node) ?? new Set()).add(id))
    }
  }
  return new Map([...listings].map(([node, pools]) => [node, [...pools]]))
}
