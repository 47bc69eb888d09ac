/**
 * How much is known of a target right now? A reading that failed, or is old, leaves the last good one standing and is said
 * as what it is: unknown. That nothing has drifted is said only of what was read.
 */
import type { Instant } from '../time.ts'
import { secondsBetween } from '../time.ts'

/** Targets are looked at as a whole this often, and habits too. */
export const readEverySeconds = 120
/** An older reading says what was, not what is. */
export const readingSecondsMax = 900

/** What is kept of a good reading besides what was found. */
export interface ReadingContent {
  readonly holdingsCount: number
  /** Entitlements of which the target could not say who has them. */
  readonly unread: readonly { readonly entitlement: string; readonly reason: string }[]
}

export type Knowledge = 'current' | 'partial' | 'unknown'

export function knowledgeNow(
  reading: {
    readonly readAt?: Instant
    readonly failure?: string
    readonly unreadCount: number
  },
  now: Instant,
): Knowledge {
  const { readAt, failure, unreadCount } = reading
  if (readAt === undefined || failure !== undefined) return 'unknown'
  if (secondsBetween(readAt, now) > readingSecondsMax) return 'unknown'
  return unreadCount > 0 ? 'partial' : 'current'
}
