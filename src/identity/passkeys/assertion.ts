/**
 * Does a signature by passkey hold? Asked of `signature`, where anybody can ask it again later, and of SimpleWebAuthn: written
 * by others, it fails on other things. Both have to say yes.
 */
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { PasskeyEvidence } from '../../core/signed.ts'
import { challengeOf, decodeBase64url, encodeBase64url, verifyEvidence } from '../../signature/index.ts'
import type { RelyingParty } from './relying-party.ts'

type Verified =
  | { readonly outcome: 'holds'; readonly signCount: number }
  | { readonly outcome: 'fails'; readonly detail: string }

export async function verifiedEvidence({ id }: RelyingParty, evidence: PasskeyEvidence): Promise<Verified> {
  if (evidence.relyingParty !== id) return { outcome: 'fails', detail: 'relying-party-differs' }
  const verdict = await verifyEvidence(evidence)
  if (!verdict.holds) return { outcome: 'fails', detail: verdict.problem }
  const other = await secondOpinion(evidence)
  if (other !== undefined) return { outcome: 'fails', detail: other }
  return { outcome: 'holds', signCount: verdict.authenticator.signCount }
}

/** @returns why it does not hold. Counters are compared where they are kept. */
async function secondOpinion(evidence: PasskeyEvidence): Promise<string | undefined> {
  const { credential: id, authenticatorData, clientData, signature, relyingParty, origin, statement } = evidence
  const [publicKey, nonce] = [decodeBase64url(evidence.publicKey), decodeBase64url(evidence.nonce)]
  if (publicKey === undefined || nonce === undefined) return 'it cannot be read'
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { authenticatorData, clientDataJSON: clientData, signature },
      },
      expectedChallenge: encodeBase64url(await challengeOf(nonce, statement)),
      expectedOrigin: origin,
      expectedRPID: relyingParty,
      requireUserVerification: true,
      credential: { id, publicKey, counter: 0 },
    })
    return verified ? undefined : 'it does not verify'
  } catch (error) {
    // The library says no by throwing; what it says is about what was sent.
    return error instanceof Error ? error.message.slice(0, 300) : 'it cannot be read'
  }
}
