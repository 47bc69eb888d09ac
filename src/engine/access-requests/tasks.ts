/**
 * How a task stands: the life of its waiver, in the few words of the profile. What was approved stays approved, whatever
 * became of it since; whether it is of any use is for the next check to say.
 */
import type { TaskStatus } from '../../access-request/index.ts'
import { enforces, type RuntimeFacts } from '../../core/runtime.ts'
import { isActive, isControllerOf } from '../../core/standing.ts'
import type { Instant } from '../../core/time.ts'
import type { Actor, Waiver } from '../../core/waiver.ts'
import { type AccessRequestDesk, approvalOf, type Taken, takenOf } from './desk.ts'
import { signedApproval } from './offers.ts'

export interface Task {
  readonly taken: Taken
  readonly waiver: Waiver
  readonly status: TaskStatus
  /** Until then it can be asked about. */
  readonly expiresAt: Instant
  readonly approval?: Approval
}

export interface Approval {
  readonly id: string
  readonly approvedAt?: Instant
  readonly approvedUntil: Instant
}

export function taskStatusOf({ approvals, end }: Pick<Waiver, 'approvals' | 'end'>): TaskStatus {
  if (approvals.length > 0) return 'approved'
  if (end === undefined) return 'pending'
  const { cause } = end
  switch (cause) {
    case 'denied':
      return 'denied'
    case 'lapsed':
    case 'expired':
    case 'not-activated':
      return 'expired'
    case 'withdrawn':
    case 'revoked':
    case 'killed':
    case 'deactivated':
    case 'reference-closed':
      return 'cancelled'
    case 'voided':
    case 'spent':
      return 'failed'
    default:
      return cause satisfies never
  }
}

export function taskFor(taken: Taken, waiver: Waiver): Task {
  const status = taskStatusOf(waiver)
  const until = untilOf(waiver)
  const approvedAt = waiver.approvals[0]?.at
  return {
    taken,
    waiver,
    status,
    expiresAt: until,
    ...(status === 'approved'
      ? {
          approval: {
            id: approvalOf(taken.task),
            approvedUntil: approvedUntilOf(waiver),
            ...(approvedAt === undefined ? {} : { approvedAt }),
          },
        }
      : {}),
  }
}

/** @returns undefined for a task there is none of, or that is not the caller's to ask about: both look the same. */
export async function taskOfCaller(
  { machinery }: Pick<AccessRequestDesk, 'machinery'>,
  actor: Actor,
  id: string,
  facts: RuntimeFacts,
): Promise<Task | undefined> {
  const request = await machinery.store.accessRequests.find(id)
  const waiver = request === undefined ? undefined : await machinery.store.waivers.find(request.waiver)
  if (request === undefined || waiver === undefined || !mayFollow(actor, waiver, facts)) return undefined
  return taskFor(takenOf(request), waiver)
}

/** Signed anew each time, for the decision point that denied it. */
export function stateOf(desk: AccessRequestDesk, { taken, waiver }: Task, approval: Approval, now: Instant) {
  const { hash, members, evaluation, point } = taken.asked
  return signedApproval(
    desk,
    {
      approval: approval.id,
      task: taken.task,
      ...(evaluation === undefined ? {} : { evaluation }),
      audience: point ?? desk.issuer,
      hash,
      members,
      requester: waiver.requester,
      ...(approval.approvedAt === undefined ? {} : { approvedAt: approval.approvedAt }),
      approvedUntil: approval.approvedUntil,
    },
    now,
  )
}

/** Whoever asked and whoever it is for, with those who control them; and whoever stands in front of the system. */
function mayFollow({ id }: Actor, { requester, terms }: Waiver, { directory, policy, now }: RuntimeFacts): boolean {
  if (!isActive(directory, id, now)) return false
  const { beneficiary, access } = terms
  return (
    id === requester ||
    id === beneficiary ||
    isControllerOf(directory, id, beneficiary, now) ||
    enforces(policy, id, access.system)
  )
}

function untilOf({ activation, terms }: Waiver): Instant {
  return activation?.end ?? terms.window.end
}

/** What was ended before its time was approved until then, for whoever decides elsewhere and never hears of the end. */
function approvedUntilOf(waiver: Waiver): Instant {
  const until = untilOf(waiver)
  return waiver.end !== undefined && waiver.end.at < until ? waiver.end.at : until
}
