/** Denied and withdrawn waivers are looked at by sample: which ones follows from their digest, so that nobody chooses. */
import type { Digest } from './terms.ts'

/** One in ten. */
export function isSampled(digest: Digest): boolean {
  return Number.parseInt(digest.slice(7, 9), 16) < 26
}
