/**
 * A person's passkeys: which keys speak for them when they decide. A person enrols as many as they like; each signs nothing
 * before somebody independent of them has confirmed that it is theirs, and nothing any more once it is removed. Pure.
 */
import type { CompiledDirectory } from './compile.ts'
import type { Verdict } from './conflict.ts'
import type { NodeId, PersonId } from './directory.ts'
import type { IndependenceHistory } from './independence.ts'
import type { Policy } from './policy.ts'
import type { Refusal, RefusalCode } from './refusal.ts'
import type { PasskeyEvidence, PasskeyId, ShownContext, Signed } from './signed.ts'
import type { Digest } from './terms.ts'
import type { Instant } from './time.ts'
import type { Actor } from './waiver.ts'

export interface Passkey {
  readonly id: PasskeyId
  /** What its owner calls it. */
  readonly name: string
  /** base64url, as the authenticator gave them. */
  readonly credential: string
  readonly publicKey: string
  readonly algorithm: 'ES256' | 'EdDSA' | 'RS256'
  /** Model of the authenticator, by its own word. */
  readonly model: string
  /** Kept by a service that copies it to other devices of its owner. */
  readonly synced: boolean
  /** How browsers reach it, by its own word: `internal`, `usb`, `hybrid`. A hint and no more. */
  readonly transports: readonly string[]
  /** Of person, credential and key: what a confirmation names. */
  readonly digest: Digest
  readonly enrolledAt: Instant
  /** Unconfirmed at this instant, it never will be. */
  readonly confirmBy: Instant
  /** Its owner had one before. */
  readonly replaces: boolean
  readonly status: 'waiting' | 'confirmed' | 'removed'
  readonly confirmations: readonly { readonly by: PersonId; readonly at: Instant; readonly asFounder?: true }[]
  /** From this instant on it signs. */
  readonly effectiveAt?: Instant
  readonly removed?: { readonly by: NodeId; readonly at: Instant; readonly reason: string }
  /** Made by the sample's own authenticator, which anybody could be. */
  readonly sample?: true
}

export interface Passkeys {
  readonly person: PersonId
  readonly version: number
  readonly refusalsCount: number
  readonly passkeys: readonly Passkey[]
}

/** What an authenticator made, after its bytes were checked. */
export type NewPasskey = Pick<
  Passkey,
  'id' | 'name' | 'credential' | 'publicKey' | 'algorithm' | 'model' | 'synced' | 'transports' | 'digest' | 'sample'
>

/** The bytes of an enrolment, so that anybody can look at them again; base64url. */
export interface EnrolmentBytes {
  readonly attestation: string
  readonly clientData: string
}

export type PasskeysCommand =
  | {
      readonly type: 'enrol'
      readonly made:
        | {
            readonly outcome: 'holds'
            readonly passkey: NewPasskey
            readonly signCount: number
            readonly bytes: EnrolmentBytes
          }
        | { readonly outcome: 'fails'; readonly code: 'enrolment-invalid' | 'challenge-spent'; readonly detail: string }
    }
  | { readonly type: 'confirm'; readonly passkey: PasskeyId; readonly digest: Digest }
  | { readonly type: 'remove'; readonly passkey: PasskeyId; readonly reason: string }

export type PasskeysEvent = { readonly at: Instant; readonly by: NodeId; readonly person: PersonId } & (
  | ({
      readonly type: 'PasskeyEnrolled'
      readonly passkey: NewPasskey
      readonly bytes: EnrolmentBytes
    } & Pick<Passkey, 'confirmBy' | 'replaces'>)
  | {
      readonly type: 'PasskeyConfirmed'
      readonly passkey: PasskeyId
      readonly digest: Digest
      readonly verdict: Verdict
      readonly complete: boolean
      readonly effectiveAt: Instant
      readonly asFounder?: true
      readonly signed?: PasskeyEvidence
    }
  | { readonly type: 'PasskeyRemoved'; readonly passkey: PasskeyId; readonly reason: string }
  | {
      readonly type: 'AttemptRefused'
      readonly command: PasskeysCommand['type']
      readonly code: RefusalCode
      readonly message: string
      readonly verdict?: Verdict
    }
)

export interface PasskeysFacts {
  readonly now: Instant
  readonly actor: Actor
  /** Whose passkeys these are. */
  readonly person: PersonId
  readonly directory: CompiledDirectory
  readonly policy: Policy
  readonly policyDigest: Digest
  readonly history: IndependenceHistory
  readonly clock: 'steady' | 'went-backwards'
  /** How many founders decide together when nobody who looks after security can. */
  readonly foundersNeeded: number
  /** Somebody has enrolled this very credential before. */
  readonly known: boolean
  /** Whether whoever acts has a passkey in force, or had one until lately; then they confirm with one. */
  readonly signs: boolean
  readonly signed?: Signed
  readonly shown?: { readonly context: ShownContext; readonly contextDigest: Digest; readonly commandDigest: Digest }
}

export type PasskeysDecision =
  | { readonly outcome: 'accepted'; readonly events: readonly PasskeysEvent[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly events: readonly PasskeysEvent[] }

/** @returns whether it speaks for its owner at this moment. */
export function isInForce({ status, effectiveAt }: Passkey, now: Instant): boolean {
  return status === 'confirmed' && effectiveAt !== undefined && effectiveAt <= now
}

export function evolvePasskeys(passkeys: Passkeys | undefined, event: PasskeysEvent): Passkeys {
  const before = passkeys ?? { person: event.person, version: 0, refusalsCount: 0, passkeys: [] }
  const next = { ...before, version: before.version + 1 }
  const changed = (id: PasskeyId, change: (passkey: Passkey) => Passkey): Passkeys => ({
    ...next,
    passkeys: before.passkeys.map((one) => (one.id === id ? change(one) : one)),
  })
  switch (event.type) {
    case 'PasskeyEnrolled': {
      const { passkey, confirmBy, replaces, at } = event
      const enrolled = {
        ...passkey,
        confirmBy,
        replaces,
        enrolledAt: at,
        status: 'waiting' as const,
        confirmations: [],
      }
      return { ...next, passkeys: [...before.passkeys, enrolled] }
    }
    case 'PasskeyConfirmed': {
      const { by, at, asFounder, complete, effectiveAt } = event
      return changed(event.passkey, (passkey) => ({
        ...passkey,
        confirmations: [...passkey.confirmations, { by, at, ...(asFounder ? { asFounder } : {}) }],
        ...(complete ? { status: 'confirmed', effectiveAt } : {}),
      }))
    }
    case 'PasskeyRemoved': {
      const { by, at, reason } = event
      return changed(event.passkey, (passkey) => ({ ...passkey, status: 'removed', removed: { by, at, reason } }))
    }
    case 'AttemptRefused':
      return { ...next, refusalsCount: before.refusalsCount + 1 }
    default:
      return event satisfies never
  }
}
