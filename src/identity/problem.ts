// Why could nobody be recognised behind a call? One closed list of codes, what each says to the caller, and the
// WWW-Authenticate header that belongs to it (RFC 6750, RFC 9449). A message never repeats a token, nor anything a key could verify.
import { proofAlgorithms } from '../tokens/index.ts'

/**
 * What kind of no it is: `unauthenticated` (sign in, or send a better token), `not-admitted` (the token is good and the
 * directory knows nobody it may act as), `unavailable` (a dependency did not answer; refused, try again later), `forged`
 * (a browser was made to call by a page that is not ours).
 */
export type ProblemKind = 'unauthenticated' | 'not-admitted' | 'unavailable' | 'forged'

const problems = {
  'token-missing': ['unauthenticated', 'no access token was sent; sign in first'],
  'token-malformed': ['unauthenticated', 'this is not an access token in a form that is understood'],
  'token-expired': ['unauthenticated', 'the token has expired; sign in again'],
  'token-not-yet-valid': ['unauthenticated', 'the token is not valid yet; compare the clocks'],
  'token-too-long-lived': ['unauthenticated', 'the token lives longer than this issuer may make one live'],
  'token-of-other-type': ['unauthenticated', 'this is not an access token; an id token or another kind was sent'],
  'token-bound': ['unauthenticated', 'the token is bound to a key that was not shown; send it as `DPoP` with a proof'],
  'token-not-bound': ['unauthenticated', 'the token is bound to no key, and has to be; ask for one with a DPoP proof'],
  'proof-invalid': ['unauthenticated', 'the DPoP proof shows nothing'],
  'proof-replayed': ['unauthenticated', 'the DPoP proof was used before; make one for each request'],
  'issuer-unknown': ['unauthenticated', 'the token comes from an issuer that is not configured'],
  'audience-wrong': ['unauthenticated', 'the token was made for another audience'],
  'algorithm-not-allowed': ['unauthenticated', 'the token is signed in a way that is not accepted'],
  'key-unknown': ['unauthenticated', 'the issuer publishes no key that fits this token'],
  'signature-invalid': ['unauthenticated', 'the signature does not fit'],
  'keys-unreachable': ['unavailable', 'the keys of the issuer could not be read, so the token cannot be verified'],
  'directory-unavailable': ['unavailable', 'the directory could not say whose account this is'],
  'account-unknown': ['not-admitted', 'no account that is known and active in the directory has this name'],
  'account-contradictory': ['not-admitted', 'the directory does not agree on whose account this is'],
  'account-unconfirmed': ['not-admitted', 'nobody independent has confirmed whose account this is'],
  'workload-unmatched': ['not-admitted', 'no rule, or more than one, says which workload a token with these claims is'],
  'client-posing-as-person': ['not-admitted', 'a client calls in its own name with the account of a person'],
  'delegation-unresolved': ['not-admitted', 'somebody in the delegation chain is not known to the directory'],
  'session-over': ['unauthenticated', 'this browser is signed in as nobody, or its session is over; sign in again'],
  'call-forged': ['forged', 'this call does not come from a page of this installation; nothing was done'],
} as const satisfies Record<string, readonly [ProblemKind, string]>

export type AuthenticationProblemCode = keyof typeof problems

export const authenticationProblemCodes = Object.keys(problems) as readonly AuthenticationProblemCode[]

/** Nobody is let in. `message` is one sentence, lower-case, safe to show. */
export interface AuthenticationProblem {
  readonly problem: AuthenticationProblemCode
  readonly kind: ProblemKind
  readonly message: string
}

export function authenticationProblem(code: AuthenticationProblemCode, detail?: string): AuthenticationProblem {
  const [kind, says] = problems[code]
  return { problem: code, kind, message: detail === undefined ? says : `${says}: ${detail}` }
}

/**
 * The WWW-Authenticate header of a refusal (RFC 6750 section 3); `undefined` where a better token would change nothing.
 * A call without any token learns only that one is needed, as section 3.1 asks.
 */
export function challengeOf({ problem, kind, message }: AuthenticationProblem): string | undefined {
  if (kind !== 'unauthenticated') return undefined
  if (problem.startsWith('proof-') || problem === 'token-bound' || problem === 'token-not-bound') {
    const error = problem.startsWith('proof-') ? 'invalid_dpop_proof' : 'invalid_token'
    const description = quotable(message)
    return `DPoP realm="countersign", error="${error}", error_description="${description}", algs="${proofAlgorithms.join(' ')}"`
  }
  const realm = 'Bearer realm="countersign"'
  if (problem === 'token-missing') return realm
  return `${realm}, error="invalid_token", error_description="${quotable(message)}"`
}

/** Only what section 3 of RFC 6750 allows inside a quoted description. */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'")
}
