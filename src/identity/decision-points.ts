/**
 * Whose denials may be asked about here, besides our own? Decision points that the operator names, with the keys they sign
 * with and the systems they may speak of. What is not signed by exactly one of them, by a pinned algorithm, is nobody's.
 */
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { issuerAddress, keyAddress, publicKey, signatureAlgorithms } from './config-text.ts'
import { keySourceOf } from './keys.ts'

export const decisionPointSchema = z
  .strictObject({
    issuer: issuerAddress.describe('compared byte by byte with `iss`'),
    algorithms: z.array(z.enum(signatureAlgorithms)).min(1).default(['ES256']),
    jwksUri: keyAddress.optional().describe('where its public keys are'),
    jwksFile: z.string().min(1).optional().describe('a file with its public keys'),
    jwks: z
      .looseObject({ keys: z.array(publicKey).min(1) })
      .optional()
      .describe('its public keys'),
    systems: z
      .array(z.string().regex(/^sys_[^\s]+$/, { error: 'expected the id of a system, such as `sys_ledger-db`' }))
      .min(1)
      .describe('of which its denials may be asked about here'),
  })
  .refine(({ jwksUri, jwksFile, jwks }) => [jwksUri, jwksFile, jwks].filter((one) => one !== undefined).length === 1, {
    error: 'give one of `jwksUri`, `jwksFile` and `jwks`',
  })

export type DecisionPointConfig = z.output<typeof decisionPointSchema>

type VerifyDenial = (
  token: string,
) => Promise<
  { readonly point: Pick<DecisionPointConfig, 'issuer' | 'systems'>; readonly claims: JWTPayload } | undefined
>

/** @throws when the keys cannot be read; then nothing is known of the token. Times and audience are for the caller. */
export function denialVerifier(points: readonly DecisionPointConfig[], now: () => number = Date.now): VerifyDenial {
  const known = new Map(points.map((point) => [point.issuer, { point, keys: keySourceOf(point, now) }]))
  return async (token) => {
    const found = known.get(issuerIn(token) ?? '')
    if (found === undefined) return undefined
    const { point, keys } = found
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        algorithms: [...point.algorithms],
        issuer: point.issuer,
        // Whoever asks has the time of the database.
        currentDate: new Date(0),
        clockTolerance: Number.MAX_SAFE_INTEGER,
      })
      // An access token of the same signer is no denial.
      return protectedHeader.typ === 'at+jwt' ? undefined : { point, claims: payload }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}
