/**
 * What a waiver is: everything that follows from the events of one. Shapes, and what can be read from them at a glance; it is
 * changed by events alone.
 */
import type { NodeId, PersonId } from '../directory.ts'
import type { Obligations } from '../obligations.ts'
import type { ControlId } from '../policy.ts'
import type { PasskeyId } from '../signed.ts'
import type { Digest, Terms } from '../terms.ts'
import type { Instant } from '../time.ts'

/** `wvr_…`, sortable by time of asking. */
export type WaiverId = string
/** `evt_<waiver>.<version>`: follows from where the event stands, so it needs no randomness. */
export type EventId = string

/** The system itself is a named actor, never "nobody". */
export const systemActor: NodeId = 'sys_countersign'

export type Status = 'requested' | 'endorsed' | 'countersigned' | 'active' | 'suspended' | 'ended' | 'reviewed'

export type EndCause =
  | 'expired'
  | 'revoked'
  | 'spent'
  | 'denied'
  | 'withdrawn'
  | 'lapsed'
  | 'voided'
  | 'not-activated'
  | 'reference-closed'
  | 'deactivated'
  | 'killed'

/** What is waiting for a decision: the waiver itself, more time for it, or its resumption after a suspension. */
export interface Proposal {
  readonly of: 'waiver' | 'extension' | 'resumption'
  readonly askedBy: NodeId
  /** Through whom it was asked, when that was not the asker alone. */
  readonly chain: readonly NodeId[]
  readonly askedAt: Instant
  readonly terms: Terms
  readonly digest: Digest
  readonly reason: string
  /** At this instant it is too late. */
  readonly decideBy: Instant
  readonly endorsement?: Signature
  readonly countersignatures: readonly Signature[]
  /** How many countersignatures it takes; rises when reciprocal approvals ask for one more. */
  readonly countersignersNeeded: number
  readonly questions: readonly Question[]
}

export interface Signature {
  readonly by: PersonId
  readonly at: Instant
  readonly event: EventId
  /** They keep approving each other with the asking side; such a signature alone is not enough. */
  readonly inRing: boolean
  /** Digest of the terms this person saw and of those they signed (the same unless narrowed). */
  readonly saw: Digest
  readonly signed: Digest
  /** The passkey it was signed with; the signature itself stands in the event. */
  readonly passkey?: PasskeyId
}

export interface Question {
  readonly by: PersonId
  readonly at: Instant
  readonly text: string
  readonly answer?: { readonly by: NodeId; readonly at: Instant; readonly text: string }
}

/** An earlier denial of the same, shown to whoever decides next. */
export interface Denial {
  readonly waiver: WaiverId
  readonly by: PersonId
  readonly at: Instant
  readonly reason: string
}

export interface ControlState {
  readonly control: ControlId
  readonly owner: PersonId
  /** Undefined while no access is live. */
  readonly dueAt?: Instant
  readonly evidencedCount: number
  readonly missedCount: number
}

/** One act of the life, as a record that somebody else can review on its own. */
export interface ActRecord {
  readonly event: EventId
  readonly act: 'approval' | 'activation' | 'extension' | 'revocation'
  readonly by: NodeId
  readonly at: Instant
  readonly review?: { readonly by: PersonId; readonly at: Instant; readonly finding: Finding; readonly note: string }
}

export type Finding = 'justified' | 'not-justified' | 'needs-follow-up'

export type Removal =
  | { readonly state: 'not-needed' }
  | { readonly state: 'open'; readonly since: Instant; readonly failures: number; readonly lastFailure?: string }
  | { readonly state: 'verified'; readonly at: Instant; readonly residue: readonly string[] }

/** Uses that a process allowed and recorded together. */
export interface RecordedUses {
  /** Which process; a new one at every start. */
  readonly process: string
  readonly uses: number
  readonly bytes: number
  readonly lines: readonly UseLine[]
  /** The process never said what became of them; they count as used. */
  readonly lost?: true
}

