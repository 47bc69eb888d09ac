/**
 * The client of somebody who signs what they decide: shows the decision, signs it, and hands in what was shown. It goes the
 * way a page goes in a browser; what the server refuses without a signature it refuses here as well.
 */
import type {
  Answer,
  ChallengeView,
  Client,
  DecisionToSign,
  PasskeySignature,
  WriteOptions,
  Written,
} from '../client/index.ts'

export interface Signer {
  /** Asked before anything is shown: a passkey of theirs is in force afterwards, if they can get one at all. */
  ready(waiver: string, decision: DecisionToSign['decision']): Promise<void>
  /** Signs what is shown. */
  sign(challenge: ChallengeView): PasskeySignature
}

export function signingClient(client: Client, signer: Signer): Client {
  const decide = async (id: string, body: DecisionToSign, call?: WriteOptions): Promise<Answer<Written>> => {
    await signer.ready(id, body.decision)
    const challenge = await client.showDecision(id, body)
    if (!challenge.ok) return challenge
    return asWritten(await client.sign(challenge.value.id, signer.sign(challenge.value), call))
  }
  const signed =
    <Body extends object>(decision: DecisionToSign['decision']) =>
    (id: string, body: Body, call?: WriteOptions) =>
      decide(id, { decision, ...body } as DecisionToSign, call)
  return {
    ...client,
    endorse: signed('endorse'),
    countersign: signed('countersign'),
    deny: signed('deny'),
    review: signed('review'),
    async activate(id, call, body = {}) {
      // What was countersigned for oneself is started without a signature; an envelope is opened with one.
      const detail = await client.waiver(id)
      const opens = detail.ok && detail.value.waiver.terms.kind === 'break-glass'
      return opens ? decide(id, { decision: 'activate', ...body }, call) : client.activate(id, call, body)
    },
    reviewEvent: (id, event, body, call) => decide(id, { decision: 'review-event', event, ...body }, call),
  }
}

function asWritten(answer: Awaited<ReturnType<Client['sign']>>): Answer<Written> {
  if (!answer.ok) return answer
  const { waiver, events, replayed, names } = answer.value
  if (waiver === undefined) throw new Error('bug: a decision about a waiver led to none')
  return { ok: true, value: { waiver, events, replayed, names } }
}
