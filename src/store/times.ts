/** The moments of a waiver that are counted over months, as columns beside its state. What follows from it, and nothing else. */
import type { Instant } from '../core/time.ts'
import type { Waiver } from '../core/waiver.ts'

export interface Times {
  /** What came of the request: `countersigned`, or why it ended before. */
  readonly outcome: string | null
  readonly decidedAt: Instant | null
  readonly startedAt: Instant | null
  readonly endedAt: Instant | null
  /** When the access was seen to be gone. */
  readonly removedAt: Instant | null
  /** Since when it should be gone and was not seen to be. */
  readonly removalSince: Instant | null
}

export function timesOf({ records, end, activation, removal }: Waiver): Times {
  const approval = records.find(({ act }) => act === 'approval')
  return {
    outcome: approval === undefined ? (end?.cause ?? null) : 'countersigned',
    decidedAt: approval?.at ?? end?.at ?? null,
    startedAt: activation?.at ?? null,
    endedAt: end?.at ?? null,
    removedAt: removal.state === 'verified' ? removal.at : null,
    removalSince: removal.state === 'open' ? removal.since : null,
  }
}
