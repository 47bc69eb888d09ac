/**
 * Asking by the AuthZEN Access Request and Approval Profile: the offer of a denial is taken up, followed, taken back, and
 * started once it was approved. Whoever asks is whoever the token says, and nothing is decided over this.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { cancellation, submission, taskAnswer } from '../../access-request/index.ts'
import type { Actor, Command } from '../../core/waiver.ts'
import type { AccessRequestDesk } from '../../engine/access-requests/desk.ts'
import { type Submitted, submit } from '../../engine/access-requests/submit.ts'
import { type Task, taskFor, taskOfCaller } from '../../engine/access-requests/tasks.ts'
import { requestsPath, sendDraftProblem, taskAnswerOf } from '../access/told.ts'
import { wantedOf } from '../access/wanted.ts'
import { reads } from '../documented.ts'
import { oneHeader } from '../one-header.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { answered, perform } from '../perform.ts'
import { fault, isProblem, problem } from '../problem.ts'

const taskPath = z.strictObject({
  task: z
    .string()
    .max(100)
    .meta({ description: 'The handle.', examples: ['arq_01k9m2v7c0q3xw8r5t6y4z1a2b'] }),
})

const profile = 'OpenID AuthZEN Access Request and Approval Profile, working-group draft 1.'

export function accessRequestRoutes(scope: Scope, parts: Parts): void {
  submitting(scope, parts)
  following(scope, parts)
  acting(scope, parts, 'cancel')
  acting(scope, parts, 'start')
}

function submitting(scope: Scope, parts: Parts): void {
  const { response, ...about } = reads({
    operationId: 'submitAccessRequest',
    tags: ['access'],
    summary: 'Takes up the offer of a denial',
    description: `${profile} It becomes a waiver like any other, asked for by whoever the token says. An \`Idempotency-Key\` is honoured.`,
    ok: taskAnswer,
  })
  const schema = {
    ...about,
    body: submission,
    response: { 202: taskAnswer, '4xx': response['4xx'], '5xx': response['5xx'] },
  }
  scope.post(requestsPath, { schema }, async (request, reply) => {
    const desk = parts.options.accessRequests
    if (desk === undefined) return parts.send(reply, fault('state-not-current'))
    const key = keyOf(request)
    if (key instanceof Error)
      return parts.send(reply, problem('malformed-request', key.message, { at: 'header.idempotency-key' }))
    const wanted = wantedOf(request.body, key)
    if (typeof wanted === 'string') return parts.send(reply, problem('malformed-request', wanted))
    const caller = callerOf(request)
    return sendSubmitted(parts, desk, caller, reply, await submit(desk, caller, wanted))
  })
}

/** As the draft of the header has it, a string in quotes; or bare. */
function keyOf({ headers }: Pick<FastifyRequest, 'headers'>): string | Error | undefined {
  const header = oneHeader(headers['idempotency-key'])
  if (header === undefined) return undefined
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header
  return /^[\x21-\x7e]{8,128}$/.test(key) ? key : new Error('expected 8 to 128 visible ASCII characters')
}

async function sendSubmitted(
  parts: Parts,
  desk: AccessRequestDesk,
  caller: Actor,
  reply: FastifyReply,
  submitted: Submitted,
): Promise<FastifyReply> {
  switch (submitted.outcome) {
    case 'taken': {
      const { handled, task: taken } = submitted
      if (handled !== undefined) await answered(parts, caller, 'request', handled)
      const waiver = await parts.machinery.store.waivers.find(taken.waiver)
      if (waiver === undefined) throw new Error(`bug: \`${taken.waiver}\` was asked for and is not there`)
      return sendTask(desk, taskFor(taken, waiver), reply, 202)
    }
    case 'no':
      return sendDraftProblem(reply, submitted.problem, submitted.detail)
    case 'may-not-tell':
      return parts.send(
        reply,
        problem('malformed-request', 'that address is not on the list of whom this installation tells for you', {
          at: 'callback.endpoint',
        }),
      )
    case 'not-known':
      return parts.send(reply, fault('state-not-current'))
    case 'refused': {
      const refused = await answered(parts, caller, 'request', submitted.handled)
      if (!isProblem(refused)) throw new Error('bug: what was refused was done')
      return parts.send(reply, refused)
    }
    default:
      return submitted satisfies never
  }
}

