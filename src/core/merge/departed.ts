/** Who has left since we last looked? By the word of any source, whether a change of the facts says so or time has passed. */
import type { DirectoryFacts, NodeId } from '../directory.ts'
import { type Instant, millisOf } from '../time.ts'

/**
 * @param then when it was looked before; undefined: never.
 * @returns in order, whoever is gone `now` by these facts and was not `then` by the ones before.
 */
export function departedSince(
  before: DirectoryFacts,
  then: Instant | undefined,
  after: DirectoryFacts,
  now: Instant,
): readonly NodeId[] {
  const goneBefore = then === undefined ? new Set<NodeId>() : goneAt(before, then)
  return [...goneAt(after, now)].filter((id) => !goneBefore.has(id)).sort()
}

/** An end that nobody can read has come: the same reading as where somebody would have to be there to act. */
function goneAt({ nodes }: DirectoryFacts, at: Instant): Set<NodeId> {
  const moment = millisOf(at)
  return new Set(nodes.filter(({ until }) => until !== undefined && !(millisOf(until) > moment)).map(({ id }) => id))
}
