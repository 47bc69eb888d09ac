/**
 * Does the digest belong to what is shown? Computed here, from the very terms that are on the screen, so that a server that
 * shows one thing and has another one signed is found out before anything is sent.
 */
import type { Terms } from '../../core/terms.ts'
import { termsDigest } from '../../proof/terms-digest.ts'
import { Stop } from '../stop.ts'

/** @throws {Stop} when what is shown is not what would be signed */
export function requireSameDigest(terms: Terms, digest: string): void {
  const computed = termsDigest(terms)
  if (computed === digest) return
  throw new Stop('refused', {
    kind: 'refusal',
    code: 'terms-changed',
    message: `the terms that were sent to be shown have the digest \`${computed}\`, not \`${digest}\`; nothing was decided`,
    next: 'tell whoever runs the server; this must not happen',
  })
}
