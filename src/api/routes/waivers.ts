/** Looking at waivers: one, a page of them, their events, who could decide them, and whether decisions still follow. */

import { isRefusal } from '../../core/obligations.ts'
import { grantId } from '../../core/plan.ts'
import { refusal } from '../../core/refusal.ts'
import { plusSeconds } from '../../core/time.ts'
import type { Actor, Waiver } from '../../core/waiver.ts'
import { eligibleFor } from '../../engine/queries.ts'
import { why as recompute } from '../../engine/why.ts'
import type { WaiverFilter } from '../../store/contract.ts'
import { decisionContext } from '../context.ts'
import { reads } from '../documented.ts'
import { shownEvent } from '../event-view.ts'
import { shownGrant } from '../grant-view.ts'
import { standingIn, waitsFor } from '../may.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, type Problem, refused } from '../problem.ts'
import { events, why } from '../schema/event.ts'
import { context, routing } from '../schema/routing.ts'
import {
  type WaiverDetail,
  type WaiverPage,
  waiverDetail,
  waiverPage,
  waiverPath,
  waiverQuery,
} from '../schema/waiver.ts'
import {
  mayRead,
  namesIn,
  readsEverything,
  relationsTo,
  type Sight,
  seesPathsIn,
  shownBody,
  shownExcluded,
  sightFor,
} from '../sight.ts'

export function waiverRoutes(scope: Scope, parts: Parts): void {
  list(scope, parts)
  one(scope, parts)
  record(scope, parts)
  deciders(scope, parts)
}

function list(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'waivers',
    tags: ['waivers'],
    summary: 'Lists waivers you may read, newest first',
    ok: waiverPage,
  })
  scope.get('/v1/waivers', { schema: { ...about, querystring: waiverQuery } }, async (request, reply) => {
    const { limit, open, waitsForMe, ...filter } = request.query
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const wanted = (waiver: Waiver) => mayRead(sight, waiver) && (waitsForMe !== 'true' || waitsFor(sight, waiver))
    const page = await collect(
      parts,
      { ...filter, ...(open === undefined ? {} : { open: open === 'true' }) },
      Number(limit),
      wanted,
    )
    return { ...page, names: namesIn(sight.index, page.waivers) }
  })
}

/** Waivers looked at for one page; a caller who may read few of many goes on from where this stopped. */
const scannedMax = 1_000
const batchSize = 200

async function collect(
  { machinery }: Parts,
  filter: Omit<WaiverFilter, 'limit'>,
  limit: number,
  wanted: (waiver: Waiver) => boolean,
): Promise<Pick<WaiverPage, 'waivers' | 'next'>> {
  const waivers: Waiver[] = []
  let after = filter.after
  for (let scanned = 0; scanned < scannedMax; scanned += batchSize) {
    const batch = await machinery.store.waivers.list({
      ...filter,
      limit: batchSize,
      ...(after === undefined ? {} : { after }),
    })
    for (const waiver of batch) {
      after = waiver.id
      if (wanted(waiver)) waivers.push(waiver)
      if (waivers.length === limit) return { waivers, next: after }
    }
    if (batch.length < batchSize) return { waivers }
  }
  return { waivers, ...(after === undefined ? {} : { next: after }) }
}

function one(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'waiver',
    tags: ['waivers'],
    summary: 'A waiver, its grant, and how you stand to it',
    ok: waiverDetail,
  })
  scope.get('/v1/waivers/:waiver', { schema: { ...about, params: waiverPath } }, async (request, reply) => {
    const seen = await look(parts, callerOf(request), request.params.waiver)
    if (isProblem(seen)) return parts.send(reply, seen)
    return detail(parts, seen.sight, seen.waiver)
  })
}

async function detail({ machinery, options }: Parts, sight: Sight, waiver: Waiver): Promise<WaiverDetail> {
  const [row, nature] = await Promise.all([
    machinery.store.grants.find(grantId(waiver.id)),
    options.natureOf(waiver.terms.access.system),
  ])
  const standing = standingIn(sight, waiver)
  const grant = row === undefined ? undefined : shownGrant(row)
  const end = waiver.activation?.end ?? waiver.terms.window.end
  return {
    waiver,
    standing,
    ...(grant === undefined ? {} : { grant }),
    ...(nature === undefined ? {} : { nature, worstCaseEnd: plusSeconds(end, nature.endSessionsSecondsMax) }),
    names: namesIn(sight.index, waiver, standing, grant),
  }
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

/** A waiver that is there and one that may not be read get the same answer when it is not the caller's to read. */
async function look(
  parts: Parts,
  caller: Actor,
  id: string,
): Promise<{ readonly sight: Sight; readonly waiver: Waiver } | Problem> {
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  const waiver = await parts.machinery.store.waivers.find(id)
  return waiver !== undefined && mayRead(sight, waiver) ? { sight, waiver } : unknownWaiver(id)
}

/** Of a request that was refused there is a record and no waiver: for whoever tried, and for who reads everything. */
async function lookAtRecord(parts: Parts, caller: Actor, id: string) {
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  const { store } = parts.machinery
  const [waiver, stored] = await Promise.all([store.waivers.find(id), store.waivers.events(id)])
  const own = stored.length > 0 && stored.every(({ by }) => by === caller.id)
  const may = waiver === undefined ? stored.length > 0 && (own || readsEverything(sight)) : mayRead(sight, waiver)
  if (!may) return unknownWaiver(id)
  return { sight, events: stored, seesPaths: seesPathsIn(relationsTo(sight, waiver)) }
}

function unknownWaiver(id: string): Problem {
  return refused(refusal('unknown-waiver', `\`${id}\``))
}
