/**
 * A second opinion on a signature by passkey, from SimpleWebAuthn: written by others, it fails on other things than
 * `signature/verify.ts` does. Both have to say yes.
 */
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { decodeBase64url, encodeBase64url } from '../../signature/index.ts'
import type { RelyingParty } from './relying-party.ts'

interface Assertion {
  readonly credential: string
  readonly authenticatorData: string
  readonly clientData: string
  readonly signature: string
}

/** @returns why it does not hold; counters are compared where they are kept */
export async function assertionProblem(
  { id: rpId }: RelyingParty,
  { credential: id, authenticatorData, clientData, signature }: Assertion,
  expected: { readonly publicKey: string; readonly origin: string; readonly challenge: Uint8Array },
): Promise<string | undefined> {
  const publicKey = decodeBase64url(expected.publicKey)
  if (publicKey === undefined) return 'the key cannot be read'
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { authenticatorData, clientDataJSON: clientData, signature },
      },
      expectedChallenge: encodeBase64url(expected.challenge),
      expectedOrigin: expected.origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: { id, publicKey, counter: 0 },
    })
    return verified ? undefined : 'it does not verify'
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : 'it cannot be read'
  }
}
