/**
 * Does whoever calls hold the key that their token is bound to (RFC 9449)? A token that is bound is worth nothing without
 * its proof, a proof counts once, and a scheme that promises a key is not taken for one without.
 */
import { provenBy, type SeenProofs } from '../tokens/index.ts'
import type { Credentials, Presented } from './bearer.ts'
import type { VerifiedToken } from './claims.ts'
import { type AuthenticationProblem, authenticationProblem } from './problem.ts'

/** @returns why not; `undefined` when nothing stands against it. */
export async function notHolding(
  { boundTo }: VerifiedToken,
  { token, scheme }: Presented,
  { dpop, method, url, exchange }: Credentials,
  seen: SeenProofs,
  nowMillis: number,
): Promise<AuthenticationProblem | undefined> {
  if (exchange !== undefined)
    return boundTo === undefined || boundTo === exchange.key ? undefined : authenticationProblem('token-bound')
  if (boundTo === undefined) {
    return scheme === 'dpop'
      ? authenticationProblem('token-not-bound', 'it was sent with the scheme `DPoP`')
      : undefined
  }
  if (scheme !== 'dpop' || dpop === undefined || method === undefined || url === undefined)
    return authenticationProblem('token-bound')
  const nowSeconds = nowMillis / 1000
  const proven = await provenBy({ proof: dpop, method, url, token, nowSeconds })
  if (typeof proven === 'string') return authenticationProblem('proof-invalid', proven)
  if (proven.thumbprint !== boundTo) return authenticationProblem('proof-invalid', 'it was made with another key')
  return (await seen.isNew(proven, nowSeconds)) ? undefined : authenticationProblem('proof-replayed')
}
