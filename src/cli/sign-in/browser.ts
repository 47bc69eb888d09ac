/**
 * Signing in such that one may decide: the code flow with PKCE in the person's own browser, on this machine (RFC 8252). It
 * asks for a new sign-in each time, because a decision is a fresh act, and checks that it got one.
 */
import * as openid from 'openid-client'
import { audienceOf, issuerAt, type SignedIn, type SignInAt, signedIn, signInError } from './issuer.ts'
import { listenOnLoopback } from './loopback.ts'

export interface SignInByBrowser extends SignInAt {
  /** Opens an address in a browser. @returns whether one opened; see `openBrowser` */
  readonly open: (address: string) => Promise<boolean>
  /** Told once, whether a browser opened or the person has to open the address. */
  readonly onPrompt: (prompt: { readonly url: string; readonly opened: boolean }) => void
  /** Default 0: any free port. Some issuers want one that was registered. */
  readonly port?: number
  /** Which name the issuer has registered for redirects. Default `127.0.0.1`, as RFC 8252 recommends. */
  readonly loopbackHost?: '127.0.0.1' | 'localhost'
  /** Default 300. */
  readonly timeoutSeconds?: number
  /** Ends the waiting. */
  readonly signal?: AbortSignal
}

/** @throws {SignInError} */
export async function signInByBrowser(options: SignInByBrowser): Promise<SignedIn> {
  const { open, onPrompt, port = 0, loopbackHost = '127.0.0.1', timeoutSeconds = 300, signal } = options
  const provider = await issuerAt(options)
  const verifier = openid.randomPKCECodeVerifier()
  const state = openid.randomState()
  const nonce = openid.randomNonce()
  const loopback = await listenOnLoopback({ host: loopbackHost, port, state })
  try {
    const url = openid.buildAuthorizationUrl(provider, {
      redirect_uri: loopback.redirectUri,
      scope: options.scope ?? 'openid',
      ...audienceOf(options),
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      prompt: 'login',
      max_age: '0',
    }).href
    onPrompt({ url, opened: await open(url) })
    const answer = await within(loopback.answer, timeoutSeconds, signal)
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 0 }
    const tokens = await openid.authorizationCodeGrant(provider, answer, checks, audienceOf(options))
    return signedIn(options, tokens, Date.now())
  } catch (error) {
    throw signInError(error)
  } finally {
    await loopback.close()
  }
}

/** @throws a TimeoutError or AbortError when one of the two ends comes first */
async function within<Value>(
  value: Promise<Value>,
  timeoutSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Value> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000)
  const end = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const stop = () => reject(endedBy(end))
  if (end.aborted) stop()
  end.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([value, ended])
  } finally {
    end.removeEventListener('abort', stop)
  }
}

function endedBy({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new DOMException('the sign-in was ended', 'AbortError')
}
