/**
 * Did this passkey sign this statement? Pure: evidence in, verdict out, on Node and in a browser, with no database and no
 * trust in whoever hands the evidence over. Whether the passkey was that person's is for the record of enrolments to say,
 * and whether the statement is what was decided for `core/decide/signed.ts`.
 */
import type { PasskeyEvidence } from '../core/signed.ts'
import { type AuthenticatorData, readAuthenticatorData } from './authenticator-data.ts'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { challengeOf, nonceBytes } from './challenge.ts'
import { readClientData } from './client-data.ts'
import { rawFromDer } from './ecdsa.ts'
import { type PublicKey, readPublicKey } from './public-key.ts'

/** Why evidence proves nothing. Stable: callers may switch on it. */
export type SignatureProblem =
  | 'malformed'
  | 'not-an-assertion'
  | 'challenge-differs'
  | 'origin-differs'
  | 'relying-party-differs'
  | 'nobody-present'
  | 'nobody-verified'
  | 'key-unknown'
  | 'signature-wrong'

export type SignatureVerdict =
  | { readonly holds: true; readonly authenticator: AuthenticatorData }
  | { readonly holds: false; readonly problem: SignatureProblem }

type Bytes = Uint8Array<ArrayBuffer>

export async function verifyEvidence(evidence: PasskeyEvidence): Promise<SignatureVerdict> {
  const nonce = decodeBase64url(evidence.nonce)
  const clientData = decodeBase64url(evidence.clientData)
  const authenticatorData = decodeBase64url(evidence.authenticatorData)
  const signature = decodeBase64url(evidence.signature)
  const cose = decodeBase64url(evidence.publicKey)
  if (!nonce || !clientData || !authenticatorData || !signature || !cose) return no('malformed')
  if (nonce.length !== nonceBytes) return no('malformed')
  const page = await pageProblem(evidence, nonce, clientData)
  if (page !== undefined) return no(page)
  const authenticator = readAuthenticatorData(authenticatorData)
  if (authenticator === undefined) return no('malformed')
  const person = await authenticatorProblem(evidence, authenticator)
  if (person !== undefined) return no(person)
  const key = readPublicKey(cose)
  if (key === undefined) return no('key-unknown')
  const signedOver = joined(authenticatorData, await sha256(clientData))
  return (await isSigned(key, signature, signedOver)) ? { holds: true, authenticator } : no('signature-wrong')
}

/** The page that asked for it, and what it asked to have signed. */
async function pageProblem(
  { origin, relyingParty, statement }: PasskeyEvidence,
  nonce: Bytes,
  clientData: Bytes,
): Promise<SignatureProblem | undefined> {
  const page = readClientData(clientData)
  if (page === undefined) return 'malformed'
  if (page.type !== 'webauthn.get') return 'not-an-assertion'
  if (page.challenge !== encodeBase64url(await challengeOf(nonce, statement))) return 'challenge-differs'
  if (page.origin !== origin || page.framed) return 'origin-differs'
  return isWithin(origin, relyingParty) ? undefined : 'relying-party-differs'
}

async function authenticatorProblem(
  { relyingParty }: PasskeyEvidence,
  { relyingPartyHash, userPresent, userVerified }: AuthenticatorData,
): Promise<SignatureProblem | undefined> {
  const expected = await sha256(new TextEncoder().encode(relyingParty))
  if (encodeBase64url(relyingPartyHash) !== encodeBase64url(expected)) return 'relying-party-differs'
  if (!userPresent) return 'nobody-present'
  return userVerified ? undefined : 'nobody-verified'
}

/** A page may speak for its own host and for a parent of it, as browsers have it. */
function isWithin(origin: string, relyingParty: string): boolean {
  const url = URL.parse(origin)
  if (url === null || url.origin !== origin) return false
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === 'localhost')
  return secure && (url.hostname === relyingParty || url.hostname.endsWith(`.${relyingParty}`))
}

async function isSigned({ algorithm, jwk }: PublicKey, signature: Bytes, message: Bytes): Promise<boolean> {
  const { subtle } = globalThis.crypto
  const { importing, verifying } = parameters[algorithm]
  const raw = algorithm === 'ES256' ? rawFromDer(signature) : signature
  if (raw === undefined) return false
  try {
    const key = await subtle.importKey('jwk', jwk, importing, false, ['verify'])
    return await subtle.verify(verifying, key, raw, message)
  } catch (error) {
    // Numbers that are no point of the curve, or no key at all.
    if (error instanceof DOMException) return false
    throw error
  }
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const ed25519 = { name: 'Ed25519' }
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const parameters: Readonly<
  Record<PublicKey['algorithm'], { importing: typeof rsa | typeof ed25519; verifying: typeof rsa | typeof ed25519 }>
> = {
  ES256: { importing: ecdsa, verifying: ecdsa },
  EdDSA: { importing: ed25519, verifying: ed25519 },
  RS256: { importing: rsa, verifying: rsa },
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))
}

function joined(first: Bytes, second: Bytes): Bytes {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}

function no(problem: SignatureProblem): SignatureVerdict {
  return { holds: false, problem }
}
