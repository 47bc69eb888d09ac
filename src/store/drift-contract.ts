/**
 * What we remember of looking for drift. Obligations of every implementation:
 * - A reading is claimed by one process at a time, the one that waited longest first; a claim that is never reported comes
 *   back by itself, and a report of a claim that was lost changes nothing.
 * - A reading that failed leaves when the last good one was.
 * - Findings are records like all others; here they are only read.
 */

import type { NodeId, SystemId } from '../core/directory.ts'
import type { DriftFinding, DriftId, DriftKind } from '../core/drift.ts'
import type { EntitlementId } from '../core/policy.ts'
import type { Instant } from '../core/time.ts'
import type { WaiverId } from '../core/waiver.ts'

/** The subject that is no target: looking back on waivers. */
export const habits = 'habits'

export interface ClaimedReading {
  /** A system, or `habits`. */
  readonly subject: string
  readonly attempts: number
  /** Tells this claim from a later one. */
  readonly claim: string
}

export type ReadingReport = ClaimedReading & { readonly nextInSeconds: number } & (
    | { readonly readAt: Instant; readonly content: unknown }
    | { readonly failure: string }
  )

export interface Reading {
  readonly subject: string
  readonly nextAt: Instant
  readonly triedAt?: Instant
  /** When the last good one began. */
  readonly readAt?: Instant
  /** Why the last attempt failed; absent when it did not. */
  readonly failure?: string
  /** Of the last good one, as it was reported. */
  readonly content?: unknown
}

export interface DriftFilter {
  readonly status?: DriftFinding['status']
  readonly system?: SystemId
  readonly kind?: DriftKind
  readonly kinds?: readonly DriftKind[]
  /** Id of the last one of the page before; newest first. */
  readonly after?: DriftId
  readonly limit: number
}

export interface DriftCount {
  readonly system: SystemId
  readonly kind: DriftKind
  readonly open: number
  /** Of the open ones. */
  readonly unreviewed: number
}

/** The same access given to the same holder again and again. */
export interface Habit {
  /** The beneficiary, or whoever stands behind several. */
  readonly holder: NodeId
  readonly system: SystemId
  readonly entitlement: EntitlementId
  readonly waiversCount: number
  /** The newest ones, newest first. */
  readonly waivers: readonly WaiverId[]
}

export interface EndedGrant {
  readonly grant: string
  readonly system: SystemId
  /** Counted by the checks at each use. */
  readonly usesCount: number
  /** The target showed a use. */
  readonly used: boolean
  readonly asked: boolean
}

export interface DriftStore {
  /** From now on these subjects are read from time to time, and no others. */
  keepReadings(subjects: readonly string[]): Promise<void>
  claimReadings(limit: number, leaseSeconds: number): Promise<readonly ClaimedReading[]>
  reportReading(report: ReadingReport): Promise<void>
  readings(): Promise<readonly Reading[]>
  /** Reads these at once, or all of them. @returns how many. */
  hurryReadings(subjects?: readonly string[]): Promise<number>
  findings(filter: DriftFilter): Promise<readonly DriftFinding[]>
  /** Of open findings. */
  counts(): Promise<readonly DriftCount[]>
  /** Access given at least `from` times in windows that ended after `since`. */
  repeated(since: Instant, from: number, waiversMax: number): Promise<readonly Habit[]>
  /** Holders of whose access that ended after `since` none was ever used, as far as that can be said of all of it. */
  neverUsed(since: Instant, waiversMax: number): Promise<readonly Habit[]>
  /** When a use of any override of this beneficiary was last seen, by a check at the use or on the target. */
  lastUseOf(beneficiary: NodeId): Promise<Instant | undefined>
  /** Grants that are over, and of which nobody has said yet whether they were used. */
  unjudged(limit: number): Promise<readonly EndedGrant[]>
  judge(grants: readonly { readonly grant: string; readonly use: 'used' | 'unused' | 'unknown' }[]): Promise<void>
}
