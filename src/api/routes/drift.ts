/**
 * What drifted on targets, what waivers come to over time, and how much of it is known. All of it for those who answer for
 * the rules or look back; owners of a target see theirs, anybody what is about themselves. It takes nothing away.
 */

import { type StandingStatement, standingStatements } from '../../core/compile.ts'
import type { NodeId } from '../../core/directory.ts'
import { againstDriftReview, type DriftFinding, driftKinds } from '../../core/drift.ts'
import { noHistory } from '../../core/independence.ts'
import { entitlementOf, entryOf } from '../../core/policy.ts'
import { refusal } from '../../core/refusal.ts'
import { isControllerOf, isOwnerOf } from '../../core/standing.ts'
import type { Waiver } from '../../core/waiver.ts'
import { reviewDrift } from '../../engine/drift/review.ts'
import { actOnce, outcomeOf } from '../act-once.ts'
import { reads, writes } from '../documented.ts'
import { findingView, knowledgeOf, type Readings, readingsIn, readingView, targetView } from '../drift-view.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, problem } from '../problem.ts'
import * as schema from '../schema/drift.ts'
import { namesIn, type Sight, seesSettings, shownConflict, sightFor } from '../sight.ts'

/** Whoever sees only some of it has all of it looked through. */
const lookedThroughMax = 10_000

export function driftRoutes(scope: Scope, parts: Parts): void {
  everything(scope, parts)
  one(scope, parts)
  standing(scope, parts)
  reviewing(scope, parts)
  readingNow(scope, parts)
}

function everything(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'drift',
    tags: ['drift'],
    summary: 'What drifted, and how much is known',
    description:
      'Live access read back from targets beside live waivers, and what waivers come to over time. A target that could not be read is `unknown`, with how old the last good reading is: nothing found there is not the same as nothing there.',
    ok: schema.drift,
  })
  scope.get('/v1/drift', { schema: { ...about, querystring: schema.driftQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { drift } = parts.machinery.store
    const { limit: limitText, status, ...filter } = request.query
    const limit = Number(limitText)
    const asked = { ...filter, ...(status === 'all' ? {} : { status }) }
    const readings = readingsIn(await drift.readings(), sight.now)
    const counted = await countsFor(parts, sight)
    const { shown, next } = await pageFor(parts, sight, asked, limit)
    const findings = shown.map((finding) => findingView(finding, readings))
    const systems = Object.keys(sight.policy.systems).filter((system) => seesTarget(sight, system))
    const targets = systems.map((system) => targetView(system, readings.of(system), counted.openOn(system), sight.now))
    const seesHabits = seesSettings(sight)
    const lookingBack = seesHabits ? readingView(readings.lookingBack, counted.openLookingBack, sight.now) : undefined
    const targetsUnknown = targets.filter(({ known }) => known === 'unknown').length
    const { open, unreviewed, byKind } = counted
    const body = {
      at: sight.now,
      state: stateOf(open, readings, systems, sight, seesHabits),
      totals: { open, unreviewed, targetsUnknown, byKind },
      targets,
      ...(lookingBack === undefined ? {} : { lookingBack }),
      findings,
      ...(next === undefined ? {} : { next }),
    }
    return { ...body, names: namesIn(sight.index, findings, targets) }
  })
}

/** "None" is said only of what was read. */
function stateOf(
  open: number,
  readings: Readings,
  systems: readonly string[],
  sight: Sight,
  seesHabits: boolean,
): schema.DriftView['state'] {
  if (open > 0) return 'found'
  const subjects = [...systems.map(readings.of), ...(seesHabits ? [readings.lookingBack] : [])]
  return subjects.every((reading) => knowledgeOf(reading, sight.now) === 'current') ? 'none' : 'unknown'
}

