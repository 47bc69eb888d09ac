/**
 * Does whoever sends this token hold the key that it is bound to (RFC 9449)? Reads the proof that came with one request
 * and checks it by itself; whether the token names this key, and whether the proof was seen before, is asked by the caller.
 */
import {
  base64url,
  type CryptoKey,
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose'

/** Asymmetric only; a proof that anybody could make proves nothing. */
export const proofAlgorithms = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'PS256', 'RS256'] as const

/** How old a proof may be, and by how much the clock of whoever made it may run ahead. */
export const proofAgeSecondsMax = 60
export const proofSkewSecondsMax = 10
const proofLengthMax = 8_192
const idLengthMax = 256

export interface Proven {
  /** RFC 7638 thumbprint of the key; the same as `cnf.jkt` of a token that is bound to it. */
  readonly thumbprint: string
  readonly id: string
  readonly issuedSeconds: number
}

export interface ProofRequest {
  /** The value of the header `DPoP`. */
  readonly proof: string
  readonly method: string
  /** The address of the request as its caller knows it; query and fragment are not looked at. */
  readonly url: string
  /** The token it came with; absent where a token is only being asked for. */
  readonly token?: string
  readonly nowSeconds: number
}

/** @returns what the proof shows, or one sentence that says why it shows nothing. Never throws for what a caller sends. */
export async function provenBy(request: ProofRequest): Promise<Proven | string> {
  const { proof } = request
  if (proof.length > proofLengthMax) return `longer than ${proofLengthMax} characters`
  // Several headers arrive joined by a comma, which no JWT contains.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof)) return 'expected exactly one proof, a signed JWT'
  try {
    const header = decodeProtectedHeader(proof)
    if (header.typ !== 'dpop+jwt') return 'its `typ` is not `dpop+jwt`'
    if (!(proofAlgorithms as readonly unknown[]).includes(header.alg))
      return 'it is signed in a way that is not accepted'
    const key = header.jwk
    if (key === undefined || isPrivate(key)) return 'its `jwk` is not a public key'
    const { payload } = await compactVerify(proof, await importJWK(key, header.alg), {
      algorithms: [...proofAlgorithms],
    })
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    const read = await readClaims(claims, request)
    return typeof read === 'string' ? read : { ...read, thumbprint: await calculateJwkThumbprint(key, 'sha256') }
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not fit'
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError)
      return 'it cannot be read'
    if (error instanceof Error && error.name === 'DataError') return 'its `jwk` is not a public key'
    throw error
  }
}

async function readClaims(
  claims: unknown,
  { method, url, token, nowSeconds }: ProofRequest,
): Promise<Omit<Proven, 'thumbprint'> | string> {
  if (typeof claims !== 'object' || claims === null) return 'it says nothing'
  const { jti, htm, htu, iat, ath } = claims as Readonly<Record<string, unknown>>
  if (typeof jti !== 'string' || jti === '' || jti.length > idLengthMax) return 'it has no `jti`'
  if (htm !== method) return 'it was made for another method'
  const asked = addressOf(url)
  if (typeof htu !== 'string' || asked === undefined || addressOf(htu) !== asked)
    return 'it was made for another address'
  if (typeof iat !== 'number' || !Number.isFinite(iat)) return 'it has no `iat`'
  if (iat < nowSeconds - proofAgeSecondsMax) return 'it is too old'
  if (iat > nowSeconds + proofSkewSecondsMax) return 'it lies ahead; compare the clocks'
  if (token !== undefined && ath !== (await tokenHashOf(token))) return 'it was made for another token'
  return { id: jti, issuedSeconds: iat }
}

function isPrivate(key: unknown): boolean {
  if (typeof key !== 'object' || key === null) return true
  return ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].some((member) => member in key)
}

/** Without query and fragment; case of scheme and host, default ports and the case of escapes mean nothing. */
function addressOf(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '') return undefined
  return `${url.origin}${url.pathname.replaceAll(/%[0-9a-f]{2}/gi, (octet) => octet.toUpperCase())}`
}

export async function tokenHashOf(token: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return base64url.encode(new Uint8Array(bytes))
}

export interface ProofKey {
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
  readonly algorithm: (typeof proofAlgorithms)[number]
}

/** What a client sends along. Each request needs one of its own. */
export async function proofFor(
  { privateKey, publicJwk, algorithm }: ProofKey,
  { method, url, token, nowSeconds }: Omit<ProofRequest, 'proof'>,
): Promise<string> {
  const { kty, crv, x, y, n, e } = publicJwk
  const jwk = Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined))
  const hash = token === undefined ? {} : { ath: await tokenHashOf(token) }
  return new SignJWT({ jti: crypto.randomUUID(), htm: method, htu: addressOf(url) ?? url, iat: nowSeconds, ...hash })
    .setProtectedHeader({ alg: algorithm, typ: 'dpop+jwt', jwk })
    .sign(privateKey)
}
