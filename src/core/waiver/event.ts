/** What can happen to a waiver. What an event changes is for `evolve.ts`. Only shapes live here. */
import type { Verdict } from '../conflict.ts'
import type { NodeId, PersonId } from '../directory.ts'
import type { Obligations } from '../obligations.ts'
import type { ControlId } from '../policy.ts'
import type { RefusalCode } from '../refusal.ts'
import type { PasskeyEvidence } from '../signed.ts'
import type { Digest, Terms } from '../terms.ts'
import type { Instant } from '../time.ts'
import type { CommandType } from './command.ts'
import type { Denial, EndCause, EventId, Finding, Proposal, RecordedUses, WaiverId } from './state.ts'

/** The facts a decision rested on, by content hash, so that it can be recomputed. */
export interface FactsReference {
  readonly directory: Digest
  readonly policy: Digest
  /** Everything else that was looked at: who acted and how, earlier waivers, history, contents of the entitlement. */
  readonly circumstances: Digest
}

/** What every event says: when, who, and (for decisions) on which facts. */
interface Common {
  readonly at: Instant
  readonly by: NodeId
  readonly facts?: FactsReference
  /** The signature by passkey of whoever decided. */
  readonly passkey?: PasskeyEvidence
}

export type WaiverEvent = Common &
  (
    | {
        readonly type: 'WaiverRequested'
        readonly chain: readonly NodeId[]
        readonly terms: Terms
        readonly digest: Digest
        readonly policy: Digest
        readonly obligations: Obligations
        readonly decideBy: Instant
        readonly continues: readonly WaiverId[]
        readonly ordinal: number
        readonly countersignersBefore: readonly PersonId[]
        readonly denialsBefore: readonly Denial[]
      }
    | {
        readonly type: 'WaiverEndorsed'
        readonly of: Proposal['of']
        readonly digest: Digest
        readonly verdict: Verdict
      }
    | {
        readonly type: 'TermsNarrowed'
        readonly from: Digest
        readonly to: Digest
        readonly terms: Terms
        readonly changes: readonly string[]
      }
    | ({ readonly type: 'WaiverCountersigned'; readonly activateBy: Instant } & Countersigned)
    | { readonly type: 'WaiverDenied'; readonly digest: Digest; readonly reason: string; readonly verdict: Verdict }
    | { readonly type: 'QuestionAsked'; readonly text: string }
    | { readonly type: 'QuestionAnswered'; readonly text: string }
    | { readonly type: 'WaiverWithdrawn'; readonly reason: string }
    | { readonly type: 'WaiverLapsed'; readonly cause: 'lapsed' | 'not-activated' }
    | { readonly type: 'ApprovalVoided'; readonly reason: string }
    /** Whoever signed is gone before it led to anything: the signature counts no more. */
    | {
        readonly type: 'SignatureVoided'
        readonly of: Proposal['of']
        readonly person: PersonId
        readonly reason: string
      }
    /** Whoever asked for more is gone: nothing is left to decide. */
    | { readonly type: 'ProposalVoided'; readonly of: 'extension' | 'resumption'; readonly reason: string }
    | {
        readonly type: 'ActivationStarted'
        readonly account: string
        readonly end: Instant
        readonly verdicts: readonly Verdict[]
        /** What an opened envelope goes on from; for everything else that was said when it was asked for. */
        readonly goesOn?: {
          readonly waivers: readonly WaiverId[]
          readonly ordinal: number
          readonly countersigners: readonly PersonId[]
        }
      }
    | { readonly type: 'AccessActivated' }
    | {
        readonly type: 'AccessUsed'
        /** How many in all. */
        readonly count: number
        readonly detail: string
        /** Present when the checks recorded it, perhaps several uses at once. */
        readonly recorded?: RecordedUses
      }
    | {
        readonly type: 'ExtensionRequested'
        readonly chain: readonly NodeId[]
        readonly terms: Terms
        readonly digest: Digest
        readonly reason: string
        readonly decideBy: Instant
      }
    | ({ readonly type: 'ExtensionCountersigned' } & Countersigned)
    | { readonly type: 'ExtensionDenied'; readonly digest: Digest; readonly reason: string; readonly verdict: Verdict }
    | { readonly type: 'ExtensionLapsed' }
    | {
        readonly type: 'ControlEvidenced'
        readonly control: ControlId
        readonly text: string
        readonly nextDueAt: Instant
      }
    | { readonly type: 'ControlMissed'; readonly control: ControlId; readonly nextDueAt: Instant }
    | { readonly type: 'AccessSuspended'; readonly reason: string }
    | {
        readonly type: 'ResumptionRequested'
        readonly chain: readonly NodeId[]
        readonly reason: string
        readonly decideBy: Instant
      }
    | ({ readonly type: 'ResumptionCountersigned' } & Countersigned)
    | { readonly type: 'ResumptionDenied'; readonly digest: Digest; readonly reason: string; readonly verdict: Verdict }
    | { readonly type: 'ResumptionLapsed' }
    | { readonly type: 'AccessRevoked'; readonly cause: EndCause; readonly reason: string }
    | { readonly type: 'AccessExpired' }
    | { readonly type: 'RemovalVerified'; readonly residue: readonly string[] }
    | { readonly type: 'RemovalFailed'; readonly reason: string }
    | { readonly type: 'ReviewOpened'; readonly dueAt: Instant }
    | { readonly type: 'ReviewOverdue' }
    | {
        readonly type: 'ReviewClosed'
        readonly finding: Finding
        readonly note: string
        readonly residueAccepted: readonly string[]
        readonly verdict: Verdict
      }
    | {
        readonly type: 'EventReviewed'
        readonly event: EventId
        readonly finding: Finding
        readonly note: string
        readonly verdict: Verdict
      }
    | {
        readonly type: 'AttemptRefused'
        readonly command: CommandType
        readonly code: RefusalCode
        readonly message: string
        readonly verdict?: Verdict
        readonly retryAt?: Instant
      }
  )

interface Countersigned {
  /** Digest of what was shown and of what was signed; they differ exactly when it was narrowed. */
  readonly saw: Digest
  readonly signed: Digest
  readonly verdict: Verdict
  /** False while further countersignatures are needed. */
  readonly complete: boolean
  readonly countersignersNeeded: number
  readonly acknowledges: readonly WaiverId[]
}

export type EventType = WaiverEvent['type']
export type EventOf<Type extends EventType> = Extract<WaiverEvent, { type: Type }>