async function sendTask(
  desk: AccessRequestDesk,
  task: Task,
  reply: FastifyReply,
  status: 200 | 202,
): Promise<FastifyReply> {
  const facts = desk.runtime.facts()
  const now = typeof facts === 'string' ? task.taken.at : facts.now
  const answer = await taskAnswerOf(desk, task, now)
  const pending = answer.task.status === 'pending'
  return reply
    .code(status)
    .headers({ location: answer.task.status_endpoint, ...(pending ? { 'retry-after': '5' } : {}) })
    .send(answer)
}

function following(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'accessRequest',
    tags: ['access'],
    summary: 'How an access request stands',
    description: `${profile} For whoever asked, whom it is for, who controls that, and whoever enforces the system. It says what was decided, never by whom.`,
    ok: taskAnswer,
  })
  scope.get(`${requestsPath}/:task`, { schema: { ...about, params: taskPath } }, async (request, reply) => {
    const found = await taskIn(parts, request, request.params.task, reply)
    return 'task' in found ? sendTask(found.desk, found.task, reply, 200) : found.sent
  })
}

type Looked = { readonly desk: AccessRequestDesk; readonly task: Task } | { readonly sent: FastifyReply }

async function taskIn(
  parts: Parts,
  request: Parameters<typeof callerOf>[0],
  id: string,
  reply: FastifyReply,
): Promise<Looked> {
  const desk = parts.options.accessRequests
  const facts = desk?.runtime.facts() ?? 'state-not-current'
  if (desk === undefined || typeof facts === 'string') return { sent: parts.send(reply, fault('state-not-current')) }
  const task = await taskOfCaller(desk, callerOf(request), id, facts)
  if (task === undefined) return { sent: sendDraftProblem(reply, 'unknown_task') }
  return facts.now < task.expiresAt ? { desk, task } : { sent: sendDraftProblem(reply, 'task_expired') }
}

const acts = {
  cancel: {
    operationId: 'cancelAccessRequest',
    summary: 'Takes an access request back',
    description: `${profile} Only while nothing was decided.`,
    isIn: ({ status }: Task) => status === 'pending',
    otherwise: 'it was decided, or is over',
  },
  start: {
    operationId: 'startAccessRequest',
    summary: 'Starts what was approved',
    description:
      'Not part of the draft: the access begins with this act of whoever asked, and the check says yes once the target gives it.',
    isIn: ({ status, waiver }: Task) => status === 'approved' && waiver.status === 'countersigned',
    otherwise: 'it was not approved, or was started, or is over',
  },
} as const

function acting(scope: Scope, parts: Parts, act: keyof typeof acts): void {
  const { operationId, summary, description, isIn, otherwise } = acts[act]
  const about = reads({ operationId, tags: ['access'], summary, description, ok: taskAnswer })
  const schema = { ...about, params: taskPath, body: cancellation }
  scope.post(`${requestsPath}/:task/${act}`, { schema }, async (request, reply) => {
    const found = await taskIn(parts, request, request.params.task, reply)
    if (!('task' in found)) return found.sent
    const { desk, task } = found
    if (!isIn(task)) return sendDraftProblem(reply, 'invalid_task_state', otherwise)
    const command: Command =
      act === 'start' ? { type: 'activate' } : { type: 'withdraw', reason: reasonIn(request.body) }
    const done = await perform(parts, request, { waiver: task.waiver.id, command })
    if (isProblem(done)) return parts.send(reply, done)
    return sendTask(desk, taskFor(task.taken, done.waiver as Task['waiver']), reply, 200)
  })
}

function reasonIn(body: z.output<typeof cancellation>): string {
  return body?.comment ?? body?.reason ?? 'no longer needed'
}
