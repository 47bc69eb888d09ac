/**
 * Is this person independent of this matter? The heart: pure, total, and never satisfied by a title. It answers with
 * every conflict and the path that proves each, on the facts it is given, so that the same facts give the same answer
 * for as long as anybody wants to check.
 */
import type { CompiledDirectory } from './compile.ts'
import type { Verdict } from './conflict.ts'
import type { NodeId, PersonId, SystemId } from './directory.ts'
import type { Policy, PoolId, PoolTenure } from './policy.ts'
import type { Instant } from './time.ts'

export type Part = 'requested' | 'endorsed' | 'countersigned' | 'activated' | 'provisioned'

/** What independence is asked about: a waiver, an extension, a review, or a change to the rules, reduced to who is involved. */
export interface Matter {
  /** Person or workload that asked. */
  readonly requester: NodeId
  /** Everybody else through whom it was asked: delegation chain, invoking person. */
  readonly chain: readonly NodeId[]
  /** Person or workload that gets the access; a rota for break-glass envelopes (then everybody on it benefits). */
  readonly beneficiary: NodeId
  /** The target; absent for changes to the rules that concern no target. */
  readonly system?: SystemId
  /** Who did what earlier in the same matter. `event` is the id of the record. */
  readonly took: readonly { readonly person: NodeId; readonly part: Part; readonly event: string }[]
  /** Pools from which the deciders may come; empty: nobody is eligible. */
  readonly pools: readonly PoolId[]
  /** Ids of rules (tiers, systems, entitlements, pools, teams) this matter is decided by; a loosening of one of them counts. */
  readonly rules: readonly string[]
}

/** What happened before, as far as independence needs it. The store collects it inside the deciding transaction. */
export interface IndependenceHistory {
  /** Countersignatures of the last `reciprocal.overDays`. `askedBy`: all persons on the requesting side. */
  readonly decisions: readonly { readonly countersigner: PersonId; readonly askedBy: readonly PersonId[]; readonly at: Instant; readonly event: string }[]
  /** Changes to the rules that took effect in the last `lingerDays`. */
  readonly ruleChanges: readonly { readonly author: PersonId; readonly loosened: readonly string[]; readonly at: Instant; readonly event: string }[]
  readonly tenures: readonly PoolTenure[]
}

export const noHistory: IndependenceHistory = { decisions: [], ruleChanges: [], tenures: [] }

export declare function independence(matter: Matter, person: NodeId, directory: CompiledDirectory, history: IndependenceHistory, policy: Policy, now: Instant): Verdict
