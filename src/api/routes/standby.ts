/** Who could decide in the coming hour, if somebody of this group asked? For the same people as coverage. */
import type { NodeId, SystemId } from '../../core/directory.ts'
import { refusal } from '../../core/refusal.ts'
import type { Actor } from '../../core/waiver.ts'
import { reads } from '../documented.ts'
import { isPartOf } from '../part-of.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { pictureOfMatter } from '../picture.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import { picture } from '../schema/picture.ts'
import { standby, standbyPictureQuery, standbyQuery } from '../schema/standby.ts'
import { namesIn, type Sight, seesSettings, shownConflict, sightFor } from '../sight.ts'

/** More in one pool is a crowd that nobody reads; those on duty stand first. */
const peopleMax = 200

export function standbyRoutes(scope: Scope, parts: Parts): void {
  list(scope, parts)
  drawn(scope, parts)
}

function list(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'standby',
    tags: ['directory'],
    summary: 'Who could decide in the coming hour, and why others could not',
    description:
      'Paths of conflicts are for those who decide the rules, founders, reviewers and the security pool; people who are part of the group see codes.',
    ok: standby,
  })
  scope.get('/v1/coverage/standby', { schema: { ...about, querystring: standbyQuery } }, async (request, reply) => {
    const caller = callerOf(request)
    const { group, system } = request.query
    const seen = await lookAt(parts, caller, group, system)
    if (isProblem(seen)) return parts.send(reply, seen)
    const { sight, seesAll } = seen
    const asked = { group, now: sight.now, ...(system === undefined ? {} : { system }) }
    const systems = parts.coverage.standby(sight.known, asked).map(({ people, matter: _, ...one }) => ({
      ...one,
      people: people.slice(0, peopleMax).map((member) => ({
        ...member,
        conflicts: member.conflicts.map((conflict) =>
          shownConflict(sight, conflict, seesAll || member.person === caller.id),
        ),
      })),
      peopleLeft: Math.max(0, people.length - peopleMax),
    }))
    return { group, nowAt: sight.now, systems, names: namesIn(sight.index, group, systems) }
  })
}

function drawn(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'standbyPicture',
    tags: ['directory'],
    summary: 'How somebody would stand to what the group might ask for now',
    description: 'Of others only for those who decide the rules, founders, reviewers and the security pool.',
    ok: picture,
  })
  const schema = { ...about, querystring: standbyPictureQuery }
  scope.get('/v1/coverage/standby/picture', { schema }, async (request, reply) => {
    const caller = callerOf(request)
    const { group, system, person } = request.query
    const seen = await lookAt(parts, caller, group, system)
    if (isProblem(seen)) return parts.send(reply, seen)
    const { sight, seesAll } = seen
    if (!seesAll && person !== caller.id) {
      const no = 'how others would stand to it is for those who answer for the rules'
      return parts.send(reply, refusalProblem(sight, refusal('not-permitted', no), undefined))
    }
    if (sight.index.node(person) === undefined)
      return parts.send(reply, problem('unknown-node', `the directory has no \`${person}\``))
    const [asked] = parts.coverage.standby(sight.known, { group, system, now: sight.now })
    if (asked === undefined)
      return parts.send(reply, problem('unknown-node', `nobody of \`${group}\` would ask for \`${system}\` now`))
    const view = await pictureOfMatter(sight, asked.matter, person, seesAll)
    return { ...view, names: namesIn(sight.index, view) }
  })
}

async function lookAt(
  parts: Parts,
  caller: Actor,
  group: NodeId,
  system: SystemId | undefined,
): Promise<{ readonly sight: Sight; readonly seesAll: boolean } | Problem> {
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  const seesAll = seesSettings(sight)
  if (!seesAll && !isPartOf(sight, group)) {
    const no = 'ask about a team, a rota or a workload that you are part of'
    return refusalProblem(sight, refusal('not-permitted', no), undefined)
  }
  const unknown = [group, system].find((id) => id !== undefined && sight.index.node(id) === undefined)
  return unknown === undefined ? { sight, seesAll } : problem('unknown-node', `the directory has no \`${unknown}\``)
}
