/** Changes to the rules. Files only propose; whatever comes into force was countersigned by somebody else. */
import type { FastifyRequest } from 'fastify'
import type { Change, ChangeCommand } from '../../core/change.ts'
import type { Actor } from '../../core/waiver.ts'
import { type ChangeHandled, handleChange, proposeRules } from '../../engine/rules.ts'
import { creates, reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { keyOf, refusalProblem } from '../perform.ts'
import { isProblem, type Problem, problem } from '../problem.ts'
import * as schema from '../schema/policy.ts'
import { anySight, namesIn, type Sight, seesSettings, shownDifferences, sightFor } from '../sight.ts'
import { filesBytesMax } from './policy.ts'

const changesMax = 200

export function changeRoutes(scope: Scope, parts: Parts): void {
  proposing(scope, parts)
  looking(scope, parts)
  deciding(scope, parts)
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
      const done = await act(parts, request, 'propose', (caller, key) =>
        proposeRules(parts.machinery, caller, read.policy, base, reason, key),
      )
      if (isProblem(done)) return parts.send(reply, done)
      return reply.code(201).header('location', `/v1/policy/changes/${done.change.id}`).send(done)
    },
  )
}

function looking(scope: Scope, parts: Parts): void {
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
}

function deciding(scope: Scope, parts: Parts): void {
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
  const done = await act(parts, request, command.type, (caller, key) =>
    handleChange(parts.machinery, id, command, caller, key),
  )
  return isProblem(done) ? parts.send(reply, done) : done
}

async function act(
  parts: Parts,
  request: Asking,
  type: ChangeCommand['type'],
  run: (caller: Actor, key: string | undefined) => Promise<ChangeHandled>,
): Promise<schema.ChangeDetail | Problem> {
  const caller = callerOf(request)
  const handled = await run(caller, keyOf(request))
  const replayed = handled.replayed ?? false
  if (!replayed) count(parts, type, handled)
  const sight = await anySight(parts, caller)
  if (handled.outcome === 'refused')
    return refusalProblem(sight, handled.refusal, undefined, replayed ? { replayed } : {})
  const change = sight === undefined ? handled.change : changeView(sight, handled.change)
  return { change, replayed, names: sight === undefined ? {} : namesIn(sight.index, change) }
}

function count({ metrics }: Parts, type: string, handled: ChangeHandled): void {
  if (handled.outcome === 'refused') metrics.refused(handled.refusal.code)
  else metrics.accepted(`${type}-change`)
}

function changeView(sight: Sight, change: Change): schema.ChangeView {
  const sees = seesSettings(sight) || change.author === sight.caller.id
  return { ...change, differences: shownDifferences(change.differences, sees) }
}
