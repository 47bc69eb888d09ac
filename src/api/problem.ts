/**
 * The only place with HTTP numbers: which no is which status, and how it looks on the wire (RFC 9457). It translates; it
 * never decides, and it never says more to the outside than the refusal, fault or bug is meant to say.
 */
import { type Refusal, type RefusalCode, refusals } from '../core/refusal.ts'
import { LogBroken } from '../engine/seal/broken.ts'
import { TargetFault } from '../engine/targets.ts'
import { StoreFault, type StoreFaultCode } from '../store/fault.ts'
import type { NotAuthenticated } from './options.ts'
import type { ProblemView } from './schema/problem.ts'

/** 403: somebody else may. 409: not now, or not any more. 422: not like this. 401: sign in again (RFC 9470). */
export const statusOfRefusal = {
  'not-initialised': 409,
  'unknown-waiver': 404,
  'unknown-person': 403,
  'unknown-beneficiary': 422,
  'unknown-system': 422,
  'unknown-entitlement': 422,
  'unknown-rule': 422,
  'unknown-record': 404,
  'unknown-control': 422,
  'unknown-passkey': 404,
  'unknown-account': 422,
  'account-needed': 422,
  'not-active-in-directory': 403,
  'workload-orphaned': 409,

  'terms-malformed': 422,
  'kind-not-offered': 422,
  'outside-entitlement': 422,
  'window-reversed': 422,
  'window-in-past': 422,
  'window-too-far-ahead': 422,
  'window-too-long': 422,
  'control-missing': 422,
  'control-owner-unfit': 422,
  'contents-unknown': 409,
  'creates-duty-conflict': 422,
  'not-a-duty-conflict': 422,
  'already-asked': 409,
  'requester-loosened-the-rules': 403,

  'may-not-ask-for-beneficiary': 403,
  'not-permitted': 403,
  'approver-is-requester': 403,
  'approver-not-independent': 403,
  'approver-not-in-pool': 403,
  'approver-decided-before': 403,
  'approver-no-longer-independent': 409,
  'one-person-counts-once': 403,
  'endorser-unfit': 403,
  'approver-never-activates': 403,
  'reviewer-not-independent': 403,
  'reviewer-not-in-pool': 403,
  'checker-is-concerned': 403,
  'no-independent-approver': 409,
  'opener-needs-higher-tier': 403,
  'not-on-rota': 403,
  'only-people-decide': 403,
  'passkey-needed': 403,
  'passkey-not-in-force': 403,
  'signature-invalid': 403,
  'enrolment-invalid': 422,
  'passkey-enrolled-before': 409,
  'passkeys-too-many': 409,
  'sign-in-not-fresh': 401,

  'not-in-this-state': 409,
  'nothing-to-decide': 409,
  'endorse-first': 409,
  'too-late': 409,
  'too-early': 409,
  'window-over': 409,
  'clock-went-backwards': 409,

  'record-altered': 409,
  'terms-changed': 409,
  'context-changed': 409,
  'challenge-spent': 409,
  'terms-widened': 422,
  'contents-changed': 409,
  'denial-not-acknowledged': 409,

  'uses-taken': 409,
  'extension-not-offered': 409,
  'extension-not-later': 422,
  'extension-count-reached': 409,
  'cumulative-time-reached': 409,

  'policy-changed': 409,

  'removal-not-verified': 409,
  'review-not-open': 409,
  'reviewed-already': 409,

  'idempotency-key-reused': 422,

  'author-is-approver': 403,
  'change-not-open': 409,
  'assertion-not-open': 409,
  'change-superseded': 409,
} as const satisfies Record<RefusalCode, number>

/** What can be wrong with a request before anybody asks whether it is allowed. */
export const requestProblems = {
  'malformed-request': [400, 'the request is not what this operation takes'],
  'not-found': [404, 'there is nothing at this address'],
  'unknown-grant': [404, 'there is no such grant'],
  'unknown-node': [404, 'the directory has no such node'],
  'unknown-assertion': [404, 'nothing of this id is on record'],
  'unknown-drift': [404, 'there is no such finding'],
  'unknown-hold': [404, 'nothing of this source is held'],
  'unknown-challenge': [404, 'there is no such challenge of yours'],
  'unknown-mitigation': [404, 'the policy has no such mitigation'],
  'unknown-change': [404, 'there is no such change to the rules'],
  'unknown-policy': [404, 'there is no such revision of the policy'],
  'method-not-allowed': [405, 'this address does not take this method'],
  'body-too-large': [413, 'the body is larger than this operation takes'],
  'unsupported-media-type': [415, 'bodies are JSON: send exactly `content-type: application/json`'],
  'request-timeout': [408, 'the request did not arrive in time'],
  'too-many-streams': [429, 'as many streams are open as one may have; close some'],
  'headers-too-large': [431, 'the headers are larger than anything we take'],
  'policy-unreadable': [422, 'the files are no policy'],
  'evidence-too-large': [
    422,
    'the record is too large to be examined here: run `countersign export`, which does it on your machine',
  ],
  'bundle-too-large': [422, 'the directory it rests on is too large for one file: ask for it without the directory'],
} as const satisfies Record<string, readonly [number, string]>

/** Nobody, or nobody known, is behind the call. What exactly is wrong stands in `reason`. */
export const authenticationProblems = {
  unauthenticated: [401, 'sign in first: the call carries no token that can be trusted'],
  'not-admitted': [403, 'the token is good, and the directory knows nobody it may act as'],
  'call-forged': [403, 'a browser was made to call by a page that is none of ours; nothing was done'],
  'identity-unavailable': [503, 'who is calling could not be found out; try again'],
} as const satisfies Record<string, readonly [number, string]>

