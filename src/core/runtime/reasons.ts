/**
 * Why a use is allowed or not, as a closed list. These are answers to machines, many a second; what people are told when
 * they act is in `refusal.ts`. A reason is safe to show to the subject and to whoever enforces; it names no policy.
 */
export const runtimeReasons = {
  covered: 'a live waiver covers this use',

  // Can anything be said at all? Each of these is a no.
  'not-initialised': 'this installation has no founders and no policy yet',
  'state-not-current': 'this process cannot say what is in force right now; ask again or ask another one',
  'clock-went-backwards': 'the clock went backwards; nothing is given until the founders confirm the time',
  'directory-too-old': 'the directory is older than even an emergency allows',

  // Who asks about whom, and about what?
  'caller-may-not-ask': 'the caller is neither the subject nor enforces this system',
  'unknown-subject': 'the directory knows nobody by this type and id',
  'subject-not-active': 'the subject, or somebody in its chain, has left or was deactivated',
  'delegation-unresolved': 'somebody in the chain of delegation is not known for certain',
  'unknown-system': 'there is no such system in the rules',
  'outside-catalogue': 'no entitlement of this system offers that action on that resource',

  // Is there a waiver, and does it reach this far?
  'no-waiver': 'no live waiver covers this; it can be asked for where an offer is attached',
  'waiver-suspended': 'the waiver that covers this is suspended',
  'grant-pending': 'the waiver is approved and its access is not there yet; ask again in a moment',
  'too-early': 'the window of the waiver has not started',
  'window-over': 'the window of the waiver is over',
  'outside-scope': 'the waiver does not reach this resource or this action',
  'resource-excluded': 'the waiver excludes this resource',
  'policy-changed': 'the rules of today no longer offer what the waiver covers',
  'account-changed': 'the account of the waiver is no longer the subject’s',
  'approver-in-chain': 'somebody who countersigned the waiver stands behind its use',

  // Is it used as the terms say?
  'delegation-too-deep': 'more stand behind the use than the terms allow',
  'outside-hours': 'the terms do not allow it at this hour',
  'tool-not-covered': 'the terms do not allow this tool',
  'tool-changed': 'the tool is not the one that was approved',
  'argument-not-covered': 'an argument is not what the terms say it must be',
  'guardrail-failed':
    'the guardrails of the organisation could not be asked about it, and what they cannot say is a no',
  'no-guardrail-permits': 'no guardrail of the organisation permits it',
  'guardrail-forbids': 'a guardrail of the organisation forbids it',
  'creates-duty-conflict': 'with what the same people did through other waivers it adds up to a conflict of duties',

  // Is anything left?
  'rate-reached': 'the waiver was used as often as its rate allows in this stretch of time',
  'budget-taken': 'what is left of the budget is held elsewhere just now; ask again in a moment',
  'budget-spent': 'the budget of the waiver is spent',
} as const

export type RuntimeReason = keyof typeof runtimeReasons

/** Of several waivers that all say no, the one that came closest to a yes says why. */
const nearness = Object.keys(runtimeReasons) as readonly RuntimeReason[]

export function nearer(a: RuntimeReason, b: RuntimeReason): RuntimeReason {
  return nearness.indexOf(b) > nearness.indexOf(a) ? b : a
}