/** Uses that were alike, as one line. Arguments are never recorded, only their digest. */
export interface UseLine {
  readonly action: string
  readonly resource: string
  readonly tool?: string
  readonly arguments?: Digest
  /** Delegation chain, outermost first. */
  readonly chain: readonly NodeId[]
  /** Who asked and let it through. */
  readonly enforcer: NodeId
  /** By which rules and directory guardrails let it pass, where there were any. */
  readonly judged?: JudgedBy
  readonly count: number
  readonly from: Instant
  readonly to: Instant
}

export interface JudgedBy {
  readonly policy: Digest
  readonly directory: Digest
  /** Guardrails heard arguments or bytes, and those are not kept. */
  readonly unkept?: true
}

/** Everything that follows from the events of one waiver. */
export interface Waiver {
  readonly id: WaiverId
  readonly version: number
  readonly status: Status
  readonly requester: NodeId
  /** Through whom it was asked: delegation chain, outermost first. */
  readonly chain: readonly NodeId[]
  readonly requestedAt: Instant
  /** Terms in force: asked, then narrowed, then extended. */
  readonly terms: Terms
  readonly digest: Digest
  /** Revision of the policy it was asked under; today's must allow it as well. */
  readonly policy: Digest
  readonly obligations: Obligations
  /** The waivers this one goes on from, when it follows earlier ones back to back; then it counts as an extension. */
  readonly continues: readonly WaiverId[]
  /** How many extensions came before it in that chain. */
  readonly ordinal: number
  /** People who countersigned what this continues; an extension needs somebody else. */
  readonly countersignersBefore: readonly PersonId[]
  readonly denialsBefore: readonly Denial[]
  readonly proposal?: Proposal
  /** Countersignatures that are in force, of the waiver and of its extensions. */
  readonly approvals: readonly Signature[]
  readonly endorsers: readonly PersonId[]
  readonly activateBy?: Instant
  readonly activation?: {
    readonly by: NodeId
    readonly at: Instant
    /** The account on the target; for an opened envelope the activator's own. */
    readonly account: string
    /** When the access ends; moves only by a countersigned extension. */
    readonly end: Instant
    /** When the target was seen to give the access. */
    readonly confirmedAt?: Instant
    readonly event: EventId
  }
  /** An automatic activation that was refused is not tried again before this instant. */
  readonly retryAt?: Instant
  readonly usesCount: number
  /** Absent until bytes were counted. */
  readonly bytesCount?: number
  readonly extensionsCount: number
  readonly controls: readonly ControlState[]
  readonly suspension?: { readonly by: NodeId; readonly at: Instant; readonly reason: string }
  readonly end?: { readonly cause: EndCause; readonly by: NodeId; readonly at: Instant; readonly reason: string }
  readonly removal: Removal
  readonly review?: {
    readonly dueAt: Instant
    readonly overdue: boolean
    readonly closed?: {
      readonly by: PersonId
      readonly at: Instant
      readonly finding: Finding
      readonly note: string
      readonly residueAccepted: readonly string[]
    }
  }
  readonly records: readonly ActRecord[]
  readonly refusalsCount: number
  /** Rises whenever what shall be true on the target changes; the fence of the grant. */
  readonly generation: number
}

export function eventId(waiver: WaiverId, version: number): EventId {
  return `evt_${waiver.slice(waiver.indexOf('_') + 1)}.${version}`
}

export function isOpen(waiver: Waiver): boolean {
  return waiver.status !== 'ended' && waiver.status !== 'reviewed'
}

/**
 * How many acts the waiver follows from. Refused attempts change nothing of what is decided; if they counted, anybody
 * could keep others from deciding by trying in vain.
 */
export function actsCount({ version, refusalsCount }: Waiver): number {
  return version - refusalsCount
}

/** @returns whether access may exist on the target because of this waiver. */
export function isLive(waiver: Waiver): boolean {
  return isOpen(waiver) && waiver.activation !== undefined
}
