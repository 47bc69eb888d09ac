/**
 * Enrolling a passkey: the browser gets a challenge, makes a key, and what it sends is checked before it is anybody's. It
 * signs nothing yet.
 */
import { randomBytes } from 'node:crypto'
import type { PersonId } from '../../core/directory.ts'
import type { Passkey } from '../../core/passkeys.ts'
import type { Digest } from '../../core/terms.ts'
import type { Instant } from '../../core/time.ts'
import type { Actor } from '../../core/waiver.ts'
import { digestOf } from '../../lib/digest.ts'
import { newId } from '../../lib/id.ts'
import { encodeBase64url, nonceBytes } from '../../signature/index.ts'
import type { ChallengeId } from '../../store/contract.ts'
import { challengeFor, challengeSeconds } from '../challenges.ts'
import type { Machinery } from '../handle.ts'
import type { Registered, Registration } from '../passkey-checks.ts'
import type { ChallengeContent } from '../signing.ts'
import { type PasskeysHandled, passkeysOf, transacted } from './locked.ts'

/** What a browser needs to make a new passkey. */
export interface Enrolling {
  readonly id: ChallengeId
  readonly expiresAt: Instant
  /** base64url. */
  readonly challenge: string
  /** Those there are already, so that one authenticator is not enrolled twice. */
  readonly passkeys: readonly Passkey[]
}

export async function openEnrolment(machinery: Machinery, actor: Actor): Promise<Enrolling> {
  const id = newId('chl')
  const nonce = randomBytes(nonceBytes)
  const content: ChallengeContent = { for: 'enrolment' }
  const { expiresAt } = await machinery.store.transact((tx) =>
    tx.openChallenge({ id, person: actor.id, content, nonce }, challengeSeconds),
  )
  const kept = await passkeysOf(machinery, actor.id)
  const passkeys = kept?.passkeys.filter(({ status }) => status !== 'removed') ?? []
  return { id, expiresAt, challenge: encodeBase64url(nonce), passkeys }
}

export async function enrolPasskey(
  machinery: Machinery,
  actor: Actor,
  enrolment: { readonly challenge: ChallengeId; readonly name: string; readonly registration: Registration },
): Promise<PasskeysHandled> {
  const { challenge: id, name, registration } = enrolment
  const challenge = await challengeFor(machinery.store, id, actor.id)
  const isMeant = (challenge?.content as ChallengeContent | undefined)?.for === 'enrolment'
  const registered: Registered =
    challenge === undefined || !isMeant
      ? { outcome: 'fails', detail: 'it was not asked for' }
      : await machinery.passkeys.registered(registration, challenge.nonce)
  return transacted(machinery, actor.id, actor, undefined, async (tx) => {
    // Used up whatever comes of it: the same bytes enrol nothing twice.
    if (!(await tx.takeChallenge(id, actor.id)))
      return { type: 'enrol', made: { outcome: 'fails', code: 'challenge-spent', detail: 'ask for a new one' } }
    if (registered.outcome === 'fails')
      return { type: 'enrol', made: { outcome: 'fails', code: 'enrolment-invalid', detail: registered.detail } }
    const { made, signCount } = registered
    if (made.sample && !machinery.passkeys.relyingParty.isSample) {
      const detail = "the sample's own authenticator is for the sample alone"
      return { type: 'enrol', made: { outcome: 'fails', code: 'enrolment-invalid', detail } }
    }
    const digest = passkeyDigest(actor.id, made)
    const passkey = { id: newId('psk'), name, digest, ...made }
    const { attestation, clientData } = registration
    return { type: 'enrol', made: { outcome: 'holds', passkey, signCount, bytes: { attestation, clientData } } }
  })
}

/** What whoever confirms compares with what the owner reads to them. */
export function passkeyDigest(
  person: PersonId,
  { credential, publicKey }: Pick<Passkey, 'credential' | 'publicKey'>,
): Digest {
  return digestOf({ countersign: 'passkey/v1', person, credential, publicKey })
}
