/**
 * Who of a team is in the same position? Two nodes with the very same relations to the very same others cannot be told
 * apart by any rule that looks at relations, so one of them is asked for both. Nobody who might decide, and nobody whom
 * the policy or the record names, has a twin.
 */
import type { NodeId } from '../directory.ts'
import { eachIncoming, eachOutgoing, type Graph, kindOfRelation } from '../independence/graph.ts'
import { everyKind, soleAccounts } from '../independence/kinds.ts'
import type { PreparedCoverage } from './prepare.ts'

interface OneOfMany {
  readonly node: number
  readonly alike: number
}

/** @returns the first of each kind, with how many there are of it. */
export function onePerKind(prepared: PreparedCoverage, nodes: readonly number[]): readonly OneOfMany[] {
  const kinds = new Map<string, { node: number; alike: number }>()
  const named = namedIn(prepared)
  for (const node of nodes) {
    const id = prepared.directory.nodes.ids[node] as NodeId
    const key = named.has(id) ? `itself ${node}` : positionOf(prepared, node)
    const known = kinds.get(key)
    if (known === undefined) kinds.set(key, { node, alike: 1 })
    else known.alike++
  }
  return [...kinds.values()]
}

const namedBy = new WeakMap<PreparedCoverage['known'], ReadonlySet<NodeId>>()

function namedIn({ people, policy, history, known }: PreparedCoverage): ReadonlySet<NodeId> {
  const before = namedBy.get(known)
  if (before !== undefined) return before
  const named = new Set([
    ...people,
    ...policy.founders,
    ...Object.values(policy.pools).flatMap(({ members }) => members),
    ...history.decisions.flatMap(({ countersigner, askedBy }) => [countersigner, ...askedBy]),
    ...history.ruleChanges.map(({ author }) => author),
    ...history.tenures.map(({ member }) => member),
  ])
  namedBy.set(known, named)
  return named
}

/** Everything that is stated about the node, its own accounts by their links alone. */
function positionOf({ directory }: PreparedCoverage, node: number): string {
  const { graph, nodes } = directory
  const stated = [
    `${nodes.marks[node]} ${nodes.external.has(node)} ${nodes.agents.has(node)} ${nodes.endings.get(node)}`,
  ]
  eachOutgoing(graph, everyKind, node, (relation, end) => stated.push(`>${told(graph, relation, end)}`))
  eachIncoming(graph, everyKind & ~soleAccounts, node, (relation, end) => stated.push(`<${told(graph, relation, end)}`))
  eachIncoming(graph, soleAccounts, node, (relation) => stated.push(`=${told(graph, relation, 0)}`))
  return stated.sort().join('\n')
}

function told(graph: Graph, relation: number, end: number): string {
  const { flags, source, beginning, ending } = graph
  const other = end < 0 ? ~end : end
  return `${kindOfRelation(graph, relation)} ${other} ${flags[relation]} ${source[relation]} ${beginning[relation]} ${ending[relation]}`
}
