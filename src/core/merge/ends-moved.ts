/** Is nothing otherwise but when some nodes end, and what they are called? Looked at fact by fact, and said only if surely so. */
import type { DirectoryFacts, DirectoryNode, NodeId } from '../directory.ts'
import { areSameFacts, isSameFact } from './same.ts'

/** @returns whose; nothing where anything else is otherwise. */
export function endsMoved(before: DirectoryFacts, after: DirectoryFacts): ReadonlySet<NodeId> | undefined {
  if (before.nodes.length !== after.nodes.length || !areSameBesideNodes(before, after)) return undefined
  const moved = new Set<NodeId>()
  for (const [at, node] of after.nodes.entries()) {
    const old = before.nodes[at] as DirectoryNode
    if (old === node) continue
    if (!isSameFact(withoutEnd(old), withoutEnd(node))) return undefined
    moved.add(node.id)
  }
  return moved
}

function areSameBesideNodes(before: DirectoryFacts, after: DirectoryFacts): boolean {
  return (
    areSameFacts(before.relations, after.relations) &&
    areSameFacts(before.shifts, after.shifts) &&
    areSameFacts(before.access ?? [], after.access ?? []) &&
    areSameFacts(before.absences ?? [], after.absences ?? [])
  )
}

function withoutEnd({ until: _, name: __, ...rest }: DirectoryNode) {
  return rest
}
