/**
 * What a browser and the authenticator behind it do: make a passkey, sign with one. What they refuse comes back as words
 * that say what to do. Nothing is decided here.
 */
import type { ChallengeView, Enrolling, Enrolment, PasskeySignature } from '../../src/client/index.ts'

export type FromDevice<Value> =
  | { readonly is: 'made'; readonly value: Value }
  | { readonly is: 'failed'; readonly why: string }

export type MadePasskey = Pick<Enrolment, 'credential' | 'attestation' | 'clientData' | 'transports'>

export const hasPasskeys =
  typeof PublicKeyCredential === 'function' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function' &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'

const tooOld = 'This browser knows no passkeys, or is too old for them. Use a current one.'

export async function makePasskey(asked: Enrolling['publicKey']): Promise<FromDevice<MadePasskey>> {
  if (!hasPasskeys) return { is: 'failed', why: tooOld }
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({
    ...asked,
    pubKeyCredParams: [...asked.pubKeyCredParams],
    excludeCredentials: asked.excludeCredentials.map(own),
  })
  return fromDevice(making, navigator.credentials.create({ publicKey }), (credential) => {
    const { id, response } = credential.toJSON() as RegistrationResponseJSON
    const { attestationObject, clientDataJSON, transports } = response
    return { credential: id, attestation: attestationObject, clientData: clientDataJSON, transports: [...transports] }
  })
}

export async function signOnDevice(asked: ChallengeView['publicKey']): Promise<FromDevice<PasskeySignature>> {
  if (!hasPasskeys) return { is: 'failed', why: tooOld }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({
    ...asked,
    allowCredentials: asked.allowCredentials.map(own),
  })
  return fromDevice(signing, navigator.credentials.get({ publicKey }), (credential) => {
    const { id, response } = credential.toJSON() as AuthenticationResponseJSON
    const { authenticatorData, clientDataJSON, signature } = response
    return { credential: id, authenticatorData, clientData: clientDataJSON, signature }
  })
}

/** The browser's types ask for lists of its own. */
function own({ id, type, transports }: ChallengeView['publicKey']['allowCredentials'][number]) {
  return { id, type, transports: [...transports] }
}

async function fromDevice<Value>(
  words: Readonly<Record<string, string>>,
  answer: Promise<Credential | null>,
  read: (credential: PublicKeyCredential) => Value,
): Promise<FromDevice<Value>> {
  try {
    const credential = await answer
    return credential instanceof PublicKeyCredential
      ? { is: 'made', value: read(credential) }
      : { is: 'failed', why: words.NotAllowedError ?? '' }
  } catch (error) {
    // Browsers say no by throwing, and say little on purpose: the name is all there is.
    if (!(error instanceof DOMException)) throw error
    return { is: 'failed', why: words[error.name] ?? `The browser could not do it (${error.name}).` }
  }
}

const elsewhere =
  'This page is not open under the address passkeys belong to. Open it under the address Countersign is known by.'

const making: Readonly<Record<string, string>> = {
  NotAllowedError: 'No passkey was made: it was cancelled, or took too long.',
  InvalidStateError: 'This device or key holds a passkey of yours already. Use another one, or the one that is there.',
  NotSupportedError: 'This device can make no passkey that asks for a finger, a face or a PIN.',
  ConstraintError: 'This device can make no passkey that asks for a finger, a face or a PIN.',
  SecurityError: elsewhere,
}

const signing: Readonly<Record<string, string>> = {
  NotAllowedError: 'Nothing was signed: it was cancelled, took too long, or none of your passkeys is at hand.',
  SecurityError: elsewhere,
}