function one(scope: Scope, parts: Parts): void {
  const about = reads({ operationId: 'driftFinding', tags: ['drift'], summary: 'A finding', ok: schema.driftDetail })
  scope.get('/v1/drift/:finding', { schema: { ...about, params: schema.driftPath } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { store } = parts.machinery
    const { finding: id } = request.params
    const known = (await store.records.find(id)) as DriftFinding | undefined
    if (known === undefined || !seesFinding(sight, known)) return parts.send(reply, unknownDrift(id))
    return detailOf(parts, sight, known)
  })
}

function reviewing(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'reviewDrift',
    tags: ['drift'],
    summary: 'Looks back on a finding',
    description:
      'By somebody who reviews, answers for the rules or looks after security, and is independent of everybody it is about and of whoever administers the target. It ends nothing: a finding ends when the target no longer shows it.',
    ok: schema.driftDetail,
  })
  scope.post(
    '/v1/drift/:finding/review',
    { schema: { ...about, params: schema.driftPath, body: schema.driftReview } },
    async (request, reply) => {
      const { store } = parts.machinery
      const { finding: id } = request.params
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const known = (await store.records.find(id)) as DriftFinding | undefined
      if (known === undefined || !seesFinding(sight, known)) return parts.send(reply, unknownDrift(id))
      const done = await actOnce<DriftFinding>(parts, request, {
        name: 'review-drift',
        what: { drift: id, ...request.body },
        run: async (caller) => {
          const handled = await reviewDrift(parts.machinery, id, request.body, caller)
          return outcomeOf(
            handled ?? { outcome: 'refused', refusal: refusal('review-not-open') },
            ({ finding }) => finding,
          )
        },
      })
      if (isProblem(done)) return parts.send(reply, done)
      return { ...(await detailOf(parts, sight, done.value)), replayed: done.replayed }
    },
  )
}

function readingNow(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'readDriftNow',
    tags: ['drift'],
    summary: 'Has targets read now instead of at their next turn',
    description: 'Of one target for whoever owns it; of all for those who answer for the rules or look back.',
    ok: schema.driftReadingAsked,
  })
  scope.post('/v1/drift/readings', { schema: { ...about, body: schema.driftReading } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { system } = request.body
    if (system === undefined ? !seesSettings(sight) : !seesTarget(sight, system)) {
      const no = 'targets are read for their owners, and for those who answer for the rules or look back'
      return parts.send(reply, refusalProblem(sight, refusal('not-permitted', no), undefined))
    }
    const readingsCount = await parts.machinery.store.drift.hurryReadings(system === undefined ? undefined : [system])
    parts.machinery.committed()
    return { readingsCount }
  })
}

function unknownDrift(id: string) {
  return problem('unknown-drift', `there is no finding \`${id}\``)
}

async function detailOf({ machinery: { store } }: Parts, sight: Sight, known: DriftFinding) {
  const finding = findingView(known, readingsIn(await store.drift.readings(), sight.now))
  const events = (await store.waivers.events(known.id)).map(({ id, type, at, by }) => ({ id, type, at, by }))
  const standing = standingTo(sight, known, await store.waivers.findAll(known.drift.waivers))
  return { finding, events, standing, names: namesIn(sight.index, finding, events) }
}

/** Without the history of approvals, which only the attempt reads; signing in again is asked for when it is tried. */
function standingTo(sight: Sight, known: DriftFinding, waivers: readonly Waiver[]): schema.DriftDetail['standing'] {
  const { caller: actor, directory, policy, now } = sight
  const history = { ...noHistory, ...sight.known.rules }
  const facts = { now, actor, directory, policy, history, clock: 'steady' } as const
  const { refusal: no } = againstDriftReview(known, waivers, facts)
  if (no === undefined || no.code === 'sign-in-not-fresh') return { may: true }
  // One's own conflicts are one's own to see.
  const conflicts = (no.conflicts ?? []).map((conflict) => shownConflict(sight, conflict, true))
  return { may: false, because: no.code, ...(conflicts.length === 0 ? {} : { conflicts }) }
}

