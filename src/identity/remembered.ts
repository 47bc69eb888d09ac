/**
 * Has this very token been verified a moment ago? Verifying a signature is the dearest step of a call, so the outcome is
 * kept for up to a minute, by the SHA-256 of the whole token. Only successes are kept, never whose account it is: people
 * leave, and that must count at the next call.
 */
import { hash } from 'node:crypto'
import type { VerifiedToken } from './claims.ts'

export interface RememberedTokens {
  recall(token: string): VerifiedToken | undefined
  remember(token: string, verified: VerifiedToken): void
  readonly size: number
}

/** A token whose key was withdrawn may go on counting this much longer than the key itself does. */
const rememberedMillisMax = 60_000

/** @param countMax how many tokens are kept; the longest unused one goes first */
export function rememberedTokens(countMax: number, now: () => number): RememberedTokens {
  const kept = new Map<string, { readonly verified: VerifiedToken; readonly until: number }>()
  // A gateway asks with one token many times a second; hashing it is a good part of knowing it.
  let last = { token: '', key: keyOf('') }
  const keyFor = (token: string): string => {
    if (token !== last.token) last = { token, key: keyOf(token) }
    return last.key
  }
  return {
    recall(token) {
      const key = keyFor(token)
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      kept.delete(key)
      if (entry.until <= now()) return undefined
      kept.set(key, entry)
      return entry.verified
    },
    remember(token, verified) {
      const until = Math.min(verified.expiresSeconds * 1000, now() + rememberedMillisMax)
      if (until <= now()) return
      kept.set(keyFor(token), { verified, until })
      const oldest = kept.size > countMax ? kept.keys().next() : undefined
      if (oldest?.done === false) kept.delete(oldest.value)
    },
    get size() {
      return kept.size
    },
  }
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64url')
}
