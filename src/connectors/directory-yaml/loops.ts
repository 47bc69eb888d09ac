/**
 * Does a chain come back to where it began? Somebody above themselves, or a team inside itself, has no meaning, and a
 * reader that follows it would not end.
 */
import type { NodeId, RelationKind, SourceSnapshot } from '../../core/directory.ts'
import type { DirectoryContent } from '../../files/directory.ts'
import type { Problem } from '../../files/yaml.ts'

/** @returns one problem for every loop of managers or of parent teams, at its alphabetically first member. */
export function loopProblems(content: DirectoryContent, relations: SourceSnapshot['relations']): readonly Problem[] {
  const managers = loops(next(relations, 'reports-to')).map((loop) => ({
    where: content.people.get(loop[0] ?? '')?.at(['manager']) ?? '',
    message: `reports to themselves in the end: ${spoken(loop)}`,
  }))
  const parents = loops(next(relations, 'part-of')).map((loop) => ({
    where: content.teams.get(loop[0] ?? '')?.at(['parent']) ?? '',
    message: `is inside itself: ${spoken(loop)}`,
  }))
  return [...managers, ...parents]
}

function next(relations: SourceSnapshot['relations'], relation: RelationKind): ReadonlyMap<NodeId, NodeId> {
  return new Map(relations.filter((each) => each.relation === relation).map(({ from, to }) => [from, to]))
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

function spoken(loop: readonly NodeId[]): string {
  return [...loop, loop[0]].map((id) => `\`${id}\``).join(' → ')
}
