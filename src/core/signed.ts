/**
 * What a passkey signs: one decision by one person about exactly this. Only shapes live here; the bytes are checked in
 * `signature/`, and `decide/signed.ts` asks whether what was signed is what is being decided.
 */
import type { PersonId } from './directory.ts'
import type { Digest } from './terms.ts'
import type { Proposal } from './waiver.ts'

/** `psk_…`, of one enrolment. */
export type PasskeyId = string

/** Commands on a waiver that a passkey can sign. The others decide nothing. */
export type SignedCommand = 'endorse' | 'countersign' | 'deny' | 'activate' | 'review' | 'review-event'

/** Every member is signed over; a signature for anything else is none. */
export interface Statement {
  readonly decision: SignedCommand | 'confirm'
  /** What is decided: of a waiver, or whether somebody's new passkey is theirs. */
  readonly of: Proposal['of'] | 'passkey'
  readonly by: PersonId
  /** The waiver; for a confirmation, whose passkeys. */
  readonly about: string
  /** How many acts it followed from when it was shown; see `actsCount`. */
  readonly version: number
  /** Digest of the terms that were shown and of those that are signed; they differ exactly when it is narrowed. */
  readonly shown: Digest
  readonly signed: Digest
  /** Digest of what else was shown: see `ShownContext`. */
  readonly context: Digest
  /** Rules in force. */
  readonly policy: Digest
  /** Digest of the whole command: reason, finding, acknowledged denials. */
  readonly command: Digest
}

/**
 * The signature with everything it takes to verify it again: by anyone, later, without us. Bytes are base64url without
 * padding, exactly as they came.
 */
export interface PasskeyEvidence {
  readonly passkey: PasskeyId
  readonly credential: string
  /** COSE key of the enrolment. */
  readonly publicKey: string
  /** Id of the relying party, and the origin of the page that asked for the signature. */
  readonly relyingParty: string
  readonly origin: string
  readonly nonce: string
  readonly statement: Statement
  readonly authenticatorData: string
  readonly clientData: string
  readonly signature: string
}

/** What an authenticator hands out when somebody signs; base64url without padding. */
export interface Assertion {
  readonly credential: string
  readonly authenticatorData: string
  readonly clientData: string
  readonly signature: string
}

/** What became of a signature that came with a command, as a fact of the decision. Absent: none came. */
export type Signed =
  | { readonly outcome: 'holds'; readonly evidence: PasskeyEvidence; readonly shown: ShownContext }
  | {
      readonly outcome: 'fails'
      readonly code: 'challenge-spent' | 'signature-invalid' | 'passkey-not-in-force'
      readonly detail: string
    }

/** What whoever decides has in front of them besides the terms. It is hashed as a whole, so an order is part of it. */
export interface ShownContext {
  /** How whoever decides stands to it; for the opening of an envelope, how each of its countersigners does. */
  readonly verdicts: readonly {
    readonly person: PersonId
    readonly independent: boolean
    readonly conflicts: readonly string[]
    readonly additionalCountersigners: number
  }[]
  /** Tier in force, and how many countersignatures it takes. */
  readonly tier?: string
  readonly countersignersNeeded: number
  /** Digest of what the entitlement contains now, where the decision asks the target. */
  readonly contains?: Digest
  /** What the same people hold otherwise, and what they hold by waivers that are live now. */
  readonly held: readonly { readonly system: string; readonly entitlement: string }[]
  readonly access: readonly ShownWaiver[]
  /** Duty rules that break with this access. */
  readonly breaks: readonly string[]
  /** Other waivers of the same people, open or ended lately. */
  readonly earlier: readonly ShownWaiver[]
  /** Denials of the same. */
  readonly denials: readonly { readonly waiver: string; readonly by: PersonId; readonly reason: string }[]
}

export interface ShownWaiver {
  readonly waiver: string
  readonly system: string
  readonly entitlement: string
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  readonly start: string
  readonly end: string
  readonly open: boolean
  readonly granted: boolean
}

/** One difference between what was shown and what is now, for people and for programs. */
export interface ContextChange {
  readonly what: keyof ShownContext | 'version' | 'policy'
  /** In words, lower-case, no full stop. */
  readonly change: string
}
