/**
 * Who is calling? `createTokenVerifier` reads the access token of a call, verifies it, and asks the directory whose
 * account it names. It supplies facts and judges none of them: whether a sign-in is fresh enough, whether somebody may do
 * something, is decided where decisions are made. Nobody ever gets in because something could not be found out.
 */
import { type SeenProofs, seenProofs } from '../tokens/index.ts'
import type { KnowsWorkload, ResolveAccount } from './account.ts'
import { type Authenticated, actorOf } from './actor.ts'
import { type Credentials, presentedToken } from './bearer.ts'
import { notHolding } from './bound.ts'
import { type IssuerConfig, issuerConflicts } from './config.ts'
import type { AuthenticationProblem } from './problem.ts'
import { rememberedTokens } from './remembered.ts'
import { trustIn } from './trust.ts'
import { tokenVerification } from './verify.ts'
import type { WorkloadTrust } from './workloads/index.ts'

export interface TokenVerifierOptions {
  readonly issuers: readonly IssuerConfig[]
  /** Issuers whose tokens name workloads, and by which claims. */
  readonly workloads?: readonly WorkloadTrust[]
  /** What tokens must be made for, unless their issuer's entry says otherwise: the public address of the installation. */
  readonly audience: string
  readonly resolveAccount: ResolveAccount
  /** Without it no rule names anybody. */
  readonly knowsWorkload?: KnowsWorkload
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Proofs that were used; absent: remembered by this verifier alone. */
  readonly seen?: SeenProofs
  /** How many verified tokens are remembered, for up to a minute each. 0 verifies every time. */
  readonly rememberedCountMax?: number
}

export interface TokenVerifier {
  /**
   * Never throws for anything a caller can send. @throws what `resolveAccount` throws; then nobody is let in either.
   * Measured on two cores, busy with other work: 3 to 5 µs for a remembered token, 50 to 210 µs for a new one.
   */
  authenticate(credentials: Credentials): Promise<Authenticated | AuthenticationProblem>
}

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuers, workloads = [], audience, now = () => Date.now(), rememberedCountMax = 10_000 } = options
  const [conflict] = issuerConflicts([...issuers, ...workloads])
  if (conflict !== undefined) throw new TypeError(conflict.message)
  const verify = tokenVerification(trustIn(issuers, workloads, audience, now), now)
  const remembered = rememberedTokens(rememberedCountMax, now)
  const { resolveAccount, knowsWorkload, seen = seenProofs() } = options
  return {
    async authenticate(credentials) {
      const presented = presentedToken(credentials)
      if ('problem' in presented) return presented
      const { token } = presented
      const known = remembered.recall(token)
      const verified = known ?? (await verify(token))
      if ('problem' in verified) return verified
      if (known === undefined) remembered.remember(token, verified)
      const no = await notHolding(verified, presented, credentials, seen, now())
      if (no !== undefined) return no
      const found = await actorOf(verified, resolveAccount, knowsWorkload)
      const { boundTo: key } = verified
      return 'problem' in found || key === undefined ? found : { ...found, key }
    },
  }
}
