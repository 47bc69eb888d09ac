/**
 * Drift as it is shown: findings with the words for them, and beside each how much is known of its target right now. What
 * could not be read is unknown, and never shown as nothing.
 */
import {
  type DriftFinding,
  driftWords,
  isHabit,
  type Knowledge,
  knowledgeNow,
  type ReadingContent,
} from '../core/drift.ts'
import { type Instant, secondsBetween } from '../core/time.ts'
import { habits, type Reading } from '../store/drift-contract.ts'
import type { DriftFindingView, DriftTargetView } from './schema/drift.ts'

export interface Readings {
  of(system: string): Reading | undefined
  readonly lookingBack: Reading | undefined
  /** Of a finding: whether what it was found by still says so. */
  knownOf(finding: DriftFinding): { readonly known: 'current' | 'unknown'; readonly seenAt?: Instant }
}

export function readingsIn(all: readonly Reading[], now: Instant): Readings {
  const bySubject = new Map(all.map((reading) => [reading.subject, reading]))
  return {
    of: (system) => bySubject.get(system),
    lookingBack: bySubject.get(habits),
    knownOf({ drift, status, end }) {
      if (status === 'ended') return { known: 'current', ...(end === undefined ? {} : { seenAt: end.at }) }
      const reading = bySubject.get(isHabit(drift) ? habits : drift.system)
      const seenAt = reading?.readAt === undefined ? {} : { seenAt: reading.readAt }
      const unread = contentOf(reading).unread.some(({ entitlement }) => entitlement === drift.entitlement)
      const known = knowledgeOf(reading, now)
      return { known: known === 'unknown' || unread ? 'unknown' : 'current', ...seenAt }
    },
  }
}

export function findingView(finding: DriftFinding, readings: Readings): DriftFindingView {
  const { id, status, drift, since, timesCount, end, review } = finding
  const { waivers, ways, ...about } = drift
  return {
    id,
    status,
    ...about,
    waivers,
    ways,
    ...driftWords(drift),
    since,
    ...readings.knownOf(finding),
    timesCount,
    ...(end === undefined ? {} : { endedAt: end.at, endedBecause: end.because }),
    ...(review === undefined ? {} : { review }),
  }
}

export function targetView(
  system: string,
  reading: Reading | undefined,
  openCount: number,
  now: Instant,
): DriftTargetView {
  const { holdingsCount, unread } = contentOf(reading)
  return {
    system,
    ...readingView(reading, openCount, now),
    ...(reading?.readAt === undefined ? {} : { holdingsCount }),
    unread,
  }
}

export function readingView(reading: Reading | undefined, openCount: number, now: Instant) {
  const { readAt, triedAt, nextAt, failure } = reading ?? {}
  return {
    known: knowledgeOf(reading, now),
    ...(readAt === undefined ? {} : { readAt, ageSeconds: Math.max(0, secondsBetween(readAt, now)) }),
    ...(triedAt === undefined ? {} : { triedAt }),
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(failure === undefined ? {} : { failure }),
    openCount,
  }
}

export function knowledgeOf(reading: Reading | undefined, now: Instant): Knowledge {
  if (reading === undefined) return 'unknown'
  const { readAt, failure } = reading
  return knowledgeNow(
    {
      ...(readAt === undefined ? {} : { readAt }),
      ...(failure === undefined ? {} : { failure }),
      unreadCount: contentOf(reading).unread.length,
    },
    now,
  )
}

/** Written by the engine with the reading. */
function contentOf(reading: Reading | undefined): ReadingContent {
  return (reading?.content ?? { holdingsCount: 0, unread: [] }) as ReadingContent
}
