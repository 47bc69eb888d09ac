/**
 * For which team was it asked? Where the history does not say, the teams of whoever got the access, and failing that of
 * whoever asked, by the directory. Only for sorting the figures: no conclusion rests on it.
 */
import type { Act } from '../history.ts'
import type { AuditDirectory } from './then.ts'

export function withTeams(acts: readonly Act[], { facts }: AuditDirectory): readonly Act[] {
  const names = new Map(facts.nodes.filter(({ kind }) => kind === 'team').map(({ id, name }) => [id, name]))
  const memberships = Map.groupBy(
    facts.relations.filter(({ relation }) => relation === 'member-of'),
    ({ from }) => from,
  )
  const logins = new Map(facts.nodes.filter(({ kind }) => kind === 'account').map(({ id, login }) => [login, id]))
  const owners = new Map(
    facts.relations.filter(({ relation }) => relation === 'belongs-to').map(({ from, to }) => [from, to]),
  )
  const teamsOf = (name: string | undefined, at: string): string | undefined => {
    if (name === undefined) return undefined
    const id = [name, `per_${name}`, owners.get(logins.get(name) ?? '') ?? ''].find((one) => memberships.has(one))
    const held = (memberships.get(id ?? '') ?? []).filter(({ until }) => until === undefined || until > at)
    const teams = [...new Set(held.map(({ to }) => names.get(to) ?? to))].sort()
    return teams.length === 0 ? undefined : teams.join(' + ')
  }
  return acts.map((act) => {
    if (act.team !== undefined) return act
    const team = teamsOf(act.beneficiary, act.at) ?? act.askedBy?.map((name) => teamsOf(name, act.at)).find(Boolean)
    return team === undefined ? act : { ...act, team }
  })
}
