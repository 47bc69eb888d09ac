/**
 * For which team was it asked? Where the history does not say, the teams of whoever got the access (of a workload, those
 * that own or operate it), and failing that of whoever asked, by the directory. Only for sorting the figures: no
 * conclusion rests on it.
 */
import type { NodeId, Relation } from '../../core/directory.ts'
import type { Act } from '../history.ts'
import type { AuditDirectory } from './then.ts'

export function withTeams(acts: readonly Act[], { facts }: AuditDirectory): readonly Act[] {
  const names = new Map(facts.nodes.filter(({ kind }) => kind === 'team').map(({ id, name }) => [id, name]))
  const memberships = Map.groupBy(facts.relations.filter(isMembership), ({ from }) => from)
  const holders = Map.groupBy(
    facts.relations.filter(({ relation, from }) => (relation === 'owns' || relation === 'operates') && names.has(from)),
    ({ to }) => to,
  )
  const ids = new Map<string, NodeId>()
  for (const { id, kind } of facts.nodes) {
    if (kind === 'person' || kind === 'workload') ids.set(id, id).set(id.slice(id.indexOf('_') + 1), id)
  }
  const teamsOf = (name: string | undefined, at: string): string | undefined => {
    const id = ids.get(name ?? '') ?? ''
    const held = [...(memberships.get(id) ?? []).map(toTeam), ...(holders.get(id) ?? []).map(fromTeam)]
    const teams = held
      .filter(({ until }) => until === undefined || until > at)
      .map(({ team }) => names.get(team) ?? team)
    return teams.length === 0 ? undefined : [...new Set(teams)].sort().join(' + ')
  }
  return acts.map((act) => {
    const asked = act.kind === 'removed' ? [] : (act.askedBy ?? [])
    const team = act.team ?? [act.beneficiary, ...asked].map((name) => teamsOf(name, act.at)).find(isSaid)
    return team === undefined ? act : { ...act, team }
  })
}

function isMembership({ relation }: Relation): boolean {
  return relation === 'member-of'
}

function toTeam({ to, until }: Relation) {
  return { team: to, until }
}

function fromTeam({ from, until }: Relation) {
  return { team: from, until }
}

function isSaid(team: string | undefined): team is string {
  return team !== undefined
}
