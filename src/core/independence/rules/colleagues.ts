/**
 * Does this person work with somebody on the side that asked: in a team, on a rota, above or below them? A shared chief
 * makes nobody dependent, a shared all-staff group neither.
 */
import { andMore, endOfPath, named, nearest, type Rule, stepsOf } from '../finding.ts'
import { idOf } from '../moment.ts'
import { meet } from '../reach.ts'
import { mayBeAbove } from '../walks.ts'

export const onRequestingTeam: Rule = (prepared, subject) => {
  const { moment } = prepared
  const way = meet(subject.teams, prepared.sideTeams)
  if (way === undefined) return undefined
  const others = named(prepared, endOfPath(moment, way))
  return {
    path: stepsOf(moment, way.path),
    because: `${subject.id} shares ${idOf(moment, way.node)} with ${others}${andMore(way.more, 'team')}`,
  }
}

export const onRequestingRota: Rule = (prepared, subject) => {
  const { moment } = prepared
  const way = subject.rotas.nodes.length === 0 ? undefined : meet(subject.rotas, prepared.sideRotas())
  if (way === undefined) return undefined
  const others = named(prepared, endOfPath(moment, way))
  return {
    path: stepsOf(moment, way.path),
    because: `${subject.id} shares ${idOf(moment, way.node)} with ${others}${andMore(way.more, 'rota')}`,
  }
}

export const inReportingLine: Rule = (prepared, subject) => {
  const { moment, policy } = prepared
  if (policy.independence.reportingLine === 'ignore') return undefined
  const above = mayBeAbove(subject.selves) ? meet(subject.selves, prepared.sideChiefs()) : undefined
  const below = meet(subject.chiefs, prepared.everybody)
  const way = nearest([above, below])
  if (way === undefined) return undefined
  const where = way === above ? 'above' : 'below'
  return {
    path: stepsOf(moment, way.path),
    because: `${subject.id} is ${where} ${named(prepared, endOfPath(moment, way))} in the reporting line`,
  }
}
