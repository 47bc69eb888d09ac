/**
 * Which teams make colleagues of people who do not work together? A company-wide list that counts as operational makes
 * everybody dependent on everybody; it should be marked, and marking it is itself a countersigned change.
 */
import type { Finding } from '../check-policy.ts'
import type { NodeId, PersonId, TeamId } from '../directory.ts'
import { holdingNow, type Scope } from './scope.ts'

/** Below this many people nobody is surprised to be somebody's colleague. */
const peopleMin = 25
/** A team that holds this share of everybody is hardly a team. */
const shareMax = 1 / 3
/** Or one whose people come from so many other teams, with nobody from most of them. */
const otherTeamsMin = 12

export function teamFindings(scope: Scope): readonly Finding[] {
  const members = holdingNow(scope, ['member-of'])
  const parts = holdingNow(scope, ['part-of'])
  const everybody = new Set([...members.values()].flat()).size
  const teamsByPerson = inverted(members)
  return [...new Set([...members.keys(), ...parts.keys()])].sort().flatMap((team): Finding[] => {
    if (reachOf(scope, team) !== 'operational') return []
    const people = colleagues(scope, team, members, parts)
    const origins = otherTeams(people, within(scope, team, parts), teamsByPerson)
    const far = people.size >= peopleMin && (people.size > everybody * shareMax || origins >= otherTeamsMin)
    if (!far) return []
    const spread = origins > 0 ? `, who work in ${origins} other teams` : ''
    return [
      {
        code: 'team-reaches-far',
        severity: 'medium',
        about: team,
        message: `\`${team}\` makes colleagues of ${people.size} of ${everybody} people${spread}`,
        advice:
          'if they do not work together, mark it `all-staff`, or `boundary` for a division, in `independence.teams`',
      },
    ]
  })
}

function reachOf({ policy }: Scope, team: TeamId): string {
  return Object.hasOwn(policy.independence.teams, team)
    ? (policy.independence.teams[team] ?? 'operational')
    : 'operational'
}

/** The team and the operational teams inside it: from a marked one nobody climbs up to here. */
function within(scope: Scope, team: TeamId, parts: ReadonlyMap<NodeId, readonly NodeId[]>): ReadonlySet<TeamId> {
  const found = new Set([team])
  for (const each of found) {
    for (const part of parts.get(each) ?? []) if (reachOf(scope, part) === 'operational') found.add(part)
  }
  return found
}

function colleagues(
  scope: Scope,
  team: TeamId,
  members: ReadonlyMap<NodeId, readonly NodeId[]>,
  parts: ReadonlyMap<NodeId, readonly NodeId[]>,
): ReadonlySet<PersonId> {
  return new Set([...within(scope, team, parts)].flatMap((each) => members.get(each) ?? []))
}

function otherTeams(
  people: ReadonlySet<PersonId>,
  own: ReadonlySet<TeamId>,
  teamsByPerson: ReadonlyMap<PersonId, readonly TeamId[]>,
): number {
  const others = [...people].flatMap((person) => teamsByPerson.get(person) ?? [])
  return new Set(others.filter((team) => !own.has(team))).size
}

function inverted(members: ReadonlyMap<TeamId, readonly PersonId[]>): ReadonlyMap<PersonId, readonly TeamId[]> {
  const found = new Map<PersonId, TeamId[]>()
  for (const [team, people] of members) {
    for (const person of people) {
      const known = found.get(person)
      if (known === undefined) found.set(person, [team])
      else known.push(team)
    }
  }
  return found
}
