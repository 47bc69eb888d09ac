/**
 * What does the sample provider issue, to whom, for how long? The settings of `oidc-provider`: ES256 access tokens in the
 * form of RFC 9068 for one audience, a sign-in that is always a fresh choice for programs that decide, short lives, and no
 * page but our own. It knows no password, so it must never be reachable from another machine; `guard.ts` sees to that.
 */
import { type ClientMetadata, type Configuration, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Cast } from './cast.ts'
import { sampleClients, staticClients, workloadClient } from './clients.ts'
import { deviceFlow, show, withoutScript } from './code-pages.ts'
import { boundedMemory } from './memory.ts'
import { closedPolicy, pageHeaders } from './page.ts'
import { problemPage } from './pages.ts'
import { type SampleSecrets, workloadSecret } from './secrets.ts'
import { grantOf, signInPolicy } from './sign-in-policy.ts'

export const samplePath = '/sample-idp'

/** Seconds. A token that decides lives no longer than a sign-in counts as fresh. */
const lifetimes = { decide: 300, web: 1_800, device: 3_600, workload: 600, code: 60, interaction: 600, session: 3_600 }

export function sampleProvider(
  origin: string,
  cast: Cast,
  secrets: SampleSecrets,
  moreClients: readonly ClientMetadata[],
): Provider {
  const provider: Provider = new Provider(`${origin}${samplePath}`, {
    ...settings(origin, cast, secrets),
    clients: [...staticClients(origin), ...moreClients],
    loadExistingGrant: (context) => grantOf(provider, context, origin),
  })
  provider.use(async (context, next) => {
    context.set({ ...pageHeaders, 'content-security-policy': closedPolicy })
    if (asksForScript(context.query)) {
      context.status = 400
      return show(context, problemPage('This did not work', ['The sample answers by redirects only.']))
    }
    await next()
    await withoutScript(context as KoaContextWithOIDC)
  })
  return provider
}

function settings(origin: string, cast: Cast, secrets: SampleSecrets): Configuration {
  const cookie = `countersign-sample-${new URL(origin).port}`
  return {
    adapter: boundedMemory((id) => {
      const workload = cast.workload(id)
      return workload === undefined ? undefined : workloadClient(id, workloadSecret(secrets, id))
    }),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [secrets.signingKey] },
    cookies: {
      // Cookies know no ports: two samples on one machine must not overwrite each other's.
      names: { session: `${cookie}-session`, interaction: `${cookie}-interaction`, resume: `${cookie}-resume` },
      keys: secrets.cookieKeys,
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: samplePath },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    scopes: ['openid'],
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic'],
    claims: { openid: ['sub', 'name'], auth_time: null },
    conformIdTokenClaims: false,
    findAccount: (_context, login) => {
      const person = cast.person(login)
      return person && { accountId: login, claims: () => ({ sub: login, name: person.name }) }
    },
    extraTokenClaims: ({ oidc }) => {
      const signedInAt = (oidc.entities.AuthorizationCode ?? oidc.entities.DeviceCode)?.authTime
      return signedInAt === undefined ? undefined : { auth_time: signedInAt }
    },
    interactions: { policy: signInPolicy(), url: (_context, { uid }) => `${samplePath}/interaction/${uid}` },
    pkce: { required: () => true },
    // Browsers name the origin also when a page calls its own.
    clientBasedCORS: (_context, from) => from === origin,
    features: features(origin),
    renderError: (context, { error, error_description: description }) => {
      show(context, problemPage('This did not work', [error, description ?? 'start again from the beginning']))
    },
    ttl: {
      AccessToken: (_context, _token, { clientId }) => accessTokenSeconds(clientId),
      AuthorizationCode: lifetimes.code,
      ClientCredentials: lifetimes.workload,
      DeviceCode: lifetimes.interaction,
      Grant: lifetimes.session,
      IdToken: lifetimes.decide,
      Interaction: lifetimes.interaction,
      Session: lifetimes.session,
    },
  }
}

function features(origin: string): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow,
    resourceIndicators: {
      enabled: true,
      defaultResource: () => origin,
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, indicator) => {
        if (indicator !== origin) throw new errors.InvalidTarget()
        return { scope: '', audience: origin, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }
      },
    },
  }
}

function accessTokenSeconds(clientId: string): number {
  switch (clientId) {
    case sampleClients.device:
      return lifetimes.device
    case sampleClients.web:
      return lifetimes.web
    default:
      return lifetimes.decide
  }
}

/** `response_mode=form_post` is answered with a page that submits itself, errors too. */
function asksForScript({ response_mode: mode }: Readonly<Record<string, unknown>>): boolean {
  return mode !== undefined && mode !== 'query'
}
