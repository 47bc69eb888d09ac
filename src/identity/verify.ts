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
import { skewSecondsMax, type VerifiedToken } from './claims.ts'
import { KeysUnreachable } from './keys.ts'
import { type AuthenticationProblem, authenticationProblem } from './problem.ts'
import type { Trust, Trusts } from './trust.ts'

export type VerifyToken = (token: string) => Promise<VerifiedToken | AuthenticationProblem>

export function tokenVerification(trusts: Trusts, now: () => number): VerifyToken {
  return async (token) => {
    const parts = partsOf(token)
    if (parts === undefined) return authenticationProblem('token-malformed')
    const { header, unverified } = parts
    const trust = trusts.nameIn(unverified)
    if (trust === undefined) return authenticationProblem('issuer-unknown')
    const payload = await verified(token, header, trust, now())
    return 'problem' in payload ? payload : trust.read(header, payload.claims)
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
  { algorithms, issuer, keys, requiredClaims }: Trust,
  nowMillis: number,
): Promise<{ claims: JWTPayload } | AuthenticationProblem> {
  if (!(algorithms as readonly unknown[]).includes(header.alg)) return authenticationProblem('algorithm-not-allowed')
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...algorithms],
      ...(issuer === undefined ? {} : { issuer }),
      requiredClaims: [...requiredClaims],
      // Looks at `iat` as well, which must not lie ahead; how long a token may live is asked with its other claims.
      ...(requiredClaims.includes('iat') ? { maxTokenAge: Number.MAX_SAFE_INTEGER } : {}),
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
