/**
 * Did an authenticator really make this passkey, just now, for this site, with its owner recognised? Checked by
 * SimpleWebAuthn; single use and whose it is are ours. What is kept is only what a later signature is verified with.
 */
import { verifyRegistrationResponse } from '@simplewebauthn/server'
import {
  type Algorithm,
  coseAlgorithms,
  decodeBase64url,
  encodeBase64url,
  readClientData,
  readPublicKey,
} from '../../signature/index.ts'
import type { RelyingParty } from './relying-party.ts'
import { sampleModel } from './sample-model.ts'

export interface Registration {
  readonly id: string
  readonly attestation: string
  readonly clientData: string
  readonly transports: readonly string[]
}

export interface Made {
  readonly credential: string
  readonly publicKey: string
  readonly algorithm: Algorithm
  readonly model: string
  readonly synced: boolean
  readonly transports: readonly string[]
  readonly sample?: true
}

type Registered =
  | { readonly outcome: 'holds'; readonly made: Made; readonly signCount: number }
  | { readonly outcome: 'fails'; readonly detail: string }

/** @param challenge the bytes the browser was given */
export async function checkRegistration(
  { id: rpId, origins }: RelyingParty,
  { id, attestation, clientData, transports }: Registration,
  challenge: Uint8Array,
): Promise<Registered> {
  const page = readClientData(decodeBase64url(clientData) ?? new Uint8Array())
  if (page === undefined) return fails('the client data cannot be read')
  if (page.framed) return fails('the page stood in a frame of another')
  const info = await verified(rpId, origins, { id, attestation, clientData }, challenge)
  if (typeof info === 'string') return fails(info)
  const { credential, aaguid, credentialBackedUp } = info
  const key = readPublicKey(new Uint8Array(credential.publicKey))
  if (key === undefined) return fails('a key of this kind is not known here')
  const made: Made = {
    credential: credential.id,
    publicKey: encodeBase64url(credential.publicKey),
    algorithm: key.algorithm,
    model: aaguid,
    synced: credentialBackedUp,
    transports,
    ...(aaguid === sampleModel ? { sample: true } : {}),
  }
  return { outcome: 'holds', made, signCount: credential.counter }
}

async function verified(
  rpId: string,
  origins: readonly string[],
  { id, attestation, clientData }: Pick<Registration, 'id' | 'attestation' | 'clientData'>,
  challenge: Uint8Array,
) {
  const response = { attestationObject: attestation, clientDataJSON: clientData }
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response },
      expectedChallenge: encodeBase64url(challenge),
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: Object.values(coseAlgorithms),
    })
    if (!verified || registrationInfo === undefined) return 'the attestation does not hold'
    return registrationInfo.credential.id === id ? registrationInfo : 'the credential has another id'
  } catch (error) {
    // The library says no by throwing; what it says is about what was sent.
    return error instanceof Error ? error.message : 'it cannot be read'
  }
}

function fails(detail: string): Registered {
  return { outcome: 'fails', detail: detail.slice(0, 300) }
}