function standing(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'standingAccess',
    tags: ['drift'],
    summary: 'Standing access to what waivers are asked for, by the word of the directory',
    description: 'For those who answer for the rules or look back on everything.',
    ok: schema.standing,
  })
  scope.get(
    '/v1/drift/standing',
    { schema: { ...about, querystring: schema.standingQuery } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      if (!seesSettings(sight)) {
        const no = 'standing access is shown to those who answer for the rules, review, or look after security'
        return parts.send(reply, refusalProblem(sight, refusal('not-permitted', no), undefined))
      }
      const { system, limit } = request.query
      const { directory, policy, now } = sight
      const isAskedFor = (name: { readonly system: string; readonly entitlement: string }) =>
        (system === undefined || name.system === system) && entitlementOf(policy, name) !== undefined
      const shown: StandingStatement[] = []
      let more = 0
      for (const stated of standingStatements(directory, isAskedFor, now)) {
        if (shown.length < Number(limit)) shown.push(stated)
        else more++
      }
      return { standing: shown, more, names: namesIn(sight.index, shown) }
    },
  )
}

interface Counted {
  readonly open: number
  readonly unreviewed: number
  readonly byKind: readonly { readonly kind: (typeof driftKinds)[number]; readonly open: number }[]
  readonly openLookingBack: number
  openOn(system: string): number
}

async function countsFor(parts: Parts, sight: Sight): Promise<Counted> {
  const { drift } = parts.machinery.store
  if (seesSettings(sight)) return counted(await drift.counts())
  const open = await drift.findings({ status: 'open', limit: lookedThroughMax })
  const seen = open.filter((finding) => seesFinding(sight, finding))
  return counted(
    seen.map(({ drift: { system, kind }, review }) => ({
      system,
      kind,
      open: 1,
      unreviewed: review === undefined ? 1 : 0,
    })),
  )
}

type Counts = Awaited<ReturnType<Parts['machinery']['store']['drift']['counts']>>

const habitKinds: readonly string[] = ['owner-left', 'repeated-waivers', 'never-used']

function counted(counts: Counts): Counted {
  const sum = (some: Counts, of: (one: Counts[number]) => number = ({ open }) => open) =>
    some.reduce((total, one) => total + of(one), 0)
  return {
    open: sum(counts),
    unreviewed: sum(counts, ({ unreviewed }) => unreviewed),
    byKind: driftKinds.map((kind) => ({ kind, open: sum(counts.filter((one) => one.kind === kind)) })),
    openLookingBack: sum(counts.filter(({ kind }) => habitKinds.includes(kind))),
    openOn: (system) => sum(counts.filter((one) => one.system === system)),
  }
}

async function pageFor(
  parts: Parts,
  sight: Sight,
  filter: Omit<Parameters<Parts['machinery']['store']['drift']['findings']>[0], 'limit'>,
  limit: number,
): Promise<{ readonly shown: readonly DriftFinding[]; readonly next?: string }> {
  const { drift } = parts.machinery.store
  const all = seesSettings(sight)
  const rows = await drift.findings({ ...filter, limit: all ? limit + 1 : lookedThroughMax })
  const seen = all ? rows : rows.filter((finding) => seesFinding(sight, finding))
  const shown = seen.slice(0, limit)
  const last = seen.length > limit ? shown.at(-1)?.id : undefined
  return { shown, ...(last === undefined ? {} : { next: last }) }
}

function seesTarget(sight: Sight, system: string): boolean {
  if (entryOf(sight.policy.systems, system) === undefined) return false
  return seesSettings(sight) || isOwnerOf(sight.directory, sight.caller.id, system, sight.now)
}

function seesFinding(sight: Sight, { drift: { system, holder } }: DriftFinding): boolean {
  return seesTarget(sight, system) || (holder !== undefined && isAboutCaller(sight, holder)) || seesSettings(sight)
}

function isAboutCaller({ caller, directory, now }: Sight, holder: NodeId): boolean {
  return holder === caller.id || isControllerOf(directory, caller.id, holder, now)
}
