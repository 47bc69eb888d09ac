/**
 * Does the approval that came with a question apply to it? An approval is of exactly the question that was denied; for any
 * other it is none, and whoever shows it for another is told no, even if something else would cover it.
 */
import { bindingHash, type Evaluated, type ReevaluationReason } from '../../access-request/index.ts'
import type { RuntimeReason } from '../../core/runtime.ts'
import type { Instant } from '../../core/time.ts'
import type { WaiverId } from '../../core/waiver.ts'
import { type AccessRequestDesk, knownTask, taskOf } from './desk.ts'
import { isApproval } from './offers.ts'

export interface ShownApproval {
  readonly id: string
  /** As it was signed; absent: it is looked up. */
  readonly state?: string
}

export type Applies = { readonly waiver: WaiverId } | { readonly no: ReevaluationReason }

export async function applies(
  desk: AccessRequestDesk,
  { id, state }: ShownApproval,
  evaluated: Evaluated,
  now: Instant,
): Promise<Applies> {
  const task = taskOf(id)
  const taken = task === undefined ? undefined : await knownTask(desk, task)
  // What another decision point denied is for that one to decide.
  if (taken === undefined || taken.asked.point !== undefined) return { no: 'approval_unverifiable' }
  if (state !== undefined && !(await isApproval(desk, state, id, now))) return { no: 'approval_unverifiable' }
  const { hash, members } = taken.asked
  return bindingHash(evaluated, members) === hash ? { waiver: taken.waiver } : { no: 'out_of_scope' }
}

/** Why a check under an approval said no, in the words of the profile. */
export async function reevaluationReason(
  { machinery }: AccessRequestDesk,
  waiver: WaiverId,
  reason: RuntimeReason,
): Promise<ReevaluationReason | 'transient'> {
  if (transient.has(reason)) return 'transient'
  if (reason === 'grant-pending' || reason === 'too-early') return 'grant_pending'
  if (overstepped.has(reason)) return 'out_of_scope'
  if (reason === 'window-over' || reason === 'budget-spent') return 'approval_expired'
  if (reason !== 'no-waiver') return 'policy_denied'
  const found = await machinery.store.waivers.find(waiver)
  if (found === undefined || found.approvals.length === 0) return 'approval_unverifiable'
  return found.end === undefined ? 'grant_pending' : 'approval_expired'
}

const transient: ReadonlySet<RuntimeReason> = new Set([
  'not-initialised',
  'state-not-current',
  'directory-too-old',
  'budget-taken',
  'rate-reached',
  'outside-hours',
])

/** The approver may have left something out. */
const overstepped: ReadonlySet<RuntimeReason> = new Set([
  'outside-scope',
  'resource-excluded',
  'tool-not-covered',
  'tool-changed',
  'argument-not-covered',
  'delegation-too-deep',
])
