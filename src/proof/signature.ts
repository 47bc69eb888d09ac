/**
 * Was an act really signed by the person it names? Verifies the bytes again and looks the passkey up in the record of that
 * person's enrolments, event by event: whoever writes a decision into tables with a key of their own is found.
 */
import { evolvePasskeys, isInForce, type Passkeys, type PasskeysEvent } from '../core/passkeys.ts'
import type { PasskeyEvidence } from '../core/signed.ts'
import type { Instant } from '../core/time.ts'
import { verifyEvidence } from '../signature/index.ts'
import type { RecordedAct } from './recompute.ts'

/** Why the signature proves nothing, or why that cannot be told from what is here. */
export interface Doubt {
  readonly follows: 'no' | 'unknown'
  readonly detail: string
}

/** @param enrolments the record of the signer's passkeys; undefined when it is not here */
export async function signatureDoubt(
  evidence: PasskeyEvidence,
  { by, at }: { readonly by: string; readonly at: Instant },
  enrolments: readonly RecordedAct[] | undefined,
): Promise<Doubt | undefined> {
  const verdict = await verifyEvidence(evidence)
  if (!verdict.holds) return no(`the signature by passkey does not hold: ${verdict.problem}`)
  if (evidence.statement.by !== by) return no('it is signed by somebody else')
  if (enrolments === undefined) return unknown('whose passkey signed it cannot be told: its enrolment is not here')
  if (enrolments.some(({ altered }) => altered)) return no('the record of enrolments is not the one that was written')
  const known = passkeysAt(enrolments, at)
  const passkey = known.state?.passkeys.find(({ id }) => id === evidence.passkey)
  if (passkey === undefined && !known.complete) return unknown('the enrolment of its passkey was erased')
  const { publicKey, credential } = evidence
  const own = passkey?.publicKey === publicKey && passkey.credential === credential && isInForce(passkey, at)
  return own ? undefined : no('the passkey it is signed with was not in force')
}

function passkeysAt(
  enrolments: readonly RecordedAct[],
  at: Instant,
): { readonly state: Passkeys | undefined; readonly complete: boolean } {
  // A removal in the same millisecond came after, or the decision would have been refused.
  const before = enrolments.filter((one) => one.at < at || (one.at === at && one.type !== 'PasskeyRemoved'))
  const bodies = before.flatMap(({ body }) => (body === undefined ? [] : [body as PasskeysEvent]))
  const state = bodies.reduce<Passkeys | undefined>((known, event) => evolvePasskeys(known, event), undefined)
  return { state, complete: bodies.length === before.length }
}

function no(detail: string): Doubt {
  return { follows: 'no', detail }
}

function unknown(detail: string): Doubt {
  return { follows: 'unknown', detail }
}