/** Something we rely on did not do its part. Nobody was told no. */
export const faults = {
  'database-unavailable': [503, 'the database is not reachable; try again'],
  'state-not-current': [503, 'this process cannot say what is in force right now; ask again, or ask another one'],
  'disk-full': [503, 'the disk of the database is full; somebody has to make room'],
  conflict: [503, 'others were quicker several times; try again'],
  'answered-before': [503, 'the same Idempotency-Key is being answered just now; try again'],
  'commit-unknown': [503, 'whether it happened could not be found out; try again with the same Idempotency-Key'],
  'database-error': [502, 'the database refused a statement'],
  'target-unreachable': [502, 'no connector reaches the target'],
  'not-sealed': [503, 'the newest events of this are not in the log yet; try again in a second'],
  'log-broken': [502, 'the log is not what was signed; somebody has to look'],
} as const satisfies Record<
  StoreFaultCode | 'target-unreachable' | 'not-sealed' | 'log-broken' | 'state-not-current',
  readonly [number, string]
>

export const bugs = {
  'internal-error': [500, 'something went wrong on our side; the log has it under this request id'],
} as const

type RequestProblemCode = keyof typeof requestProblems
export type ProblemCode =
  | RefusalCode
  | RequestProblemCode
  | keyof typeof authenticationProblems
  | keyof typeof faults
  | keyof typeof bugs

const others: Readonly<Record<string, readonly [number, string]>> = {
  ...requestProblems,
  ...authenticationProblems,
  ...faults,
  ...bugs,
}

export interface Kind {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly family: 'refusal' | 'request' | 'authentication' | 'fault' | 'bug'
}

/** Every kind of problem there is, refusals first; what the pages under `/problems/` and the documents are made of. */
export const kinds: readonly Kind[] = [
  ...Object.entries(refusals).map(
    ([code, title]): Kind => ({
      code: code as RefusalCode,
      status: statusOfRefusal[code as RefusalCode],
      title,
      family: 'refusal',
    }),
  ),
  ...kindsOf(requestProblems, 'request'),
  ...kindsOf(authenticationProblems, 'authentication'),
  ...kindsOf(faults, 'fault'),
  ...kindsOf(bugs, 'bug'),
]

function kindsOf(table: Readonly<Record<string, readonly [number, string]>>, family: Kind['family']): Kind[] {
  return Object.entries(table).map(([code, [status, title]]) => ({ code: code as ProblemCode, status, title, family }))
}

/** A no on its way out: what is sent, and the headers that belong to it. */
export interface Problem {
  readonly body: Omit<ProblemView, 'type'> & { readonly code: ProblemCode }
  readonly headers: Readonly<Record<string, string>>
}

type More = Partial<Omit<ProblemView, 'type' | 'title' | 'status' | 'detail' | 'code'>>

/** A refusal as it is: whoever calls has already taken out what the caller may not see. */
export function refused({ code, message }: Pick<Refusal, 'code' | 'message'>, more: More = {}): Problem {
  const headers = code === 'sign-in-not-fresh' ? { 'www-authenticate': stepUp } : {}
  return { body: { title: refusals[code], status: statusOfRefusal[code], detail: message, code, ...more }, headers }
}

/** RFC 9470: the token is good, and the sign-in behind it is too old for this. */
const stepUp =
  'Bearer realm="countersign", error="insufficient_user_authentication", error_description="a decision needs a fresh interactive sign-in", max_age="300"'

export function problem(
  code: Exclude<ProblemCode, RefusalCode>,
  detail?: string,
  more: More = {},
  headers: Problem['headers'] = {},
): Problem {
  const [status, title] = others[code] as readonly [number, string]
  return { body: { title, status, detail: detail ?? title, code, ...more }, headers }
}

export function notAuthenticated({ problem: reason, kind, message, challenge }: NotAuthenticated): Problem {
  switch (kind) {
    case 'unauthenticated':
      return problem(
        'unauthenticated',
        message,
        { reason },
        { 'www-authenticate': challenge ?? 'Bearer realm="countersign"' },
      )
    case 'not-admitted':
      return problem('not-admitted', message, { reason })
    case 'forged':
      return problem('call-forged', message, { reason })
    case 'unavailable':
      return problem('identity-unavailable', message, { reason }, { 'retry-after': '5' })
    default:
      return kind satisfies never
  }
}

const retryAfterSeconds: Readonly<Partial<Record<keyof typeof faults, string>>> = {
  'database-unavailable': '2',
  'disk-full': '30',
  'state-not-current': '1',
  conflict: '1',
  'answered-before': '1',
  'commit-unknown': '1',
  'not-sealed': '1',
}

/** Something we rely on did not do its part, or has not done it yet. */
export function fault(code: keyof typeof faults): Problem {
  const after = retryAfterSeconds[code]
  return problem(code, undefined, {}, after === undefined ? {} : { 'retry-after': after })
}

/** @returns the fault behind an error, or `undefined` when it is a bug. Messages of databases and targets stay inside. */
export function faultOf(error: unknown): Problem | undefined {
  if (error instanceof TargetFault) return problem('target-unreachable')
  if (error instanceof LogBroken) return problem('log-broken', error.message)
  return error instanceof StoreFault ? fault(error.code) : undefined
}

export function isProblem(value: object): value is Problem {
  return 'body' in value && 'headers' in value
}
