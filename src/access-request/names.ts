/**
 * Every name of the AuthZEN Access Request and Approval Profile (working-group draft 1, 2026) that is not a member of a
 * body: what it calls its capability, problems, states, reasons and claims. The draft moves; when it does, this room does.
 */

/** Stands in the metadata of a decision point that takes requests. */
export const capability = 'urn:openid:authzen:capability:access-request'

/** Problem types, by the last word of their URN. */
export const draftProblems = {
  not_requestable: [400, 'this denial cannot be asked about'],
  expired_denial: [410, 'the offer is over; ask the check again, and take up what it offers then'],
  invalid_denial_binding: [400, 'the request does not belong to the denial it names'],
  duplicate_request: [409, 'this Idempotency-Key was used for another request'],
  unknown_task: [404, 'there is no such task, or it is not yours'],
  task_expired: [410, 'the task is over'],
  invalid_task_state: [409, 'the task is not in a state in which that can be done'],
} as const satisfies Record<string, readonly [number, string]>

export type DraftProblem = keyof typeof draftProblems

export function problemUrn(problem: DraftProblem): string {
  return `urn:openid:authzen:access-request:error:${problem}`
}

/** `pending` goes once to one of the others, and those go nowhere. */
export const taskStatuses = ['pending', 'approved', 'denied', 'expired', 'cancelled', 'failed'] as const
export type TaskStatus = (typeof taskStatuses)[number]

/** What a callback can be asked to tell. */
export const callbackEvents = ['approved', 'denied', 'expired', 'cancelled', 'failed', 'partial'] as const

/** The only way in which this profile completes: ask the check once more. */
export const reevaluate = 'reevaluate'

/** Why a check that came with an approval says no, and what to do about it. */
export const reevaluationReasons = {
  approval_expired: 'request',
  out_of_scope: 'request',
  grant_pending: 'retry',
  policy_denied: 'none',
  approval_unverifiable: 'none',
} as const satisfies Record<string, NextAction>

export type ReevaluationReason = keyof typeof reevaluationReasons
export type NextAction = 'request' | 'retry' | 'none'

/** `typ` of what is signed, so that one is never taken for the other, nor for a token. */
export const bindingType = 'access-request-binding+jwt'
export const approvalType = 'access-request-approval+jwt'

/** The part of the context that belongs to what was denied. Whatever else stands there is about the moment. */
export const boundMembers: readonly string[] = ['arguments', 'tool']

/** Members of ours, at places the draft leaves open; names without an owner are kept for its registry. */
export const ownMembers = {
  usesMax: 'urn:countersign:uses_max',
  account: 'urn:countersign:account',
  controls: 'urn:countersign:controls',
  reference: 'urn:countersign:reference',
} as const

/** Claims of ours in what is signed. */
export const ownClaims = { parties: 'urn:countersign:parties', policy: 'urn:countersign:policy' } as const
