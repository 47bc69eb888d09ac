/** Keys and names of SPIFFE: which of a bundle's keys sign tokens, and which trust domain an id belongs to. */
import { isRecord } from '../claims.ts'

/**
 * A bundle holds keys of certificates and of tokens side by side and marks both in `use`. Only those of tokens are taken,
 * without the mark: JOSE knows no such use, and would pass over them.
 */
export function bundleKeys(bundle: unknown): { keys: Record<string, unknown>[] } {
  const keys = isRecord(bundle) && Array.isArray(bundle.keys) ? bundle.keys : []
  return {
    keys: keys.flatMap((key) => {
      if (!isRecord(key) || key.use !== 'jwt-svid') return []
      const { use: _, ...rest } = key
      return [rest]
    }),
  }
}

/** @returns the trust domain of a SPIFFE ID; `undefined` for anything else. */
export function trustDomainIn(id: unknown): string | undefined {
  return typeof id === 'string' ? /^spiffe:\/\/([a-z0-9._-]{1,255})\/[^?#\s]+$/.exec(id)?.[1] : undefined
}
