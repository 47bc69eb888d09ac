/** What can be asked of a waiver, and who asks. What follows from it is for `decide.ts`. Only shapes live here. */
import type { NodeId } from '../directory.ts'
import type { ControlId } from '../policy.ts'
import type { Digest, Terms } from '../terms.ts'
import type { Instant } from '../time.ts'
import type { EventId, Finding, RecordedUses, WaiverId } from './state.ts'

/** Who acts, as established by `identity`: never a claim of the request body. */
export interface Actor {
  /** A person, a workload, or `systemActor`. */
  readonly id: NodeId
  /** For workloads: everyone in the delegation chain, outermost first. */
  readonly chain: readonly NodeId[]
  /** When this person last signed in interactively in a way that may decide; absent for everything else. */
  readonly signedInAt?: Instant
}

export type Command =
  | { readonly type: 'request'; readonly terms: Terms }
  | { readonly type: 'endorse'; readonly digest: Digest }
  | {
      readonly type: 'countersign'
      /** Digest of the terms that were shown. */
      readonly digest: Digest
      /** Narrower terms to sign instead. */
      readonly narrowed?: Terms
      /** Waivers whose denial of the same was shown. */
      readonly acknowledges: readonly WaiverId[]
    }
  | { readonly type: 'deny'; readonly digest: Digest; readonly reason: string }
  | { readonly type: 'ask-back'; readonly text: string }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'withdraw'; readonly reason: string }
  /** `account`: which of their own, when whoever opens an envelope has several on the target. */
  | { readonly type: 'activate'; readonly account?: string }
  /** `generation`: of the grant that was looked at; an old look says nothing about what is now. */
  | { readonly type: 'confirm-activation'; readonly generation?: number }
  | { readonly type: 'use'; readonly detail: string }
  /** What the checks at each use allowed since the last record. */
  | ({ readonly type: 'record-uses' } & RecordedUses)
  | { readonly type: 'request-extension'; readonly end: Instant; readonly reason: string }
  | { readonly type: 'evidence'; readonly control: ControlId; readonly text: string }
  | { readonly type: 'suspend'; readonly reason: string }
  | { readonly type: 'request-resumption'; readonly reason: string }
  | { readonly type: 'revoke'; readonly reason: string; readonly cause?: 'reference-closed' | 'deactivated' | 'killed' }
  | {
      readonly type: 'report-removal'
      readonly generation?: number
      readonly verified: boolean
      readonly residue: readonly string[]
      readonly reason: string
    }
  | {
      readonly type: 'review'
      readonly finding: Finding
      readonly note: string
      readonly residueAccepted: readonly string[]
    }
  | { readonly type: 'review-event'; readonly event: EventId; readonly finding: Finding; readonly note: string }
  /** The directory has changed: is everybody still there, and whoever countersigned a sealed envelope still outside? */
  | { readonly type: 'recheck' }
  /** Time has passed: whatever has become due happens. */
  | { readonly type: 'tick' }

export type CommandType = Command['type']
