/**
 * Where does one sign in? Finds the issuer's endpoints by its discovery document. Plain http is spoken only to an issuer on
 * this very machine; anywhere else somebody on the way could hand out tokens in their own name.
 */
import * as openid from 'openid-client'
import { SignInError } from './sign-in-error.ts'

export interface SignInAt {
  /** Exactly as its tokens spell it. */
  readonly issuer: string
  readonly clientId: string
  /** What the token is to be made for. */
  readonly audience: string
  /** Default `openid`; some issuers name the audience here, e.g. `openid api://countersign/.default`. */
  readonly scope?: string
  /** How the issuer wants to hear the audience: RFC 8707 `resource` (default), the older `audience`, or not at all. */
  readonly audienceParameter?: 'resource' | 'audience' | 'none'
}

/** What a sign-in yields. Whoever holds `accessToken` acts as that person until `expiresAt`. */
export interface SignedIn {
  readonly accessToken: string
  /** ISO 8601 in UTC. */
  readonly expiresAt: string
  readonly issuer: string
  readonly clientId: string
  /** What the issuer calls the person, and a name to show; only to be shown, the server finds out for itself. */
  readonly subject?: string
  readonly name?: string
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])
const requestSecondsMax = 10
/** RFC 6749 lets a server leave out how long a token lives; then it is asked again soon. */
const expiresInSecondsDefault = 300

export async function issuerAt({ issuer, clientId }: SignInAt): Promise<openid.Configuration> {
  const address = URL.parse(issuer)
  const local = address?.protocol === 'http:' && loopbackNames.has(address.hostname)
  if (address === null || (address.protocol !== 'https:' && !local)) {
    throw new SignInError(
      'issuer-insecure',
      `the issuer \`${issuer}\` is not on https; ask your operators for its https address`,
    )
  }
  try {
    return await openid.discovery(address, clientId, undefined, openid.None(), {
      timeout: requestSecondsMax,
      execute: local ? [openid.allowInsecureRequests] : [],
    })
  } catch (cause) {
    throw new SignInError(
      'issuer-unreachable',
      `the issuer \`${issuer}\` could not be asked; is it up, and spelled right?`,
      cause,
    )
  }
}

/** Parameters that ask for the audience, in each request that takes them. */
export function audienceOf({ audience, audienceParameter = 'resource' }: SignInAt): Record<string, string> {
  return audienceParameter === 'none' ? {} : { [audienceParameter]: audience }
}

type Tokens = openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers

/** @param nowMillis when the answer came */
export function signedIn({ issuer, clientId }: SignInAt, tokens: Tokens, nowMillis: number): SignedIn {
  const lifetimeSeconds = tokens.expiresIn() ?? expiresInSecondsDefault
  const claims = tokens.claims()
  const name = claims?.name
  return {
    accessToken: tokens.access_token,
    expiresAt: new Date(nowMillis + lifetimeSeconds * 1000).toISOString(),
    issuer,
    clientId,
    ...(claims === undefined ? {} : { subject: visible(claims.sub) }),
    ...(typeof name === 'string' ? { name: visible(name) } : {}),
  }
}

/** Goes to a terminal: nothing that could move its cursor, hide or reverse. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, '?')
}

/** What the protocol library throws, in our words. */
export function signInError(error: unknown): SignInError {
  if (error instanceof SignInError) return error
  const said = oauthErrorOf(error)
  if (said === 'access_denied') return new SignInError('denied', 'the sign-in was refused or cancelled', error)
  if (said === 'expired_token') return timedOut(error)
  if (said !== undefined) return new SignInError('answer-invalid', `the issuer refused the sign-in: \`${said}\``, error)
  if (isTimedOut(error)) return timedOut(error)
  return new SignInError('answer-invalid', 'the answer of the issuer does not fit this sign-in; start again', error)
}

function isTimedOut(error: unknown): boolean {
  if (error instanceof openid.ClientError) return error.code === 'OAUTH_TIMEOUT' || error.code === 'OAUTH_ABORT'
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

function timedOut(cause: unknown): SignInError {
  return new SignInError('timed-out', 'nobody finished the sign-in in time; start again', cause)
}

/** The code of RFC 6749 section 4.1.2.1, 5.2 or RFC 8628 section 3.5; other characters are not shown. */
function oauthErrorOf(error: unknown): string | undefined {
  const answered = error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError
  return answered ? error.error.replaceAll(/[^\w.-]/g, '?').slice(0, 80) : undefined
}
