/** The rules in force and changes to them. Files only propose; whatever comes into force was countersigned. */
import type { FastifyRequest } from 'fastify'
import type { Change, ChangeCommand } from '../../core/change.ts'
import type { Founding } from '../../core/founding.ts'
import type { Policy } from '../../core/policy.ts'
import { compareRules } from '../../core/rules-diff.ts'
import type { Actor } from '../../core/waiver.ts'
import { type ChangeHandled, handleChange, policyRevision, proposeRules } from '../../engine/rules.ts'
import { creates, reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { keyOf, refusalProblem } from '../perform.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import { answerOnce, type Outcome } from '../repeat.ts'
import * as schema from '../schema/policy.ts'
import { anySight, namesIn, type Sight, seesSettings, shownDifferences, shownPolicy, sightFor } from '../sight.ts'

/** All files of a policy together. */
const filesBytesMax = 4 * 1024 * 1024
const changesMax = 200

export function policyRoutes(scope: Scope, parts: Parts): void {
  inForce(scope, parts)
  checking(scope, parts)
  proposing(scope, parts)
  changing(scope, parts)
}

function inForce(scope: Scope, parts: Parts): void {
  const about = reads({ operationId: 'policy', tags: ['policy'], summary: 'The policy in force', ok: schema.policy })
  scope.get('/v1/policy', { schema: about }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { policySince } = await parts.machinery.store.heads()
    return {
      ...policyView(sight, sight.known.todayDigest, sight.policy),
      ...(policySince === undefined ? {} : { since: policySince }),
    }
  })

  const revisionAbout = reads({
    operationId: 'policyRevision',
    tags: ['policy'],
    summary: 'A policy by its digest',
    description:
      'What a change proposes, what a waiver was asked under; for founders also what they are asked to accept.',
    ok: schema.policy,
  })
  scope.get(
    '/v1/policy/revisions/:digest',
    { schema: { ...revisionAbout, params: schema.policyPath } },
    async (request, reply) => {
      const { digest } = request.params
      const caller = callerOf(request)
      const found = await parts.machinery.store.revisions.policy(digest)
      const unknown = problem('unknown-policy', `there is no policy \`${digest}\``)
      if (await isFounderBefore(parts, caller)) {
        return found === undefined
          ? parts.send(reply, unknown)
          : { digest, complete: true, policy: { ...found }, names: {} }
      }
      const sight = await sightFor(parts, caller)
      if (isProblem(sight)) return parts.send(reply, sight)
      return found === undefined ? parts.send(reply, unknown) : policyView(sight, digest, found)
    },
  )
}

function policyView(sight: Sight, digest: string, policy: Policy): schema.PolicyView {
  const complete = seesSettings(sight)
  const shown = shownPolicy(policy, complete)
  return { digest, complete, policy: shown, names: namesIn(sight.index, shown, Object.keys(policy.systems)) }
}

/** Before there are rules nobody has a standing but the founders. */
async function isFounderBefore({ machinery }: Parts, { id }: Actor): Promise<boolean> {
  const founding = (await machinery.store.records.find('founding')) as Founding | undefined
  return founding?.status === 'proposed' && founding.founders.includes(id)
}

function checking(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'checkPolicy',
    tags: ['policy'],
    summary: 'What these files say and what would follow',
    description:
      'Reads the files, compares them with the rules in force, and looks for what would go wrong with the people there are. Records nothing.',
    ok: schema.policyReport,
  })
  scope.post(
    '/v1/policy/check',
    { bodyLimit: filesBytesMax, schema: { ...about, body: schema.policyFiles } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const read = parts.options.readPolicyFiles(request.body.files)
      if ('problems' in read)
        return { readable: false, problems: read.problems, findings: [], tiers: [], differences: [], names: {} }
      const policy = { ...read.policy, founders: sight.policy.founders }
      const { findings, tiers } = await parts.options.checkPolicy(policy)
      return {
        readable: true,
        digest: policyRevision(policy).digest,
        problems: [],
        findings,
        tiers,
        differences: compareRules(sight.policy, policy).map(({ path, direction }) => ({ path, direction })),
        names: namesIn(
          sight.index,
          findings.map(({ about }) => about),
        ),
      }
    },
  )
}

function proposing(scope: Scope, parts: Parts): void {
  const about = creates({
    operationId: 'proposeChange',
    tags: ['policy'],
    summary: 'Proposes the files as the new rules',
    description:
      'Takes effect after somebody independent of the author has countersigned it, and after the delay the rules in force ask for.',
    ok: schema.changeDetail,
  })
  scope.post(
    '/v1/policy/changes',
    { bodyLimit: filesBytesMax, schema: { ...about, body: schema.changeProposal } },
    async (request, reply) => {
      const { files, base, reason } = request.body
      const read = parts.options.readPolicyFiles(files)
      if ('problems' in read) {
        const errors = read.problems.map(({ where, message }) => ({ at: where, message }))
        return parts.send(
          reply,
          problem('policy-unreadable', errors[0] === undefined ? undefined : `${errors[0].at}: ${errors[0].message}`, {
            at: 'files',
            errors,
          }),
        )
      }
      const done = await act(parts, request, 'propose', { proposes: request.body }, (caller) =>
        proposeRules(parts.machinery, caller, read.policy, base, reason),
      )
      if (isProblem(done)) return parts.send(reply, done)
      return reply.code(201).header('location', `/v1/policy/changes/${done.change.id}`).send(done)
    },
  )
}

