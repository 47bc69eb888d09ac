/** Figures of a period, and who approved for whom in it: for those who look over everything. */
import { refusal } from '../../core/refusal.ts'
import { millisOf, type Window } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import type { Stretch } from '../../engine/figures.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import { approvals, approvalsQuery, figures, figuresQuery } from '../schema/figures.ts'
import { periodOf } from '../schema/period.ts'
import { namesIn, type Sight, seesSettings, sightFor } from '../sight.ts'

const readers = 'For those who decide the rules, founders, reviewers and the security pool.'
const dayMillis = 86_400_000
/** Shorter periods are told by the day. */
const daysByDayMax = 35
const daysInDaysMax = 120

export function figuresRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'figures',
    tags: ['reviews'],
    summary: 'Figures of a period: how much, what came of it, how fast, refused for what',
    description: readers,
    ok: figures,
  })
  scope.get('/v1/figures', { schema: { ...about, querystring: figuresQuery } }, async (request, reply) => {
    const seen = await overseeing(parts, callerOf(request), request.query)
    if (isProblem(seen)) return parts.send(reply, seen)
    const { sight, period } = seen
    const by = request.query.by ?? byFor(period)
    if (by === 'day' && daysIn(period) > daysInDaysMax)
      return parts.send(
        reply,
        problem('malformed-request', `by the day at most ${daysInDaysMax} days; ask by the week`),
      )
    const { spans, ...report } = await parts.figures.figures(period, by, sight.now)
    return { ...report, ...spans }
  })
  const pairs = reads({
    operationId: 'approvals',
    tags: ['reviews'],
    summary: 'Who approved for whom in a period, and who for each other',
    description: readers,
    ok: approvals,
  })
  scope.get('/v1/approvals', { schema: { ...pairs, querystring: approvalsQuery } }, async (request, reply) => {
    const seen = await overseeing(parts, callerOf(request), request.query)
    if (isProblem(seen)) return parts.send(reply, seen)
    const { sight, period } = seen
    const found = await parts.figures.approvals(period, Number(request.query.limit), sight.now)
    return { period, ...found, names: namesIn(sight.index, found.pairs) }
  })
}

/** One sight for all of it: whoever may not look over everything gets no part of it. */
export async function overseeing(
  parts: Parts,
  caller: Actor,
  asked: { readonly from?: string; readonly to?: string },
): Promise<{ readonly sight: Sight; readonly period: Window } | Problem> {
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  if (!seesSettings(sight)) {
    const no = 'figures about everybody are for those who decide the rules, founders, reviewers and the security pool'
    return refusalProblem(sight, refusal('not-permitted', no), undefined)
  }
  const period = periodOf(asked, sight.now)
  return 'wrong' in period ? problem('malformed-request', period.wrong) : { sight, period }
}

function byFor(period: Window): Stretch {
  return daysIn(period) <= daysByDayMax ? 'day' : 'week'
}

function daysIn({ start, end }: Window): number {
  return (millisOf(end) - millisOf(start)) / dayMillis
}
