/**
 * Does a chain come back to where it began? Somebody above themselves, or a team inside itself, has no meaning, and a
 * reader that follows it would not end.
 */
import type { NodeId, RelationKind, SourceSnapshot } from '../core/directory.ts'

type Relation = SourceSnapshot['relations'][number]

/** @returns every loop of this relation once, from its alphabetically first member on. Nobody has two successors. */
export function loopsIn(relations: Iterable<Relation>, relation: RelationKind): readonly (readonly NodeId[])[] {
  return loops(new Map([...relations].filter((each) => each.relation === relation).map(({ from, to }) => [from, to])))
}

export function spokenLoop(loop: readonly NodeId[]): string {
  return [...loop, loop[0]].map((id) => `\`${id}\``).join(' → ')
}

/** Everybody has at most one successor here, so a walk either ends, joins one already walked, or closes a loop. */
function loops(successor: ReadonlyMap<NodeId, NodeId>): readonly (readonly NodeId[])[] {
  const walked = new Set<NodeId>()
  const found: NodeId[][] = []
  for (const begin of successor.keys()) {
    const path: NodeId[] = []
    let node: NodeId | undefined = begin
    while (node !== undefined && !walked.has(node)) {
      walked.add(node)
      path.push(node)
      node = successor.get(node)
    }
    const closes = node === undefined ? -1 : path.indexOf(node)
    if (closes >= 0) found.push(fromFirst(path.slice(closes)))
  }
  return found
}

function fromFirst(loop: readonly NodeId[]): NodeId[] {
  const first = loop.indexOf([...loop].sort()[0] ?? '')
  return [...loop.slice(first), ...loop.slice(0, first)]
}
