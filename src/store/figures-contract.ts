/**
 * Figures over a period, counted by the database from what is kept for it. Obligations of every implementation: a period
 * is from its start up to, not including, its end; counting opens no state and no event, and never locks.
 */
import type { NodeId, PersonId } from '../core/directory.ts'
import type { Instant, Window } from '../core/time.ts'
import type { Waiver, WaiverId } from '../core/waiver.ts'

export interface FigureReads {
  /** @param edges in order; a stretch is between two of them */
  overTime(edges: readonly Instant[]): Promise<readonly StretchFigures[]>
  spans(period: Window): Promise<PeriodSpans>
  /** Most frequent first. */
  refusals(period: Window): Promise<readonly { readonly code: string; readonly count: number }[]>
  /** How it stands now. */
  standing(now: Instant): Promise<StandingCounts>
  /** Who approved for whom: those who did so for each other first, then the most frequent. */
  approvals(period: Window, limit: number): Promise<ApprovalPairs>
  /** Access that should be gone and was not yet seen to be, the oldest first; `after` is the last of the page before. */
  openRemovals(page: {
    readonly after?: { readonly since: Instant; readonly id: WaiverId }
    readonly limit: number
  }): Promise<readonly Waiver[]>
}

export interface StretchFigures {
  readonly asked: number
  readonly countersigned: number
  readonly denied: number
  /** Nobody decided in time, withdrawn, or void before it led to anything. */
  readonly undecided: number
  readonly refusedAttempts: number
  readonly envelopesOpened: number
  /** Seconds from being asked for to being decided; absent where nothing was decided. */
  readonly decidedMedianSeconds?: number
}

/** Of some lengths of time, in seconds. */
export interface Spread {
  readonly count: number
  readonly median?: number
  readonly slowestTenth?: number
  readonly longest?: number
  /** How many took at most so long and longer than the one before; the last one has no limit. */
  readonly steps: readonly { readonly secondsMax?: number; readonly count: number }[]
}

export interface PeriodSpans {
  /** From being asked for to being countersigned or denied. */
  readonly decided: Spread
  /** From the start of access to its end, of access that ended in the period. */
  readonly open: Spread
  /** From the end of access to its being seen to be gone. */
  readonly removed: Spread
}

export interface StandingCounts {
  readonly open: number
  /** Access that may exist on a target. */
  readonly live: number
  readonly reviewsOpen: number
  readonly reviewsOverdue: number
  readonly removalsOpen: number
}

export interface ApprovalPairs {
  readonly pairs: readonly {
    readonly countersigner: PersonId
    /** On the asking side. */
    readonly person: NodeId
    readonly count: number
    /** How often the other way round. */
    readonly back: number
    readonly lastAt: Instant
  }[]
  /** Pairs there are, also beyond those listed. */
  readonly pairsCount: number
  /** Of them, those who approved for each other; each two counted once. */
  readonly mutualCount: number
}
