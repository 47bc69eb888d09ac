/**
 * What is otherwise in the facts since some users and groups were changed? What they said before is looked up in the facts in
 * force, so that nothing has to be remembered, and a process that was not there when it was said answers as well.
 */
import type { DirectoryFacts, DirectoryNode, NodeId, Relation, SourceChanges, SourceId } from '../../core/directory.ts'
import type { ScimResource } from '../../store/scim-contract.ts'
import { departmentPrefix, factsOfSome, type ScimMapping } from './facts.ts'

export function changedFacts(
  inForce: DirectoryFacts,
  source: SourceId,
  { changed, known }: { readonly changed: readonly ScimResource[]; readonly known: readonly ScimResource[] },
  mapping: ScimMapping,
): Pick<SourceChanges, 'said' | 'gone'> {
  const said = factsOfSome(changed, known, mapping)
  const isDepartment = startsWith(departmentPrefix(mapping.idPrefix))
  const own = ownersOf(changed)
  const stands = inForce.relations.filter((one) => one.source === source && one.until === undefined)
  const before = stands.filter((one) => isSaidBy(own, one, isDepartment))
  const saidNow = new Set(said.relations.map(keyOf))
  const gone = before.filter((one) => !saidNow.has(keyOf(one)))
  const shared = sharedNodes([...gone, ...said.relations], isDepartment)
  const still = stillNamed(stands, new Set(gone), shared)
  for (const one of said.relations) for (const id of [one.from, one.to]) if (shared.has(id)) still.add(id)
  const described = standing(inForce, source, shared)
  return {
    // Whoever described a department first goes on describing it.
    said: { ...said, nodes: said.nodes.filter(({ id }) => !described.has(id)) },
    gone: { nodes: [...described.values()].filter(({ id }) => !still.has(id)), relations: gone },
  }
}

interface Owners {
  readonly users: ReadonlySet<NodeId>
  readonly groups: ReadonlySet<NodeId>
}

function ownersOf(changed: readonly ScimResource[]): Owners {
  const nodes = (kind: ScimResource['kind']) => new Set(changed.flatMap((one) => (one.kind === kind ? [one.node] : [])))
  return { users: nodes('User'), groups: nodes('Group') }
}

/** A user says whose accounts and departments they are, and their manager; a group says who is in it. */
function isSaidBy(
  { users, groups }: Owners,
  { from, relation, to }: Relation,
  isDepartment: (id: NodeId) => boolean,
): boolean {
  switch (relation) {
    case 'belongs-to':
      return users.has(to)
    case 'reports-to':
      return users.has(from)
    case 'member-of':
      return isDepartment(to) ? users.has(from) : groups.has(to)
    case 'part-of':
      return groups.has(to)
    default:
      return false
  }
}

/** Accounts and departments: several may speak of one, and it is there as long as one of them does. */
function sharedNodes(
  relations: readonly Pick<Relation, 'from' | 'relation' | 'to'>[],
  isDepartment: (id: NodeId) => boolean,
): ReadonlySet<NodeId> {
  return new Set(
    relations.flatMap(({ from, relation, to }) =>
      relation === 'belongs-to' ? [from] : relation === 'member-of' && isDepartment(to) ? [to] : [],
    ),
  )
}

function stillNamed(
  stands: readonly Relation[],
  gone: ReadonlySet<Relation>,
  shared: ReadonlySet<NodeId>,
): Set<NodeId> {
  const still = new Set<NodeId>()
  for (const one of stands) {
    if (one.relation !== 'belongs-to' && one.relation !== 'member-of') continue
    const id = one.relation === 'belongs-to' ? one.from : one.to
    if (shared.has(id) && !gone.has(one)) still.add(id)
  }
  return still
}

function standing(
  { nodes }: DirectoryFacts,
  source: SourceId,
  ids: ReadonlySet<NodeId>,
): ReadonlyMap<NodeId, DirectoryNode> {
  return new Map(
    nodes.flatMap((node) =>
      ids.has(node.id) && node.source === source && node.until === undefined ? [[node.id, node]] : [],
    ),
  )
}

function keyOf({ from, relation, to }: Pick<Relation, 'from' | 'relation' | 'to'>): string {
  return `${from} ${relation} ${to}`
}

function startsWith(prefix: string): (id: NodeId) => boolean {
  return (id) => id.startsWith(prefix)
}
