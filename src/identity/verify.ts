/**
 * Is this token what its issuer signed? Finds the one issuer that `iss` names, verifies the signature with that issuer's
 * keys and pinned algorithms, and only then reads a claim. Whatever is not clearly yes is no, with its reason.
 */
import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'
import { readClaims, skewSecondsMax, type VerifiedToken } from './claims.ts'
import type { IssuerConfig } from './config.ts'
import { type KeySource, KeysUnreachable, keySourceOf } from './keys.ts'
import { type AuthenticationProblem, authenticationProblem } from './problem.ts'

export type VerifyToken = (token: string) => Promise<VerifiedToken | AuthenticationProblem>

interface Trusted {
  readonly config: IssuerConfig
  readonly keys: KeySource
}

export function tokenVerification(issuers: readonly IssuerConfig[], audience: string, now: () => number): VerifyToken {
  const trusted = new Map(
    issuers.map((config): [string, Trusted] => [config.issuer, { config, keys: keySourceOf(config, now) }]),
  )
  const configs = new Map(issuers.map((config) => [config.issuer, config]))
  return async (token) => {
    const parts = partsOf(token)
    if (parts === undefined) return authenticationProblem('token-malformed')
    const { header, unverified } = parts
    const issuer = typeof unverified.iss === 'string' ? trusted.get(unverified.iss) : undefined
    if (issuer === undefined) return authenticationProblem('issuer-unknown')
    const payload = await verified(token, header, issuer, now())
    if ('problem' in payload) return payload
    const { claims } = payload
    const otherType = ofOtherType(header, claims, issuer.config)
    return otherType ?? readClaims(claims, issuer.config, issuer.config.audience ?? audience, configs)
  }
}

/** Nothing of this may be believed yet; it only says which keys to try. */
function partsOf(token: string): { header: ProtectedHeaderParameters; unverified: JWTPayload } | undefined {
  try {
    return { header: decodeProtectedHeader(token), unverified: decodeJwt(token) }
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

async function verified(
  token: string,
  header: ProtectedHeaderParameters,
  { config, keys }: Trusted,
  nowMillis: number,
): Promise<{ claims: JWTPayload } | AuthenticationProblem> {
  if (!(config.algorithms as readonly unknown[]).includes(header.alg))
    return authenticationProblem('algorithm-not-allowed')
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...config.algorithms],
      issuer: config.issuer,
      requiredClaims: ['exp', 'iat'],
      // Looks at `iat` as well, which must not lie ahead; how long a token may live is asked with its other claims.
      maxTokenAge: Number.MAX_SAFE_INTEGER,
      clockTolerance: skewSecondsMax,
      currentDate: new Date(nowMillis),
    })
    return { claims: payload }
  } catch (error) {
    return problemOf(error)
  }
}

function problemOf(error: unknown): AuthenticationProblem {
  if (error instanceof KeysUnreachable) return authenticationProblem('keys-unreachable')
  if (error instanceof errors.JWTExpired) return authenticationProblem('token-expired')
  if (error instanceof errors.JWTClaimValidationFailed) {
    const early = error.reason === 'check_failed' && (error.claim === 'nbf' || error.claim === 'iat')
    return authenticationProblem(
      early ? 'token-not-yet-valid' : 'token-malformed',
      early ? undefined : `\`${error.claim}\``,
    )
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return authenticationProblem('algorithm-not-allowed')
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return authenticationProblem('key-unknown')
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return authenticationProblem('signature-invalid')
  if (error instanceof errors.JOSEError) return authenticationProblem('token-malformed')
  throw error
}

/**
 * RFC 9068 marks access tokens so that nothing else passes for one. Where an issuer cannot, the marks of id, refresh and
 * logout tokens are looked for instead, which is weaker: it knows only the kinds it knows.
 */
function ofOtherType(
  { typ }: ProtectedHeaderParameters,
  claims: JWTPayload,
  { typ: allowed }: IssuerConfig,
): AuthenticationProblem | undefined {
  const type = typ?.toLowerCase().replace(/^application\//, '')
  if (type === 'at+jwt') return undefined
  const relaxed = (type === 'jwt' && allowed !== 'at+jwt') || (type === undefined && allowed === 'absent')
  const marks = ['at_hash', 'c_hash', 's_hash', 'events']
  const ownType = claims.typ
  const bearer = typeof ownType === 'string' && ownType.toLowerCase() === 'bearer'
  const otherKind = (ownType !== undefined && !bearer) || (claims.nonce !== undefined && !bearer)
  if (relaxed && !otherKind && !marks.some((mark) => claims[mark] !== undefined)) return undefined
  return authenticationProblem('token-of-other-type', allowed === 'at+jwt' ? 'expected `typ` `at+jwt`' : undefined)
}
