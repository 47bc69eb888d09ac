/** What happened to a waiver and what follows from it: its events, whether they still follow, who could decide, with what in view. */
import { isRefusal } from '../../core/obligations.ts'
import { eligibleFor } from '../../engine/queries.ts'
import { why as recompute } from '../../engine/why.ts'
import { decisionContext } from '../context.ts'
import { reads } from '../documented.ts'
import { shownEvent } from '../event-view.ts'
import { look, lookAtRecord, unknownWaiver } from '../look.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem } from '../problem.ts'
import { events, why } from '../schema/event.ts'
import { context, routing } from '../schema/routing.ts'
import { waiverPath } from '../schema/waiver.ts'
import { namesIn, relationsTo, seesPathsIn, shownBody, shownExcluded } from '../sight.ts'

export function recordRoutes(scope: Scope, parts: Parts): void {
  record(scope, parts)
  deciders(scope, parts)
}

function record(scope: Scope, parts: Parts): void {
  const eventsAbout = reads({
    operationId: 'events',
    tags: ['waivers'],
    summary: 'Every event of a waiver, refused attempts too',
    ok: events,
  })
  scope.get(
    '/v1/waivers/:waiver/events',
    { schema: { ...eventsAbout, params: waiverPath } },
    async (request, reply) => {
      const seen = await lookAtRecord(parts, callerOf(request), request.params.waiver)
      if (isProblem(seen)) return parts.send(reply, seen)
      const shown = seen.events.map((event) => shownEvent(seen.sight, event, seen.seesPaths))
      return { events: shown, names: namesIn(seen.sight.index, shown) }
    },
  )

  const whyAbout = reads({
    operationId: 'why',
    tags: ['waivers'],
    summary: 'Decides every act again from its recorded facts',
    description: 'Believes neither the present state nor the verdicts in the events. Takes longer than other reads.',
    ok: why,
  })
  scope.get('/v1/waivers/:waiver/why', { schema: { ...whyAbout, params: waiverPath } }, async (request, reply) => {
    const seen = await look(parts, callerOf(request), request.params.waiver)
    if (isProblem(seen)) return parts.send(reply, seen)
    const { sight, waiver } = seen
    const again = await recompute(parts.machinery, waiver.id)
    if (again === undefined) return parts.send(reply, unknownWaiver(waiver.id))
    const sees = seesPathsIn(relationsTo(sight, waiver))
    const acts = again.acts.map(({ body, ...act }) => ({
      ...act,
      ...(body === undefined ? {} : { body: shownBody(sight, body, sees) as Record<string, unknown> }),
    }))
    return { waiver: waiver.id, follows: again.follows, acts, names: namesIn(sight.index, acts) }
  })
}

function deciders(scope: Scope, parts: Parts): void {
  const eligibleAbout = reads({
    operationId: 'eligible',
    tags: ['waivers'],
    summary: 'Who could decide this waiver now, and why others may not',
    ok: routing,
  })
  scope.get(
    '/v1/waivers/:waiver/eligible',
    { schema: { ...eligibleAbout, params: waiverPath } },
    async (request, reply) => {
      const seen = await look(parts, callerOf(request), request.params.waiver)
      if (isProblem(seen)) return parts.send(reply, seen)
      const { sight, waiver } = seen
      const found = await eligibleFor(parts.machinery, waiver)
      if (isRefusal(found)) return parts.send(reply, refusalProblem(sight, found, waiver))
      const excluded = shownExcluded(sight, found.excluded, seesPathsIn(relationsTo(sight, waiver)))
      return { ...found, excluded, names: namesIn(sight.index, found) }
    },
  )

  const contextAbout = reads({
    operationId: 'context',
    tags: ['waivers'],
    summary: 'What whoever decides should see',
    description:
      'What the entitlement contains now, what these people had and have on the system, which duty rules break. Asks the target.',
    ok: context,
  })
  scope.get(
    '/v1/waivers/:waiver/context',
    { schema: { ...contextAbout, params: waiverPath } },
    async (request, reply) => {
      const seen = await look(parts, callerOf(request), request.params.waiver)
      if (isProblem(seen)) return parts.send(reply, seen)
      return decisionContext(parts, seen.sight, seen.waiver)
    },
  )
}
