/** What people and workloads do to waivers. Each route turns one body into one command; whoever acts comes from the token. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Command } from '../../core/waiver.ts'
import { countersigning } from '../decisions.ts'
import { creates, writes } from '../documented.ts'
import { withNearest } from '../nearest.ts'
import type { Parts, Scope } from '../parts.ts'
import { perform } from '../perform.ts'
import { isProblem } from '../problem.ts'
import * as body from '../schema/acts.ts'
import { waiverPath, written } from '../schema/waiver.ts'

export function actRoutes(scope: Scope, parts: Parts): void {
  asking(scope, parts)
  deciding(scope, parts)
  holding(scope, parts)
  lookingBack(scope, parts)
}

function asking(scope: Scope, parts: Parts): void {
  const about = creates({
    operationId: 'ask',
    tags: ['waivers'],
    summary: 'Asks for a waiver',
    description:
      'For oneself, for a workload one controls, or for somebody one answers for. Who asks is whoever the token says.',
    ok: written,
    status: 201,
  })
  scope.post('/v1/waivers', { schema: { ...about, body: body.ask } }, async (request, reply) => {
    const { terms } = request.body
    const done = await perform(parts, request, {
      // What the entitlement contains is read from the target by the engine, whatever stands here.
      command: { type: 'request', terms: { ...terms, contains: '' } },
      explain: (sight, no) => withNearest(sight, no, terms),
    })
    if (isProblem(done)) return parts.send(reply, done)
    return reply.code(201).header('location', `/v1/waivers/${done.waiver.id}`).send(done)
  })
  act(scope, parts, 'answer', 'answers', 'Answers the oldest open question of a decider', body.answer, ({ text }) => ({
    type: 'answer',
    text,
  }))
  act(
    scope,
    parts,
    'withdraw',
    'withdrawal',
    'Takes a request back before access was started',
    body.withdrawal,
    ({ reason }) => ({ type: 'withdraw', reason }),
  )
  act(scope, parts, 'requestExtension', 'extensions', 'Asks for more time', body.extension, ({ end, reason }) => ({
    type: 'request-extension',
    end,
    reason,
  }))
  act(
    scope,
    parts,
    'requestResumption',
    'resumptions',
    'Asks that a suspended waiver goes on',
    body.resumption,
    ({ reason }) => ({ type: 'request-resumption', reason }),
  )
}

function deciding(scope: Scope, parts: Parts): void {
  act(
    scope,
    parts,
    'endorse',
    'endorsement',
    'Endorses: the operational sign-off of a two-step waiver',
    body.endorsement,
    ({ digest }) => ({ type: 'endorse', digest }),
  )
  const about = writes({
    operationId: 'countersign',
    tags: ['waivers'],
    summary: 'Countersigns: the independent approval',
    description:
      'Of the waiver, or of the extension or resumption that waits. Names the digest of what was shown. Whoever asked, benefits, grants, or stands too near to any of them is refused, with the reason.',
    ok: written,
  })
  scope.post(
    '/v1/waivers/:waiver/countersignature',
    { schema: { ...about, params: waiverPath, body: body.countersignature } },
    async (request, reply) => {
      const { waiver: id } = request.params
      return answer(parts, request, reply, id, await countersigning(parts, id, request.body))
    },
  )
  act(scope, parts, 'deny', 'denial', 'Denies what waits for a decision', body.denial, ({ digest, reason }) => ({
    type: 'deny',
    digest,
    reason,
  }))
  act(scope, parts, 'askBack', 'questions', 'Asks back before deciding', body.question, ({ text }) => ({
    type: 'ask-back',
    text,
  }))
}

function holding(scope: Scope, parts: Parts): void {
  act(scope, parts, 'activate', 'activation', 'Starts the access', body.activation, ({ account }) => ({
    type: 'activate',
    ...(account === undefined ? {} : { account }),
  }))
  act(scope, parts, 'use', 'uses', 'Records one use', body.use, ({ detail }) => ({ type: 'use', detail }))
  act(
    scope,
    parts,
    'giveEvidence',
    'evidence',
    'Gives evidence for a compensating control',
    body.evidence,
    ({ control, text }) => ({ type: 'evidence', control, text }),
  )
  act(scope, parts, 'suspend', 'suspension', 'Removes the access for now', body.suspension, ({ reason }) => ({
    type: 'suspend',
    reason,
  }))
  act(scope, parts, 'revoke', 'revocation', 'Ends the waiver for good', body.revocation, ({ reason }) => ({
    type: 'revoke',
    reason,
  }))
}

function lookingBack(scope: Scope, parts: Parts): void {
  act(
    scope,
    parts,
    'review',
    'review',
    'Closes the review of a waiver',
    body.review,
    ({ finding, note, residueAccepted }) => ({
      type: 'review',
      finding,
      note,
      residueAccepted,
    }),
  )
  const about = writes({ operationId: 'reviewEvent', tags: ['waivers'], summary: 'Looks back at one act', ok: written })
  scope.post(
    '/v1/waivers/:waiver/events/:event/review',
    { schema: { ...about, params: body.eventPath, body: body.eventReview } },
    async (request, reply) => {
      const { waiver, event } = request.params
      const { finding, note } = request.body
      return answer(parts, request, reply, waiver, { type: 'review-event', event, finding, note })
    },
  )
}

function act<Body extends z.ZodType>(
  scope: Scope,
  parts: Parts,
  operationId: string,
  noun: string,
  summary: string,
  schema: Body,
  command: (body: z.output<Body>) => Command,
): void {
  const about = writes({ operationId, tags: ['waivers'], summary, ok: written })
  scope.post(
    `/v1/waivers/:waiver/${noun}`,
    { schema: { ...about, params: waiverPath, body: schema } },
    async (request, reply) => {
      const { waiver } = request.params as z.output<typeof waiverPath>
      return answer(parts, request, reply, waiver, command(request.body as z.output<Body>))
    },
  )
}

async function answer(
  parts: Parts,
  request: Pick<FastifyRequest, 'actor' | 'headers' | 'routeOptions'>,
  reply: FastifyReply,
  waiver: string,
  command: Command,
) {
  const done = await perform(parts, request, { waiver, command })
  return isProblem(done) ? parts.send(reply, done) : done
}
