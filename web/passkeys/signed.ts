/**
 * A decision that is signed by passkey: the server says what would be signed, the person sees it once more and signs, and
 * exactly that is sent. In the sample its people get their passkey on the way.
 */
import type { Answer, DecisionToSign, SignedResult, WaiverView, Written } from '../../src/client/index.ts'
import { api } from '../app/api.ts'
import { meQuery, queries, sessionQuery } from '../app/queries.ts'
import { askForSignature } from './asked.ts'
import { ownPasskeysQuery } from './queries.ts'
import { readyInSample } from './sample-authenticator.ts'

export async function decideSigned(
  waiver: string,
  decision: DecisionToSign,
  { idempotencyKey }: { readonly idempotencyKey: string },
): Promise<Answer<Written>> {
  await readyIfSample()
  const shown = await api.showDecision(waiver, decision)
  if (!shown.ok) return shown
  return written(await askForSignature(shown.value, idempotencyKey))
}

/** Opening an envelope: signed where the rules ask for a passkey. @param body on which account, for whoever has several */
export function openSigned(
  { id, obligations }: Pick<WaiverView, 'id' | 'obligations'>,
  options: { readonly idempotencyKey: string },
  body: { readonly account?: string } = {},
): Promise<Answer<Written>> {
  return obligations.passkey
    ? decideSigned(id, { decision: 'activate', ...body }, options)
    : api.activate(id, options, body)
}

/** Confirming somebody's passkey, with one's own where one has one. */
export async function confirmSigned(
  passkey: string,
  digest: string,
  { idempotencyKey }: { readonly idempotencyKey: string },
): Promise<Answer<unknown>> {
  await readyIfSample()
  const own = await queries.fetchQuery(ownPasskeysQuery)
  if (!own.passkeys.some(({ state }) => state === 'in-force'))
    return api.confirmPasskey(passkey, { digest }, { idempotencyKey })
  const shown = await api.showConfirmation(passkey, { digest })
  return shown.ok ? askForSignature(shown.value, idempotencyKey) : shown
}

async function readyIfSample(): Promise<void> {
  const [{ sample }, me] = await Promise.all([queries.ensureQueryData(sessionQuery), queries.ensureQueryData(meQuery)])
  if (!sample) return
  const own = await queries.fetchQuery({ ...ownPasskeysQuery, staleTime: 0 })
  if (own.passkeys.some(({ state }) => state === 'in-force')) return
  await readyInSample(me.id)
  await queries.invalidateQueries({ queryKey: ['passkeys'] })
}

function written(answer: Answer<SignedResult>): Answer<Written> {
  if (!answer.ok) return answer
  const { waiver, events, replayed, names } = answer.value
  if (waiver === undefined) throw new Error('a decision about a waiver led to none')
  return { ok: true, value: { waiver, events, replayed, names } }
}
