/** What a change to the rules is, what can be asked of it and what can happen to it. Only shapes live here. */
import type { CompiledDirectory } from '../compile.ts'
import type { Verdict } from '../conflict.ts'
import type { NodeId, PersonId } from '../directory.ts'
import type { IndependenceHistory } from '../independence.ts'
import type { Policy } from '../policy.ts'
import type { Refusal } from '../refusal.ts'
import type { RuleDifference } from '../rules-diff.ts'
import type { Digest } from '../terms.ts'
import type { Instant } from '../time.ts'
import type { Actor } from '../waiver.ts'

export type ChangeId = string
export type ChangeStatus = 'proposed' | 'countersigned' | 'effective' | 'denied' | 'withdrawn' | 'superseded'

export interface Change {
  readonly id: ChangeId
  readonly version: number
  readonly status: ChangeStatus
  readonly author: PersonId
  readonly at: Instant
  readonly reason: string
  /** Revision it was made on and revision it proposes. */
  readonly base: Digest
  readonly proposed: Digest
  readonly differences: readonly RuleDifference[]
  /** People and teams that come to decide something by it. */
  readonly admits: readonly NodeId[]
  readonly countersignatures: readonly ChangeCountersignature[]
  readonly effectiveAt?: Instant
  readonly end?: { readonly by: NodeId; readonly at: Instant; readonly reason: string }
}

export interface ChangeCountersignature {
  readonly by: PersonId
  readonly at: Instant
  /** Given as a founder, because nobody in the rules pools could. */
  readonly asFounder?: boolean
  /** Approvals go back and forth between them and the author, so this one asks for so many more. */
  readonly additional?: number
}

export type ChangeCommand =
  | {
      readonly type: 'propose'
      readonly reason: string
      readonly base: Digest
      readonly proposed: Digest
      readonly differences: readonly RuleDifference[]
      readonly admits: readonly NodeId[]
    }
  | { readonly type: 'countersign'; readonly proposed: Digest }
  | { readonly type: 'deny'; readonly reason: string }
  | { readonly type: 'withdraw'; readonly reason: string }
  | { readonly type: 'tick' }

export interface ChangeStamp {
  readonly at: Instant
  readonly by: NodeId
}

export type ChangeEvent = ChangeStamp &
  (
    | ({ readonly type: 'ChangeProposed' } & Pick<Change, 'reason' | 'base' | 'proposed' | 'differences' | 'admits'>)
    | {
        readonly type: 'ChangeCountersigned'
        readonly verdict: Verdict
        readonly complete: boolean
        readonly effectiveAt: Instant
        readonly asFounder?: boolean
      }
    | { readonly type: 'ChangeDenied'; readonly reason: string; readonly verdict: Verdict }
    | { readonly type: 'ChangeWithdrawn'; readonly reason: string }
    | { readonly type: 'ChangeTookEffect' }
    /** `reason` is absent when other rules came into force meanwhile. */
    | { readonly type: 'ChangeSuperseded'; readonly reason?: string }
    | {
        readonly type: 'AttemptRefused'
        readonly command: ChangeCommand['type']
        readonly code: string
        readonly message: string
        readonly verdict?: Verdict
      }
  )

export interface ChangeFacts {
  readonly now: Instant
  readonly actor: Actor
  readonly directory: CompiledDirectory
  readonly policy: Policy
  /** Revision in force. */
  readonly current: Digest
  readonly history: IndependenceHistory
  readonly clock: 'steady' | 'went-backwards'
  /** How many founders decide together when nobody in the rules pools can. */
  readonly foundersNeeded: number
}

export type ChangeDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly ChangeEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly ChangeEvent[] }

export function isUndecidedOrWaiting({ status }: Change): boolean {
  return status === 'proposed' || status === 'countersigned'
}
