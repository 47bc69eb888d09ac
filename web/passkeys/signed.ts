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

/** Starting access that was countersigned: as one comes, except where an envelope is opened and the rules ask for a passkey. */
export function activateSigned(
  { id, terms, obligations }: Pick<WaiverView, 'id' | 'terms' | 'obligations'>,
  options: { readonly idempotencyKey: string },
): Promise<Answer<Written>> {
  return terms.kind === 'break-glass' && obligations.passkey
    ? decideSigned(id, { decision: 'activate' }, options)
    : api.activate(id, options)
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
