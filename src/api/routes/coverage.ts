/**
 * Who could decide in the hours ahead? For whoever answers for the rules or looks back on everything; anybody else asks
 * about what they themselves are part of. When nobody watches is nothing for a machine to know.
 */
import { refusal } from '../../core/refusal.ts'
import { instantOf, millisOf, parseInstant } from '../../core/time.ts'
import { reads } from '../documented.ts'
import { isPartOf } from '../part-of.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, problem } from '../problem.ts'
import { coverage, coverageQuery } from '../schema/coverage.ts'
import { namesIn, seesSettings, shownConflict, sightFor } from '../sight.ts'

const gapsMax = 100
const hourMillis = 3_600_000

export function coverageRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'coverage',
    tags: ['directory'],
    summary: 'The hours ahead, and who independent is on duty in them',
    description:
      'All of it for those who decide the rules, founders, reviewers and the security pool; with the paths of conflicts and the smallest change. For other people what they are part of: a team of theirs, a rota they are on, a workload of theirs, with codes. Not for workloads.',
    ok: coverage,
  })
  scope.get('/v1/coverage', { schema: { ...about, querystring: coverageQuery } }, async (request, reply) => {
    const caller = callerOf(request)
    const sight = await sightFor(parts, caller)
    if (isProblem(sight)) return parts.send(reply, sight)
    const { group, of, system, from, weeks, remedy, limit } = request.query
    const seesAll = seesSettings(sight)
    if (!seesAll && !isPartOf(sight, group)) {
      const no =
        'ask about a team, a rota or a workload that you are part of; all of it is for those who answer for the rules'
      return parts.send(reply, refusalProblem(sight, refusal('not-permitted', no), undefined))
    }
    for (const id of [group, system]) {
      if (id !== undefined && sight.index.node(id) === undefined)
        return parts.send(reply, problem('unknown-node', `the directory has no \`${id}\``))
    }
    const begin =
      from === undefined
        ? Math.floor(millisOf(sight.now) / hourMillis) * hourMillis
        : millisOf(parseInstant(from) ?? '')
    const report = await parts.coverage.ask(sight.known, {
      ...(group === undefined ? {} : { group }),
      ...(system === undefined ? {} : { system }),
      of,
      now: sight.now,
      from: instantOf(begin),
      hours: Number(weeks) * 168,
      rowsMax: Number(limit),
      gapsMax,
      remedy: remedy === 'true' && seesAll,
    })
    const gaps = report.gaps.map((gap) => ({
      ...gap,
      people: gap.people.map((one) => ({
        ...one,
        conflicts: one.conflicts.map((conflict) => shownConflict(sight, conflict, seesAll || one.person === caller.id)),
      })),
    }))
    return { ...report, gaps, names: namesIn(sight.index, report) }
  })
}
