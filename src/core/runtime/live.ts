/**
 * A waiver as a check at each use needs it: who may use it, for what, until when, and what is left. Made from the whole
 * waiver whenever that changes, so that a check compares names in sets and nothing else.
 */
import type { NodeId, PersonId, SystemId } from '../directory.ts'
import type { EntitlementId } from '../policy.ts'
import type { Conditions, Digest, WaiverKind } from '../terms.ts'
import type { Instant } from '../time.ts'
import { isLive, type Waiver, type WaiverId } from '../waiver.ts'

export interface LiveWaiver {
  readonly id: WaiverId
  readonly version: number
  readonly kind: WaiverKind
  /** Who may use it: the beneficiary, or whoever opened the envelope. */
  readonly user: NodeId
  readonly system: SystemId
  readonly entitlement: EntitlementId
  readonly account: string
  readonly resources: ReadonlySet<string>
  readonly actions: ReadonlySet<string>
  readonly conditions: Conditions
  readonly start: Instant
  readonly end: Instant
  /** `pending`: started, and the target was not yet seen to give it. */
  readonly state: 'active' | 'suspended' | 'pending'
  readonly approvers: ReadonlySet<PersonId>
  /** The duty rule that a sod-exception tolerates. */
  readonly exception?: string
  readonly usesCount: number
  readonly bytesCount: number
  readonly digest: Digest
}

/** @returns what may be used because of this waiver; undefined when nothing may, now or later without a new act. */
export function liveWaiver(waiver: Waiver): LiveWaiver | undefined {
  const { activation, terms } = waiver
  // INVARIANT: no approval, nothing to use.
  if (!isLive(waiver) || activation === undefined || waiver.approvals.length === 0) return undefined
  return {
    id: waiver.id,
    version: waiver.version,
    kind: terms.kind,
    user: terms.kind === 'break-glass' ? activation.by : terms.beneficiary,
    system: terms.access.system,
    entitlement: terms.access.entitlement,
    account: activation.account,
    resources: new Set(terms.access.resources),
    actions: new Set(terms.access.actions),
    conditions: terms.conditions,
    start: activation.at > terms.window.start ? activation.at : terms.window.start,
    end: activation.end,
    state: stateOf(waiver, activation.confirmedAt),
    approvers: new Set(waiver.approvals.map(({ by }) => by)),
    ...(terms.exception === undefined ? {} : { exception: terms.exception.rule }),
    usesCount: waiver.usesCount,
    bytesCount: waiver.bytesCount ?? 0,
    digest: waiver.digest,
  }
}

function stateOf({ status }: Waiver, confirmedAt: Instant | undefined): LiveWaiver['state'] {
  if (status === 'suspended') return 'suspended'
  return status === 'active' && confirmedAt !== undefined ? 'active' : 'pending'
}
