/**
 * Everything a decision may look at besides the waiver itself, gathered by the engine inside the deciding transaction.
 * A decision that needs a fact which is not here cannot be made; a fact that could not be had is `undefined` and counts
 * as a no.
 */
import type { CompiledDirectory } from './compile.ts'
import type { PersonId, SystemId } from './directory.ts'
import type { IndependenceHistory } from './independence.ts'
import type { EntitlementId, Policy } from './policy.ts'
import type { ShownContext, Signed } from './signed.ts'
import type { Access, Digest } from './terms.ts'
import type { Instant, Window } from './time.ts'
import type { Actor, Denial, FactsReference, WaiverId } from './waiver.ts'

export interface Facts {
  /** Database clock, read once after taking the lock. */
  readonly now: Instant
  readonly actor: Actor
  readonly directory: CompiledDirectory
  readonly policies: {
    /** The policy the waiver was asked under; for a request, today's. */
    readonly asked: Policy
    readonly today: Policy
    readonly todayDigest: Digest
  }
  readonly history: IndependenceHistory
  /** Other waivers of the same controlling persons on the same system, newest first. */
  readonly earlier: readonly EarlierWaiver[]
  /** Entitlements the controlling persons hold by other means than waivers. */
  readonly held: readonly { readonly system: SystemId; readonly entitlement: EntitlementId }[]
  /** Uses that processes hold in advance and have not yet recorded; absent: none. */
  readonly leased?: number
  /** Digest of `proposedTerms(waiver, command)`, computed by the engine; undefined when the command proposes none. */
  readonly digest?: Digest
  /** Digest of what the entitlement contains now; undefined when the target did not say. */
  readonly contains?: Digest
  /** Why the target did not say. */
  readonly silence?: string
  /** What became of the signature by passkey that came with the command, if one came. */
  readonly signed?: Signed
  /** What whoever decides has in front of them now, and the digests that a signature must name; computed where one came. */
  readonly shown?: { readonly context: ShownContext; readonly contextDigest: Digest; readonly commandDigest: Digest }
  /** `went-backwards` until a founder confirms the time: nothing is given, everything is still taken away. */
  readonly clock: 'steady' | 'went-backwards'
  /** Chosen by the waiver's id: whether it is reviewed although it never gave access. */
  readonly sampled: boolean
  readonly reference: FactsReference
}

/** Another waiver, reduced to what caps, re-filing and duties are counted by. */
export interface EarlierWaiver {
  readonly id: WaiverId
  readonly open: boolean
  /** Access existed or exists because of it. */
  readonly granted: boolean
  readonly breakGlass: boolean
  readonly access: Access
  /** The window asked for, or as it really was once access has ended. */
  readonly window: Window
  /** While it is open, all of the time that it keeps others from, where access began later than it might have. */
  readonly promised?: Window
  readonly ordinal: number
  readonly countersigners: readonly PersonId[]
  readonly denial?: Denial
}
