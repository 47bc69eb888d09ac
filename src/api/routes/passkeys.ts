/** Enrolling passkeys, confirming those of others, removing lost ones. */
import type { FastifyRequest } from 'fastify'
import { noHistory } from '../../core/independence.ts'
import { decidePasskeys } from '../../core/passkeys/decide.ts'
import type { Passkey, Passkeys } from '../../core/passkeys.ts'
import { refusal } from '../../core/refusal.ts'
import { handlePasskeys, openConfirmation } from '../../engine/passkeys/confirm.ts'
import { enrolPasskey, openEnrolment } from '../../engine/passkeys/enrol.ts'
import { ownerOf, type PasskeysHandled, passkeysOf } from '../../engine/passkeys/locked.ts'
import { shownChallenge } from '../challenge-view.ts'
import { creates, reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { creationOptions, shownPasskey } from '../passkey-view.ts'
import { keyOf, refusalProblem } from '../perform.ts'
import { isProblem, type Problem, refused } from '../problem.ts'
import { answerOnce, type Outcome } from '../repeat.ts'
import { challenge } from '../schema/challenge.ts'
import * as schema from '../schema/passkey.ts'
import { none } from '../schema/text.ts'
import { anySight, namesIn, readsEverything, type Sight, sightFor } from '../sight.ts'

const waitingMax = 1_000

export function passkeyRoutes(scope: Scope, parts: Parts): void {
  looking(scope, parts)
  enrolling(scope, parts)
  confirming(scope, parts)
}

function looking(scope: Scope, parts: Parts): void {
  const listAbout = reads({
    operationId: 'passkeys',
    tags: ['passkeys'],
    summary: 'Passkeys: your own, somebody else’s, or those that wait to be confirmed',
    ok: schema.passkeyList,
  })
  scope.get('/v1/passkeys', { schema: { ...listAbout, querystring: schema.passkeysQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { of = sight.caller.id, waiting } = request.query
    const states = waiting === 'true' ? await waitingStates(parts) : await statesOf(parts, of)
    const passkeys = states.flatMap((state) =>
      state.passkeys
        .filter((one) => maySee(sight, state, one) && (waiting !== 'true' || waits(one, sight.now)))
        .map((one) => shownPasskey(state.person, one, sight.now)),
    )
    return { passkeys, names: namesIn(sight.index, passkeys) }
  })

  const oneAbout = reads({
    operationId: 'passkey',
    tags: ['passkeys'],
    summary: 'A passkey, and whether you may confirm it',
    ok: schema.passkeyDetail,
  })
  scope.get(
    '/v1/passkeys/:passkey',
    { schema: { ...oneAbout, params: schema.passkeyPath } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const found = await find(parts, sight, request.params.passkey)
      return isProblem(found) ? parts.send(reply, found) : detail(sight, found.state, found.passkey)
    },
  )
}

function enrolling(scope: Scope, parts: Parts): void {
  const beginAbout = creates({
    operationId: 'beginEnrolment',
    tags: ['passkeys'],
    summary: 'What a browser needs to make a passkey of yours',
    ok: schema.enrolling,
  })
  scope.post('/v1/passkeys/enrolments', { schema: { ...beginAbout, body: none } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const { caller, index } = sight
    if (!caller.id.startsWith('per_') || caller.chain.length > 0)
      return parts.send(reply, refused(refusal('only-people-decide')))
    const enrolling = await openEnrolment(parts.machinery, caller)
    const name = index.nameOf(caller.id) ?? caller.id
    const publicKey = creationOptions(parts.machinery.passkeys, caller.id, name, enrolling)
    return reply.code(201).send({ challenge: enrolling.id, expiresAt: enrolling.expiresAt, publicKey })
  })

  const about = creates({
    operationId: 'enrolPasskey',
    tags: ['passkeys'],
    summary: 'Enrols a passkey of yours',
    description: 'It signs nothing before somebody independent of you has confirmed that it is yours.',
    ok: schema.passkeyDetail,
  })
  scope.post('/v1/passkeys', { schema: { ...about, body: schema.enrolment } }, async (request, reply) => {
    const { challenge, name, credential: id, attestation, clientData, transports } = request.body
    const registration = { id, attestation, clientData, transports }
    const done = await act(parts, request, 'enrol', { enrols: request.body }, () =>
      enrolPasskey(parts.machinery, callerOf(request), { challenge, name, registration }),
    )
    if (isProblem(done)) return parts.send(reply, done)
    return reply.code(201).header('location', `/v1/passkeys/${done.passkey.id}`).send(done)
  })
}

function confirming(scope: Scope, parts: Parts): void {
  const showAbout = creates({
    operationId: 'showConfirmation',
    tags: ['passkeys'],
    summary: 'Shows somebody’s new passkey, to be confirmed with one of yours',
    ok: challenge,
  })
  scope.post(
    '/v1/passkeys/:passkey/challenges',
    { schema: { ...showAbout, params: schema.passkeyPath, body: schema.confirmation } },
    async (request, reply) => {
      const caller = callerOf(request)
      const { passkey } = request.params
      const person = await ownerOf(parts.machinery, passkey)
      if (person === undefined) return parts.send(reply, unknownPasskey(passkey))
      const command = { type: 'confirm' as const, passkey, digest: request.body.digest }
      const opened = await openConfirmation(parts.machinery, caller, person, command)
      const sight = await anySight(parts, caller)
      if (opened.outcome === 'opened') return reply.code(201).send(await shownChallenge(parts, sight, opened))
      if (opened.outcome === 'accepted') throw new Error('bug: nothing was to be confirmed yet')
      return parts.send(reply, refusalProblem(sight, opened.refusal, undefined))
    },
  )
  for (const { noun, operationId, summary, body, command } of acts) {
    const about = writes({ operationId, tags: ['passkeys'], summary, ok: schema.passkeyDetail })
    scope.post(
      `/v1/passkeys/:passkey/${noun}`,
      { schema: { ...about, params: schema.passkeyPath, body } },
      async (request, reply) => {
        const { passkey } = request.params
        const person = await ownerOf(parts.machinery, passkey)
        if (person === undefined) return parts.send(reply, unknownPasskey(passkey))
        const wanted = command(passkey, request.body)
        const done = await act(parts, request, wanted.type, { passkey: wanted }, () =>
          handlePasskeys(parts.machinery, person, wanted, callerOf(request)),
        )
        return isProblem(done) ? parts.send(reply, done) : done
      },
    )
  }
}

const acts = [
  {
    noun: 'confirmation',
    operationId: 'confirmPasskey',
    summary: 'Confirms that a passkey is its owner’s; for whoever has none to confirm it with',
    body: schema.confirmation,
    command: (passkey: string, { digest }: { digest?: string }) =>
      ({ type: 'confirm', passkey, digest: digest ?? '' }) as const,
  },
  {
    noun: 'removal',
    operationId: 'removePasskey',
    summary: 'Removes a passkey, at once',
    body: schema.passkeyRemoval,
    command: (passkey: string, { reason }: { reason?: string }) =>
      ({ type: 'remove', passkey, reason: reason ?? '' }) as const,
  },
] as const

async function act(
  parts: Parts,
  request: Pick<FastifyRequest, 'actor' | 'headers' | 'routeOptions'>,
  type: string,
  what: object,
  run: () => Promise<PasskeysHandled>,
): Promise<schema.PasskeyDetail | Problem> {
  const caller = callerOf(request)
  const outcome = await answerOnce(
    parts.machinery,
    { actor: caller, key: keyOf(request), request: what },
    async (): Promise<Outcome<Extract<PasskeysHandled, { outcome: 'accepted' }>>> => {
      const handled = await run()
      return handled.outcome === 'accepted' ? { accepted: handled } : { refused: handled.refusal }
    },
  )
  const { replayed } = outcome
  if ('refused' in outcome) {
    if (!replayed) parts.metrics.refused(outcome.refused.code)
    return refusalProblem(await anySight(parts, caller), outcome.refused, undefined, replayed ? { replayed } : {})
  }
  if (!replayed) parts.metrics.accepted(`${type}-passkey`)
  const sight = await sightFor(parts, caller)
  if (isProblem(sight)) return sight
  return { ...detail(sight, outcome.accepted.passkeys, outcome.accepted.passkey), replayed }
}

function detail(sight: Sight, state: Passkeys, passkey: Passkey): schema.PasskeyDetail {
  const shown = shownPasskey(state.person, passkey, sight.now)
  const because = obstacle(sight, state, passkey)
  const may = because === undefined ? { mayConfirm: true } : { mayConfirm: false, because }
  return { passkey: shown, ...may, names: namesIn(sight.index, shown) }
}

/** A hint for people, on the newest facts; only the attempt itself decides. */
function obstacle(sight: Sight, state: Passkeys, { id, digest }: Passkey): string | undefined {
  const { caller, now, directory, policy, known } = sight
  const decision = decidePasskeys(
    state,
    { type: 'confirm', passkey: id, digest },
    {
      now,
      actor: { ...caller, signedInAt: now },
      person: state.person,
      directory,
      policy,
      policyDigest: known.todayDigest,
      history: { ...noHistory, ...known.rules },
      clock: 'steady',
      foundersNeeded: Number.POSITIVE_INFINITY,
      known: false,
      signs: false,
    },
  )
  return decision.outcome === 'accepted' ? undefined : decision.refusal.code
}

async function find(
  parts: Parts,
  sight: Sight,
  id: string,
): Promise<{ readonly state: Passkeys; readonly passkey: Passkey } | Problem> {
  const person = await ownerOf(parts.machinery, id)
  const state = person === undefined ? undefined : await passkeysOf(parts.machinery, person)
  const passkey = state?.passkeys.find((one) => one.id === id)
  if (state === undefined || passkey === undefined || !maySee(sight, state, passkey)) return unknownPasskey(id)
  return { state, passkey }
}

/** The owner, whoever looks after security or is a founder, and whoever may confirm it now. */
function maySee(sight: Sight, state: Passkeys, passkey: Passkey): boolean {
  const { caller, policy } = sight
  if (caller.id === state.person || readsEverything(sight) || policy.founders.includes(caller.id)) return true
  return obstacle(sight, state, passkey) === undefined
}

function waits({ status, confirmBy }: Passkey, now: string): boolean {
  return status === 'waiting' && now < confirmBy
}

async function statesOf(parts: Parts, person: string): Promise<readonly Passkeys[]> {
  const state = await passkeysOf(parts.machinery, person)
  return state === undefined ? [] : [state]
}

async function waitingStates({ machinery }: Parts): Promise<readonly Passkeys[]> {
  return (await machinery.store.records.list('passkeys', waitingMax, 'waiting')) as readonly Passkeys[]
}

function unknownPasskey(id: string): Problem {
  return refused(refusal('unknown-passkey', `\`${id}\``))
}
