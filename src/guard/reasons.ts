/** Why a guarded resource says no: what each reason means and which answer of HTTP belongs to it. Safe to show. */
export const guardReasons = {
  'token-missing': [401, 'no token was sent'],
  'token-malformed': [401, 'this is no token of a form that is understood'],
  'token-invalid': [401, 'the token is not one that was given by the installation this resource trusts'],
  'token-expired': [401, 'the token has expired; ask for another one'],
  'audience-wrong': [401, 'the token was given for another system'],
  'token-ended': [401, 'the token, or the waiver it was given for, was ended'],
  'token-suspended': [401, 'the waiver of the token is suspended'],
  'key-not-shown': [401, 'the token is bound to a key that was not shown'],
  'key-needed': [401, 'this resource takes only tokens that are bound to a key'],
  'proof-invalid': [401, 'the DPoP proof shows nothing'],
  'proof-replayed': [401, 'the DPoP proof was used before'],
  'use-not-described': [403, 'nothing says what this request would do, so nothing covers it'],
  'outside-scope': [403, 'the terms do not reach this resource or this action'],
  'terms-not-understood': [403, 'the terms say something that this guard does not understand'],
  'resource-excluded': [403, 'the terms exclude this resource'],
  'tool-not-covered': [403, 'the terms do not allow this tool'],
  'tool-changed': [403, 'the tool is not the one that was approved'],
  'argument-not-covered': [403, 'an argument is not what the terms say it must be'],
  'delegation-too-deep': [403, 'more stand behind the use than the terms allow'],
  'outside-hours': [403, 'the terms do not allow it at this hour'],
  refused: [403, 'the installation was asked and said no'],
  'keys-unknown': [503, 'the keys of the installation cannot be read, so the token cannot be verified'],
  'status-unknown': [503, 'whether the token was ended cannot be found out'],
  'not-answered': [503, 'the installation has to be asked at each use, and did not answer'],
} as const satisfies Record<string, readonly [401 | 403 | 503, string]>

export type GuardReason = keyof typeof guardReasons

export interface Refused {
  readonly allowed: false
  readonly reason: GuardReason
  readonly status: 401 | 403 | 503
  /** One sentence, safe to show. */
  readonly message: string
  /** What the installation said, where it was asked: its reason, and how the access can be asked for. */
  readonly context?: Readonly<Record<string, unknown>>
}

export function refused(reason: GuardReason, context?: Readonly<Record<string, unknown>>): Refused {
  const [status, message] = guardReasons[reason]
  return { allowed: false, reason, status, message, ...(context === undefined ? {} : { context }) }
}