function changing(scope: Scope, parts: Parts): void {
  const { store } = parts.machinery
  const listAbout = reads({
    operationId: 'changes',
    tags: ['policy'],
    summary: 'Changes to the rules, newest first',
    ok: schema.changes,
  })
  scope.get('/v1/policy/changes', { schema: listAbout }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const records = (await store.records.list('change', changesMax)) as readonly (Change | null)[]
    const changes = records.filter((change) => change !== null).map((change) => changeView(sight, change))
    return { changes, names: namesIn(sight.index, changes) }
  })

  const oneAbout = reads({
    operationId: 'change',
    tags: ['policy'],
    summary: 'A change to the rules',
    ok: schema.changeDetail,
  })
  scope.get(
    '/v1/policy/changes/:change',
    { schema: { ...oneAbout, params: schema.changePath } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const change = (await store.records.find(request.params.change)) as Change | null | undefined
      if (change === undefined || change === null)
        return parts.send(reply, problem('unknown-change', `there is no change \`${request.params.change}\``))
      return { change: changeView(sight, change), names: namesIn(sight.index, change) }
    },
  )

  const about = (operationId: string, summary: string) =>
    writes({ operationId, tags: ['policy'], summary, ok: schema.changeDetail })
  const respond = (noun: string) => `/v1/policy/changes/:change/${noun}`
  scope.post(
    respond('countersignature'),
    {
      schema: {
        ...about('countersignChange', 'Countersigns a change to the rules'),
        params: schema.changePath,
        body: schema.changeCountersignature,
      },
    },
    async (request, reply) =>
      answer(parts, request, reply, request.params.change, { type: 'countersign', proposed: request.body.proposed }),
  )
  scope.post(
    respond('denial'),
    {
      schema: {
        ...about('denyChange', 'Denies a change to the rules'),
        params: schema.changePath,
        body: schema.changeDenial,
      },
    },
    async (request, reply) =>
      answer(parts, request, reply, request.params.change, { type: 'deny', reason: request.body.reason }),
  )
  scope.post(
    respond('withdrawal'),
    {
      schema: {
        ...about('withdrawChange', 'Takes a change back'),
        params: schema.changePath,
        body: schema.changeWithdrawal,
      },
    },
    async (request, reply) =>
      answer(parts, request, reply, request.params.change, { type: 'withdraw', reason: request.body.reason }),
  )
}

type Asking = Pick<FastifyRequest, 'actor' | 'headers' | 'routeOptions'>
type Reply = Parameters<Parts['send']>[0]

async function answer(parts: Parts, request: Asking, reply: Reply, id: string, command: ChangeCommand) {
  // A change that nobody proposed has no record to refuse in.
  const known = (await parts.machinery.store.records.find(id)) as Change | null | undefined
  if (known === undefined || known === null)
    return parts.send(reply, problem('unknown-change', `there is no change \`${id}\``))
  const done = await act(parts, request, command.type, { change: id, command }, (caller) =>
    handleChange(parts.machinery, id, command, caller),
  )
  return isProblem(done) ? parts.send(reply, done) : done
}

async function act(
  parts: Parts,
  request: Asking,
  type: ChangeCommand['type'],
  what: object,
  run: (caller: Actor) => Promise<ChangeHandled>,
): Promise<schema.ChangeDetail | Problem> {
  const caller = callerOf(request)
  const outcome = await answerOnce(
    parts.machinery,
    { actor: caller, key: keyOf(request), request: what },
    async (): Promise<Outcome<Change>> => {
      const handled = await run(caller)
      return handled.outcome === 'accepted' ? { accepted: handled.change } : { refused: handled.refusal }
    },
  )
  if (!outcome.replayed) count(parts, type, outcome)
  const sight = await anySight(parts, caller)
  const { replayed } = outcome
  if ('refused' in outcome) return refusalProblem(sight, outcome.refused, undefined, replayed ? { replayed } : {})
  const change = sight === undefined ? outcome.accepted : changeView(sight, outcome.accepted)
  return { change, replayed, names: sight === undefined ? {} : namesIn(sight.index, change) }
}

function count({ metrics }: Parts, type: string, outcome: Outcome<Change>): void {
  if ('refused' in outcome) metrics.refused(outcome.refused.code)
  else metrics.accepted(`${type}-change`)
}

function changeView(sight: Sight, change: Change): schema.ChangeView {
  const sees = seesSettings(sight) || change.author === sight.caller.id
  return { ...change, differences: shownDifferences(change.differences, sees) }
}
