/**
 * Does this person work with somebody on the side that asked: in a team, on a rota, above or below them? A shared chief
 * makes nobody dependent, a shared all-staff group neither.
 */
import { andMore, endOfPath, type Finding, named, nearest, type Rule, stepsOf } from '../finding.ts'
import { idOf } from '../moment.ts'
import type { PreparedMatter, Subject } from '../prepare.ts'
import { type Meeting, meet } from '../reach.ts'
import { mayBeAbove } from '../walks.ts'

export const onRequestingTeam: Rule = (prepared, subject) => {
  const { sideTeams } = prepared
  // Only some of all their teams make colleagues; where not even one of all is shared, there is no need to ask which.
  if (!subject.standing.nodes.some((team) => sideTeams.has(team))) return undefined
  return shared(prepared, subject, meet(subject.teams(), sideTeams), 'team')
}

export const onRequestingRota: Rule = (prepared, subject) => {
  const rotas = subject.rotas()
  return rotas.nodes.length === 0 ? undefined : shared(prepared, subject, meet(rotas, prepared.sideRotas()), 'rota')
}

export const inReportingLine: Rule = (prepared, subject) => {
  const { moment, policy, everybody } = prepared
  if (policy.independence.reportingLine === 'ignore') return undefined
  const above = mayBeAbove(subject.selves) ? meet(subject.selves, prepared.sideChiefs()) : undefined
  const below = mayBeAbove(everybody) ? meet(subject.chiefs(), everybody) : undefined
  const way = nearest([above, below])
  if (way === undefined) return undefined
  const where = way === above ? 'above' : 'below'
  return {
    path: stepsOf(moment, way.path),
    because: `${subject.id} is ${where} ${named(prepared, endOfPath(moment, way))} in the reporting line`,
  }
}

function shared(
  prepared: PreparedMatter,
  { id }: Subject,
  way: Meeting | undefined,
  what: string,
): Finding | undefined {
  if (way === undefined) return undefined
  const { moment } = prepared
  const others = named(prepared, endOfPath(moment, way))
  return {
    path: stepsOf(moment, way.path),
    because: `${id} shares ${idOf(moment, way.node)} with ${others}${andMore(way.more, what)}`,
  }
}
