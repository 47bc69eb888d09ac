// Whose account is it? The directory answers; this room only asks. The answer is never a guess: an account that nobody
// knows, or about which sources disagree, is nobody's.
import type { NodeId } from '../core/directory.ts'

export type ResolvedAccount =
  | {
      readonly outcome: 'known'
      /** `acc_…` */
      readonly account: NodeId
      /** Whoever the account belongs to: `per_…` or `wl_…`. */
      readonly holder: NodeId
      readonly kind: 'person' | 'workload'
      /** Somebody independent, or a source that is trusted for it, has confirmed the link. */
      readonly confirmed: boolean
    }
  | { readonly outcome: 'unknown' | 'contradictory' | 'deactivated' | 'unavailable' }

/**
 * @param on key of the issuer, as configured
 * @param login the account's name there, byte by byte as the token has it
 */
export type ResolveAccount = (on: string, login: string) => ResolvedAccount | Promise<ResolvedAccount>
