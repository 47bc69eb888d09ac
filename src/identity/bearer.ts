// Which token does a call carry? Only the Authorization header is read (RFC 6750 section 2.1): tokens in addresses end up
// in logs, and tokens in bodies can be planted by a form on another site.
import { type AuthenticationProblem, authenticationProblem } from './problem.ts'

/** What of an HTTP request matters here; Node's and Fastify's requests fit with their `headers`. */
export interface Credentials {
  readonly authorization?: string | undefined
  /** Header `DPoP`: the proof that whoever calls holds the key of the token (RFC 9449). */
  readonly dpop?: string | undefined
  /** Of the request, as the proof has to name it. */
  readonly method?: string
  readonly url?: string
  /** The token is being exchanged for another: the key that was shown for that, if one was. */
  readonly exchange?: { readonly key?: string }
}

export interface Presented {
  readonly token: string
  readonly scheme: 'bearer' | 'dpop'
}

/** Longer than any access token seen in the field; what lies beyond is not worth hashing. */
const tokenLengthMax = 16_384

export function presentedToken({ authorization }: Credentials): Presented | AuthenticationProblem {
  if (authorization === undefined || authorization === '') return authenticationProblem('token-missing')
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) +(.*)$/.exec(authorization)
  if (match === null) return authenticationProblem('token-malformed', 'expected `Bearer` and a token')
  const [, named = '', token = ''] = match
  const scheme = named.toLowerCase()
  if (scheme !== 'bearer' && scheme !== 'dpop')
    return authenticationProblem('token-malformed', 'expected the scheme `Bearer` or `DPoP`')
  if (token.length > tokenLengthMax)
    return authenticationProblem('token-malformed', `longer than ${tokenLengthMax} characters`)
  // A signed JWT in compact form has three parts; encrypted ones (five) are not accepted.
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return authenticationProblem('token-malformed', 'expected a signed JWT')
  return { token, scheme }
}
