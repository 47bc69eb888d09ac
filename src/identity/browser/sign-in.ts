/**
 * How does a browser become somebody's? By the code flow with PKCE at the identity provider. What has to be remembered
 * meanwhile stays in a cookie of that browser; the access token is judged by the very rules that hold for tokens of calls,
 * and is then forgotten: no token is kept anywhere.
 */
import * as openid from 'openid-client'
import { z } from 'zod'
import type { Authenticated } from '../actor.ts'
import type { AuthenticationProblem } from '../problem.ts'
import type { TokenVerifier } from '../tokens.ts'
import type { BrowserProvider } from './provider.ts'
import { returnPath } from './return-path.ts'

/** Why a sign-in led to nothing, in one word for the page that explains it. */
export type SignInProblem =
  | 'sign-in-not-configured'
  | 'sign-in-expired'
  | 'sign-in-cancelled'
  | 'sign-in-failed'
  | 'provider-unreachable'
  | 'not-a-person'
  | AuthenticationProblem['problem']

export interface Wanted {
  /** Key of an issuer; the first that offers the web sign-in when absent. */
  readonly issuer?: string | undefined
  /** A new sign-in even where the provider knows the browser already. */
  readonly fresh: boolean
  /** A page of ours. */
  readonly to?: string | undefined
}

/** What the browser keeps until it comes back. Nothing of it is believed beyond fitting to what the provider says. */
const pending = z.strictObject({
  issuer: z.string(),
  state: z.string().refine(isState),
  nonce: z.string(),
  verifier: z.string(),
  fresh: z.boolean(),
  to: z.string(),
})

type Pending = z.output<typeof pending>

/** What was asked for is a new sign-in; by how much it may have aged on the way here. Decisions look at it once more. */
const freshSeconds = 300

export interface Begun {
  readonly address: string
  readonly state: string
  /** Value of the cookie. */
  readonly pending: string
}

export interface SignInOptions {
  readonly publicUrl: string
  readonly audience: string
  readonly providers: readonly BrowserProvider[]
  readonly verifier: TokenVerifier
}

export async function beginSignIn(
  { publicUrl, audience, providers }: SignInOptions,
  { issuer, fresh, to }: Wanted,
): Promise<Begun | SignInProblem> {
  const provider = providers.find((one) => issuer === undefined || one.issuer.key === issuer)
  if (provider === undefined) return 'sign-in-not-configured'
  const found = await provider.configuration().catch(() => undefined)
  if (found === undefined) return 'provider-unreachable'
  const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()]
  const address = openid.buildAuthorizationUrl(found, {
    redirect_uri: callbackAddress(publicUrl),
    scope: provider.issuer.signIn?.scope ?? 'openid',
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...audienceOf(provider, audience),
    ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
  })
  const kept: Pending = {
    issuer: provider.issuer.key,
    state,
    nonce,
    verifier,
    fresh,
    to: returnPath(to, publicUrl),
  }
  return { address: address.href, state, pending: Buffer.from(JSON.stringify(kept)).toString('base64url') }
}

export interface Finished {
  readonly signedIn: Authenticated
  readonly to: string
}

export interface Failed {
  readonly problem: SignInProblem
  readonly to: string
}

/** @param back path and query to which the provider led @param cookie what the browser kept for the state it brings */
export async function finishSignIn(
  options: SignInOptions,
  back: string,
  cookie: string | undefined,
): Promise<Finished | Failed> {
  const kept = readPending(cookie)
  if (kept === undefined) return { problem: 'sign-in-expired', to: '/' }
  const to = returnPath(kept.to, options.publicUrl)
  const provider = options.providers.find(({ issuer }) => issuer.key === kept.issuer)
  if (provider === undefined) return { problem: 'sign-in-not-configured', to }
  const token = await exchange(options, provider, kept, back)
  if ('problem' in token) return { problem: token.problem, to }
  const signedIn = await options.verifier.authenticate({ authorization: `Bearer ${token.access}` })
  if ('problem' in signedIn) return { problem: signedIn.problem, to }
  // Workloads have no browser, and nobody signs in through somebody.
  const person = signedIn.actor.id.startsWith('per_') && signedIn.actor.chain.length === 0
  return person && signedIn.issuer === kept.issuer ? { signedIn, to } : { problem: 'not-a-person', to }
}

async function exchange(
  { publicUrl, audience }: SignInOptions,
  provider: BrowserProvider,
  kept: Pending,
  back: string,
): Promise<{ readonly access: string } | { readonly problem: SignInProblem }> {
  const found = await provider.configuration().catch(() => undefined)
  if (found === undefined) return { problem: 'provider-unreachable' }
  try {
    // The address of the call is ours by configuration; what the call says its host is does not matter.
    const tokens = await openid.authorizationCodeGrant(
      found,
      new URL(back, publicUrl),
      {
        pkceCodeVerifier: kept.verifier,
        expectedState: kept.state,
        expectedNonce: kept.nonce,
        idTokenExpected: true,
        ...(kept.fresh ? { maxAge: freshSeconds } : {}),
      },
      audienceOf(provider, audience),
    )
    return { access: tokens.access_token }
  } catch (error) {
    return { problem: problemOf(error) }
  }
}

function problemOf(error: unknown): SignInProblem {
  if (error instanceof openid.AuthorizationResponseError)
    return error.error === 'access_denied' ? 'sign-in-cancelled' : 'sign-in-failed'
  if (error instanceof openid.ResponseBodyError || error instanceof openid.ClientError) return 'sign-in-failed'
  if (error instanceof TypeError) return 'provider-unreachable'
  throw error
}

function readPending(cookie: string | undefined): Pending | undefined {
  if (cookie === undefined) return undefined
  try {
    return pending.safeParse(JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8'))).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function audienceOf({ issuer }: BrowserProvider, audience: string): Record<string, string> {
  const parameter = issuer.signIn?.audienceParameter ?? 'resource'
  return parameter === 'none' ? {} : { [parameter]: issuer.audience ?? audience }
}

/** As they are made here; nothing else becomes part of a cookie's name. */
export function isState(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}

export function callbackAddress(publicUrl: string): string {
  return new URL('/callback', publicUrl).href
}
