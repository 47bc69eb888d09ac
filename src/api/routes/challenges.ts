/** Decisions that are signed by passkey: shown first, signed in a browser, then taken exactly as they were shown. */
import type { Actor } from '../../core/waiver.ts'
import { answerDecision, challengeFor, inForceOf, openDecision, openedFrom } from '../../engine/challenges.ts'
import { answerConfirmation } from '../../engine/passkeys/confirm.ts'
import type { PasskeysHandled } from '../../engine/passkeys/locked.ts'
import type { ChallengeContent, SignedOrder } from '../../engine/signing.ts'
import type { StoredChallenge } from '../../store/contract.ts'
import { type Progress, shownChallenge } from '../challenge-view.ts'
import { commandToSign } from '../decisions.ts'
import { creates, reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { shownPasskey } from '../passkey-view.ts'
import { answered, keyOf, refusalProblem } from '../perform.ts'
import { isProblem, problem } from '../problem.ts'
import { type Answered, answerOnce } from '../repeat.ts'
import * as schema from '../schema/challenge.ts'
import { waiverPath } from '../schema/waiver.ts'
import { anySight, namesIn, sightFor } from '../sight.ts'

export function challengeRoutes(scope: Scope, parts: Parts): void {
  showing(scope, parts)
  answering(scope, parts)
}

function showing(scope: Scope, parts: Parts): void {
  const openAbout = creates({
    operationId: 'showDecision',
    tags: ['passkeys'],
    summary: 'Shows a decision, to be signed by passkey',
    description:
      'Whoever may not take it is refused here already, on the record. What comes back is good once, for five minutes, and for exactly this: if anything of it changes meanwhile, the signature is refused.',
    ok: schema.challenge,
  })
  scope.post(
    '/v1/waivers/:waiver/challenges',
    { schema: { ...openAbout, params: waiverPath, body: schema.decisionToSign } },
    async (request, reply) => {
      const caller = callerOf(request)
      const { waiver } = request.params
      const command = await commandToSign(parts, waiver, request.body)
      const opened = await openDecision(parts.machinery, { waiver, command, actor: caller })
      if (opened.outcome === 'opened')
        return reply.code(201).send(await shownChallenge(parts, await anySight(parts, caller), opened))
      const done = await answered(parts, caller, command.type, opened)
      if (!isProblem(done)) throw new Error('bug: nothing was to be decided yet')
      return parts.send(reply, done)
    },
  )

  const about = reads({
    operationId: 'challenge',
    tags: ['passkeys'],
    summary: 'Something of yours that is to be signed, and what came of it',
    ok: schema.challenge,
  })
  scope.get(
    '/v1/challenges/:challenge',
    { schema: { ...about, params: schema.challengePath } },
    async (request, reply) => {
      const sight = await sightFor(parts, callerOf(request))
      if (isProblem(sight)) return parts.send(reply, sight)
      const { store } = parts.machinery
      const stored = await challengeFor(store, request.params.challenge, sight.caller.id)
      const content = stored?.content as ChallengeContent | undefined
      if (stored === undefined || content === undefined || content.for === 'enrolment')
        return parts.send(reply, unknownChallenge(request.params.challenge))
      const passkeys = await inForceOf(store, sight.caller.id, sight.now)
      const { id, expiresAt, nonce } = stored
      const opened = await openedFrom({ id, expiresAt, content, nonce, passkeys })
      return shownChallenge(parts, sight, opened, progressOf(stored))
    },
  )
}

function answering(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'sign',
    tags: ['passkeys'],
    summary: 'Takes the decision that was shown, with the signature under it',
    description: 'The challenge is used up, whatever comes of it.',
    ok: schema.signedResult,
  })
  scope.post(
    '/v1/challenges/:challenge/signature',
    { schema: { ...about, params: schema.challengePath, body: schema.signatureBody } },
    async (request, reply) => {
      const caller = callerOf(request)
      const signed = { challenge: request.params.challenge, assertion: request.body }
      const idempotencyKey = keyOf(request)
      const decided = await answerDecision(parts.machinery, {
        actor: caller,
        signed,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      })
      if (decided !== undefined) {
        const done = await answered(parts, caller, decided.type, decided.handled)
        return isProblem(done) ? parts.send(reply, done) : done
      }
      const confirmed = await confirmedOnce(parts, caller, signed, idempotencyKey)
      const sight = await anySight(parts, caller)
      if (confirmed === undefined || sight === undefined) return parts.send(reply, unknownChallenge(signed.challenge))
      const { replayed } = confirmed
      if ('refused' in confirmed) {
        if (!replayed) parts.metrics.refused(confirmed.refused.code)
        const also = replayed ? { replayed } : {}
        return parts.send(reply, refusalProblem(sight, confirmed.refused, undefined, also))
      }
      if (!replayed) parts.metrics.accepted('confirm-passkey')
      const { passkeys, passkey: confirmedNow } = confirmed.accepted
      // What is seen may be half a second old; the confirmation is not, and the key must not seem to wait for it.
      const now = [sight.now, ...confirmedNow.confirmations.map(({ at }) => at)].reduce((a, b) => (a < b ? b : a))
      const passkey = shownPasskey(passkeys.person, confirmedNow, now)
      return { passkey, events: [], replayed, names: namesIn(sight.index, passkey) }
    },
  )
}

/** @returns nothing when it is no confirmation of theirs; the same again for the same key. */
async function confirmedOnce(
  { machinery }: Parts,
  actor: Actor,
  signed: SignedOrder,
  key: string | undefined,
): Promise<Answered<Extract<PasskeysHandled, { outcome: 'accepted' }>> | undefined> {
  const stored = await challengeFor(machinery.store, signed.challenge, actor.id)
  if ((stored?.content as ChallengeContent | undefined)?.for !== 'confirmation') return undefined
  return answerOnce(machinery, { actor, key, request: { signs: signed } }, async () => {
    const handled = await answerConfirmation(machinery, actor, signed)
    if (handled === undefined) throw new Error('bug: a confirmation that was there is gone')
    return handled.outcome === 'accepted' ? { accepted: handled } : { refused: handled.refusal }
  })
}

function progressOf({ usedAt, expired, outcome }: StoredChallenge): Progress {
  const state = usedAt !== undefined ? 'answered' : expired ? 'over' : 'waiting'
  return outcome === undefined ? { state } : { state, outcome: outcome as NonNullable<Progress['outcome']> }
}

function unknownChallenge(id: string) {
  return problem('unknown-challenge', `there is no challenge \`${id}\` of yours`)
}
