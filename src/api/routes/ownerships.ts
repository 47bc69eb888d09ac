/** Who owns which workload, on record: taken by whoever says so, in force once somebody independent has confirmed it. */
import type { Assertion, Said } from '../../core/assertion.ts'
import { assertionView, decide, propose } from '../assertions.ts'
import { creates, reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import * as schema from '../schema/assertion.ts'
import { namesIn, sightFor } from '../sight.ts'

const shownMax = 1_000
const recordsMax = 100_000

export function ownershipRoutes(scope: Scope, parts: Parts): void {
  looking(scope, parts)
  proposing(scope, parts)
  deciding(scope, parts)
}

function looking(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'ownerships',
    tags: ['directory'],
    summary: 'Claims of ownership of workloads',
    description: 'Open ones first. Owners that a source of the directory states are with the workload.',
    ok: schema.ownerships,
  })
  scope.get('/v1/directory/ownerships', { schema: about }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const records = (await parts.machinery.store.records.list('ownership', recordsMax)) as readonly Assertion[]
    const isOpen = ({ status }: Assertion) => status === 'proposed'
    const inOrder = [...records.filter(isOpen), ...records.filter((one) => !isOpen(one))]
    const ownerships = inOrder.slice(0, shownMax).map(assertionView)
    return { ownerships, more: inOrder.length - ownerships.length, names: namesIn(sight.index, ownerships) }
  })
}

function proposing(scope: Scope, parts: Parts): void {
  const about = creates({
    operationId: 'proposeOwnership',
    tags: ['directory'],
    summary: 'Takes ownership of a workload, or says that a team does',
    description:
      'In force only once somebody independent has confirmed it: until then an orphan stays one. For oneself, for a team one is in, or by those who look after rules or security.',
    ok: schema.assertionDetail,
  })
  scope.post(
    '/v1/directory/ownerships',
    { schema: { ...about, body: schema.ownershipProposal } },
    async (request, reply) => {
      const { owner, workload, evidence } = request.body
      const said: Said = { kind: 'ownership', from: owner, relation: 'owns', to: workload }
      const done = await propose(parts, request, said, evidence)
      if (isProblem(done)) return parts.send(reply, done)
      return reply.code(201).header('location', `/v1/directory/ownerships/${done.assertion.id}`).send(done)
    },
  )
}

function deciding(scope: Scope, parts: Parts): void {
  const about = (operationId: string, summary: string) =>
    writes({ operationId, tags: ['directory'], summary, ok: schema.assertionDetail })
  const isKnown = (id: string) => async () => (await parts.machinery.store.records.find(id)) !== undefined
  scope.post(
    '/v1/directory/ownerships/:ownership/confirmation',
    {
      schema: {
        ...about('confirmOwnership', 'Confirms an owner; from then on the workload is no orphan'),
        params: schema.ownershipPath,
        body: schema.assertionConfirmation,
      },
    },
    async (request, reply) => {
      const { ownership: id } = request.params
      const done = await decide(parts, request, id, isKnown(id), { type: 'confirm', note: request.body.note })
      return isProblem(done) ? parts.send(reply, done) : done
    },
  )
  for (const [noun, type, operationId, summary] of [
    ['rejection', 'reject', 'rejectOwnership', 'Says that somebody does not own a workload'],
    ['end', 'end', 'endOwnership', 'Takes a claim back, or gives ownership up: it goes on counting for a while'],
  ] as const) {
    scope.post(
      `/v1/directory/ownerships/:ownership/${noun}`,
      { schema: { ...about(operationId, summary), params: schema.ownershipPath, body: schema.assertionEnding } },
      async (request, reply) => {
        const { ownership: id } = request.params
        const done = await decide(parts, request, id, isKnown(id), { type, reason: request.body.reason })
        return isProblem(done) ? parts.send(reply, done) : done
      },
    )
  }
}
