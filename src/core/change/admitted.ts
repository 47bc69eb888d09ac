/** Whom does a change let in? Whoever comes to decide something by it stands on the asking side of it. */
import { type CompiledDirectory, membersOfTeam } from '../compile.ts'
import { kindOf, type NodeId, type PersonId, type TeamId } from '../directory.ts'
import { kindSet } from '../independence/graph.ts'
import { eachCurrentIn, idOf, momentAt, numberOf } from '../independence/moment.ts'
import { nodeKindOf } from '../standing.ts'
import type { Instant } from '../time.ts'
import type { Change, ChangeFacts } from './state.ts'

/** Everybody whom the change lets decide, as people: those named, those in a named team, and who can change that team. */
export function admittedPeople(
  { admits }: Pick<Change, 'admits'>,
  { directory, now }: Pick<ChangeFacts, 'directory' | 'now'>,
): readonly PersonId[] {
  const membersOf = (team: NodeId) =>
    membersOfTeam(directory, team, now).filter((person) => nodeKindOf(directory, person) === 'person')
  const people = admits.flatMap((node) => {
    if (nodeKindOf(directory, node) !== 'team') return kindOf(node) === 'person' ? [node] : []
    const maintainers = maintainersOf(directory, node, now)
    return [node, ...maintainers].flatMap((one) => (nodeKindOf(directory, one) === 'team' ? membersOf(one) : [one]))
  })
  return [...new Set(people)].sort()
}

function maintainersOf(directory: CompiledDirectory, team: TeamId, now: Instant): readonly NodeId[] {
  const moment = momentAt(directory, now)
  const node = numberOf(moment, team)
  const found: NodeId[] = []
  if (node !== undefined) {
    eachCurrentIn(moment, kindSet('maintains'), node, (_, maintainer) => found.push(idOf(moment, maintainer)))
  }
  return found.filter((id) => nodeKindOf(directory, id) !== undefined)
}
