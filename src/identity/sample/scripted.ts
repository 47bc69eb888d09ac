/**
 * Tokens for the scripted people and workloads of the sample, got on the same way as everybody's: the code flow with PKCE
 * through a scripted browser for people, client credentials for workloads. Used by the demo and by tests.
 */
import * as openid from 'openid-client'
import { type ScriptedBrowser, scriptedBrowser } from './browser.ts'
import { sampleClients } from './clients.ts'
import { samplePath } from './provider.ts'

export interface SignInAsOptions {
  /** Default: the client whose tokens may decide. */
  readonly client?: typeof sampleClients.browser | typeof sampleClients.web
  /** `fresh` (default) asks for a new sign-in; `session` is content with an earlier one in the same browser. */
  readonly freshness?: 'fresh' | 'session'
  /** Default: a new one without any session. */
  readonly browser?: ScriptedBrowser
}

/** @returns an access token. @param publicUrl of the demo, e.g. `http://localhost:8080` */
export async function signInAs(publicUrl: string, login: string, options: SignInAsOptions = {}): Promise<string> {
  const { client = sampleClients.browser, freshness = 'fresh', browser = scriptedBrowser() } = options
  const { origin } = new URL(publicUrl)
  const provider = await discover(origin, client)
  const verifier = openid.randomPKCECodeVerifier()
  const state = openid.randomState()
  const redirectUri = client === sampleClients.web ? `${origin}/callback` : 'http://127.0.0.1:7/callback'
  const address = openid.buildAuthorizationUrl(provider, {
    redirect_uri: redirectUri,
    scope: 'openid',
    resource: origin,
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(freshness === 'fresh' ? { prompt: 'login', max_age: '0' } : {}),
  })
  const end = await browser.goTo(address, login, ({ href }) => href.startsWith(`${redirectUri}?`))
  const maxAge = freshness === 'fresh' ? { maxAge: 0 } : {}
  const tokens = await openid.authorizationCodeGrant(
    provider,
    end,
    { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true, ...maxAge },
    { resource: origin },
  )
  return tokens.access_token
}

/** Types the code of a device sign-in where it belongs, as `login`. @param address with the code in it */
export async function approveDeviceAs(address: string, login: string, browser = scriptedBrowser()): Promise<void> {
  await browser.goTo(new URL(address), login)
}

/** @returns an access token of a sample workload. @param secret from `SampleProvider.workloadSecret` */
export async function signInWorkload(publicUrl: string, login: string, secret: string): Promise<string> {
  const { origin } = new URL(publicUrl)
  const provider = await discover(origin, login, openid.ClientSecretBasic(secret))
  const tokens = await openid.clientCredentialsGrant(provider, { resource: origin })
  return tokens.access_token
}

function discover(origin: string, client: string, authentication: openid.ClientAuth = openid.None()) {
  const issuer = new URL(`${origin}${samplePath}`)
  return openid.discovery(issuer, client, { id_token_signed_response_alg: 'ES256' }, authentication, {
    // The sample speaks plain http on this machine and nowhere else.
    execute: [openid.allowInsecureRequests],
  })
}
