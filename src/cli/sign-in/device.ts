/**
 * Signing in where no browser can be opened: the device grant (RFC 8628). The person types a short code into a browser
 * anywhere. Tokens got this way never decide, because whoever types the code need not be who started it.
 */
import * as openid from 'openid-client'
import { audienceOf, issuerAt, type SignedIn, type SignInAt, signedIn, signInError, visible } from './issuer.ts'
import { SignInError } from './sign-in-error.ts'

export interface DevicePrompt {
  readonly userCode: string
  readonly verificationUri: string
  /** The same address with the code in it, where the issuer offers one. */
  readonly verificationUriComplete?: string
  /** ISO 8601 in UTC. */
  readonly expiresAt: string
}

export interface SignInByDevice extends SignInAt {
  /** Shows the code and the address to the person. */
  readonly onPrompt: (prompt: DevicePrompt) => void
  /** Ends the waiting. */
  readonly signal?: AbortSignal
}

/** Asks the issuer every few seconds, as often as it allows, until the person is done. @throws {SignInError} */
export async function signInByDevice(options: SignInByDevice): Promise<SignedIn> {
  const { onPrompt, signal, scope = 'openid' } = options
  const provider = await issuerAt(options)
  if (provider.serverMetadata().device_authorization_endpoint === undefined) {
    throw new SignInError('flow-not-offered', 'the issuer offers no device sign-in; sign in with a browser instead')
  }
  try {
    const started = await openid.initiateDeviceAuthorization(provider, { scope, ...audienceOf(options) })
    onPrompt(promptOf(started, Date.now()))
    const polling = signal === undefined ? {} : { signal }
    const tokens = await openid.pollDeviceAuthorizationGrant(provider, started, audienceOf(options), polling)
    return signedIn(options, tokens, Date.now())
  } catch (error) {
    throw signInError(error)
  }
}

type Started = Awaited<ReturnType<typeof openid.initiateDeviceAuthorization>>

function promptOf(started: Started, nowMillis: number): DevicePrompt {
  const complete = started.verification_uri_complete
  return {
    userCode: visible(started.user_code),
    verificationUri: webAddress(started.verification_uri),
    ...(complete === undefined ? {} : { verificationUriComplete: webAddress(complete) }),
    expiresAt: new Date(nowMillis + started.expires_in * 1000).toISOString(),
  }
}

function webAddress(text: string): string {
  const address = URL.parse(text)
  if (address?.protocol === 'https:' || address?.protocol === 'http:') return address.href
  throw new SignInError('answer-invalid', 'the issuer names no web address for the code')
}
