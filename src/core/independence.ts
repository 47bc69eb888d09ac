/**
 * Is this person independent of this matter? The heart: pure, total, and never satisfied by a title. It answers with
 * every conflict and the path that proves each, on the facts it is given, so that the same facts give the same answer
 * for as long as anybody wants to check.
 */
import type { CompiledDirectory } from './compile.ts'
import { type Conflict, type ConflictCode, floorConflicts, policyConflicts, type Verdict } from './conflict.ts'
import type { NodeId, PersonId, SystemId } from './directory.ts'
import type { Rule } from './independence/finding.ts'
import { momentAt } from './independence/moment.ts'
import { poolsHolding } from './independence/pools.ts'
import { type PreparedMatter, prepareMatter, subjectOf } from './independence/prepare.ts'
import { inReportingLine, onRequestingRota, onRequestingTeam } from './independence/rules/colleagues.ts'
import { delegateOfConflicted } from './independence/rules/delegate.ts'
import { onGrantingTeam, operatesCountersign } from './independence/rules/granting.ts'
import { directoryTooOld, notAPerson, unresolvedIdentity } from './independence/rules/known.ts'
import { canChangeApproverPool, joinedPoolTooRecently } from './independence/rules/pool.ts'
import { loosenedTheRules, tookPartAlready } from './independence/rules/record.ts'
import {
  canChangeBeneficiary,
  controlsBeneficiary,
  inDelegationChain,
  isBeneficiary,
  isRequester,
  samePersonOtherAccount,
} from './independence/rules/requesting.ts'
import { reciprocal } from './independence/rules/ring.ts'
import type { Policy, PoolId, PoolTenure } from './policy.ts'
import type { Instant } from './time.ts'

export { type PreparedMatter, prepareMatter }

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
  readonly decisions: readonly {
    readonly countersigner: PersonId
    readonly askedBy: readonly PersonId[]
    readonly at: Instant
    readonly event: string
  }[]
  /** Changes to the rules that took effect in the last `lingerDays`. */
  readonly ruleChanges: readonly {
    readonly author: PersonId
    readonly loosened: readonly string[]
    readonly at: Instant
    readonly event: string
  }[]
  readonly tenures: readonly PoolTenure[]
}

export const noHistory: IndependenceHistory = { decisions: [], ruleChanges: [], tenures: [] }

/** What makes somebody part of the request, the granting or the deciding. A delegate of such a person is no better. */
const involvements = {
  'is-requester': isRequester,
  'is-beneficiary': isBeneficiary,
  'same-person-other-account': samePersonOtherAccount,
  'controls-beneficiary': controlsBeneficiary,
  'in-delegation-chain': inDelegationChain,
  'on-requesting-team': onRequestingTeam,
  'on-granting-team': onGrantingTeam,
  'took-part-already': tookPartAlready,
  'on-requesting-rota': onRequestingRota,
  'can-change-beneficiary': canChangeBeneficiary,
  'loosened-the-rules': loosenedTheRules,
  'operates-countersign': operatesCountersign,
} satisfies Partial<Record<ConflictCode, Rule>>

const rules: Readonly<Record<ConflictCode, Rule>> = {
  ...involvements,
  'delegate-of-conflicted': delegateOfConflicted(Object.values(involvements)),
  'can-change-approver-pool': canChangeApproverPool,
  'not-a-person': notAPerson,
  'unresolved-identity': unresolvedIdentity,
  'directory-too-old': directoryTooOld,
  'in-reporting-line': inReportingLine,
  reciprocal,
  'joined-pool-too-recently': joinedPoolTooRecently,
}

/** In the order in which conflicts are listed. */
const rulesInOrder = [...floorConflicts, ...policyConflicts].map((code) => ({ code, rule: rules[code] }))

/**
 * Every conflict of this person with this matter at this moment, each once, with the shortest path that proves it.
 * Whether the person is in a pool is not asked here: see `poolsOf` and `route`.
 */
export function independence(
  matter: Matter,
  person: NodeId,
  directory: CompiledDirectory,
  history: IndependenceHistory,
  policy: Policy,
  now: Instant,
): Verdict {
  return verdictOf(prepareMatter(matter, directory, history, policy, now), person)
}

/** The same for many people and one matter. A prepared matter holds for the moment it was prepared for, and no other. */
export function verdictOf(prepared: PreparedMatter, person: NodeId): Verdict {
  const subject = subjectOf(prepared, person)
  const conflicts: Conflict[] = []
  for (const { code, rule } of rulesInOrder) {
    const finding = rule(prepared, subject)
    if (finding !== undefined) conflicts.push({ code, ...finding })
  }
  return {
    person,
    independent: conflicts.every(({ code }) => code === 'reciprocal'),
    conflicts,
    additionalCountersigners: conflicts.some(({ code }) => code === 'reciprocal') ? 1 : 0,
  }
}

/** Those of the pools this person is in right now. An unknown or departed person is in none. */
export function poolsOf(
  person: NodeId,
  pools: readonly PoolId[],
  directory: CompiledDirectory,
  policy: Policy,
  now: Instant,
): PoolId[] {
  return poolsHolding(momentAt(directory, now), person, pools, policy)
}
