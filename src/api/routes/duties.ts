/**
 * Who holds a conflict of duties today? Everybody's for those who answer for the rules or look back on everything; for
 * anybody else their own, and those of whom they answer for. It proposes and takes nothing away.
 */

import type { NodeId } from '../../core/directory.ts'
import {
  coverOfMitigation,
  dutiesReport,
  fixesReport,
  holderReport,
  type Mitigation,
  originsOf,
} from '../../core/duties.ts'
import { refusal } from '../../core/refusal.ts'
import { answersFor, isControllerOf } from '../../core/standing.ts'
import { dutiesDesk } from '../../engine/duties.ts'
import { giveEvidence, mitigationsOf } from '../../engine/mitigations.ts'
import { actOnce } from '../act-once.ts'
import { reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem, problem } from '../problem.ts'
import * as schema from '../schema/duties.ts'
import { namesIn, type Sight, seesSettings, sightFor } from '../sight.ts'

export function dutiesRoutes(scope: Scope, parts: Parts): void {
  const dutiesNow = dutiesDesk(parts.machinery)
  everybody(scope, parts, dutiesNow)
  oneHolder(scope, parts, dutiesNow)
  whatToChange(scope, parts, dutiesNow)
  controls(scope, parts)
}

type Desk = ReturnType<typeof dutiesDesk>

function everybody(scope: Scope, parts: Parts, dutiesNow: Desk): void {
  const about = reads({
    operationId: 'duties',
    tags: ['policy'],
    summary: 'Who holds a conflict of duties today, and what answers for it',
    description:
      'By standing access of the directory and by live waivers. All of it for those who decide the rules, founders, reviewers and the security pool; for other people their own and those of whom they answer for.',
    ok: schema.duties,
  })
  scope.get('/v1/duties', { schema: { ...about, querystring: schema.dutiesQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { rule, holder, uncovered, limit } = request.query
    const { holdings, covers } = await dutiesNow(sight.known, sight.now)
    const seesAll = seesSettings(sight)
    const report = dutiesReport(holdings, covers, sight.now, {
      ...(rule === undefined ? {} : { rule }),
      ...(holder === undefined ? {} : { holder }),
      uncovered: uncovered === 'true',
      rowsMax: Number(limit),
      ...(seesAll ? {} : { sees: (id: NodeId) => seesDutiesOf(sight, id) }),
    })
    const shown = seesAll ? report : { ...report, alone: [], undescribed: [] }
    return { ...shown, names: namesIn(sight.index, shown) }
  })
}

function oneHolder(scope: Scope, parts: Parts, dutiesNow: Desk): void {
  const about = reads({
    operationId: 'dutyHolder',
    tags: ['policy'],
    summary: "One holder's conflicts, how each side is held, the least to give up, and what more would add",
    ok: schema.dutyHolder,
  })
  scope.get(
    '/v1/duties/holders/:holder',
    { schema: { ...about, params: schema.holderPath, querystring: schema.holderQuery } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const { holder } = request.params
      if (!seesSettings(sight) && !seesDutiesOf(sight, holder)) return parts.send(reply, notYours(sight))
      if (sight.index.node(holder) === undefined)
        return parts.send(reply, problem('unknown-node', `the directory has no \`${holder}\``))
      const { holdings, covers, live } = await dutiesNow(sight.known, sight.now)
      const origins = originsOf(holder, sight.directory, live, sight.policy, sight.now)
      const report = holderReport(holdings, covers, holder, origins, [request.query.adding ?? []].flat(), sight.now)
      return { ...report, names: namesIn(sight.index, report) }
    },
  )
}

function whatToChange(scope: Scope, parts: Parts, dutiesNow: Desk): void {
  const about = reads({
    operationId: 'dutyFixes',
    tags: ['policy'],
    summary: 'Which access would have to go so that most conflicts end',
    ok: schema.fixes,
  })
  scope.get('/v1/duties/fixes', { schema: { ...about, querystring: schema.fixesQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    if (!seesSettings(sight)) return parts.send(reply, notYours(sight))
    const { uncovered, limit, drops } = request.query
    const { holdings, covers } = await dutiesNow(sight.known, sight.now)
    const asked = { uncovered: uncovered === 'true', rowsMax: Number(limit), dropsMax: Number(drops) }
    const report = fixesReport(holdings, covers, sight.now, asked)
    return { ...report, names: namesIn(sight.index, report) }
  })
}

function controls(scope: Scope, parts: Parts): void {
  const listAbout = reads({
    operationId: 'mitigations',
    tags: ['policy'],
    summary: 'Conflicts that are tolerated under a control, and when evidence is due',
    ok: schema.mitigations,
  })
  scope.get('/v1/duties/mitigations', { schema: listAbout }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const all = await mitigationsOf(parts.machinery.store.records, sight.policy)
    const seen = all.filter(
      ({ holder, owner }) => seesSettings(sight) || owner === sight.caller.id || seesDutiesOf(sight, holder),
    )
    const mitigations = seen.map((one) => mitigationView(one, sight.now))
    return { mitigations, names: namesIn(sight.index, mitigations) }
  })

  const evidenceAbout = writes({
    operationId: 'evidenceMitigation',
    tags: ['policy'],
    summary: 'Says that the control of a mitigation was kept; for whoever answers for it',
    ok: schema.mitigationEvidenced,
  })
  scope.post(
    '/v1/duties/mitigations/:mitigation/evidence',
    { schema: { ...evidenceAbout, params: schema.mitigationPath, body: schema.mitigationEvidence } },
    async (request, reply) => {
      const { mitigation: id } = request.params
      const { note } = request.body
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      if (!Object.hasOwn(sight.policy.mitigations ?? {}, id))
        return parts.send(reply, problem('unknown-mitigation', `the policy has no mitigation \`${id}\``))
      const done = await actOnce<schema.MitigationView>(parts, request, {
        name: 'evidence-mitigation',
        what: { mitigation: id, note },
        run: async (caller) => {
          const handled = await giveEvidence(parts.machinery, id, note, caller)
          // Gone in between: then there is nothing to give evidence for.
          if (handled === undefined) return { refused: refusal('policy-changed') }
          return handled.outcome === 'refused'
            ? { refused: handled.refusal }
            : { accepted: mitigationView(handled.mitigation, sight.now) }
        },
      })
      if (isProblem(done)) return parts.send(reply, done)
      return { mitigation: done.value, replayed: done.replayed, names: namesIn(sight.index, done.value) }
    },
  )
}

function mitigationView(mitigation: Mitigation, now: string): schema.MitigationView {
  const [control] = coverOfMitigation(mitigation, now).controls
  return { ...mitigation, ...(control?.dueAt === undefined ? {} : { dueAt: control.dueAt }) }
}

/** One's own, those of whom one is chief or sponsor, and those of workloads one controls. */
function seesDutiesOf({ caller, directory, now }: Sight, holder: NodeId): boolean {
  return (
    holder === caller.id ||
    answersFor(directory, caller.id, holder, now) ||
    isControllerOf(directory, caller.id, holder, now)
  )
}

function notYours(sight: Sight) {
  const no = 'ask about yourself, or about whom you answer for; all of it is for those who answer for the rules'
  return refusalProblem(sight, refusal('not-permitted', no), undefined)
}
