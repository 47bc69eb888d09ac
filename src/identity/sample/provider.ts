/**
 * What does the sample provider issue, to whom, for how long? The settings of `oidc-provider`: ES256 access tokens in the
 * form of RFC 9068 for one audience, a sign-in that is always a fresh choice for programs that decide, short lives, and no
 * page but our own. It knows no password, so it must never be reachable from another machine; `guard.ts` sees to that.
 */
import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Cast } from './cast.ts'
import { sampleClients, staticClients, workloadClient } from './clients.ts'
import { boundedMemory } from './memory.ts'
import { closedPolicy, type Page, pageHeaders } from './page.ts'
import { confirmCodePage, donePage, enterCodePage, problemPage } from './pages.ts'
import { type SampleSecrets, workloadSecret } from './secrets.ts'

export const samplePath = '/sample-idp'

const { Check, base } = interactionPolicy

/** Seconds. A token that decides lives no longer than a sign-in counts as fresh. */
const lifetimes = { decide: 300, web: 1_800, device: 3_600, workload: 600, code: 60, interaction: 600, session: 3_600 }

export function sampleProvider(origin: string, cast: Cast, secrets: SampleSecrets): Provider {
  const provider: Provider = new Provider(`${origin}${samplePath}`, {
    ...settings(origin, cast, secrets),
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
    clients: staticClients(origin),
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
    clientBasedCORS: () => false,
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
    deviceFlow: {
      enabled: true,
      userCodeInputSource: async (context, _form, _out, error) => {
        const problem = error === undefined ? undefined : codeProblem(error)
        show(context, enterCodePage(codeAddress(context), xsrfOf(context), '', problem))
      },
      userCodeConfirmSource: async (context, _form, client, _device, userCode) => {
        const name = client.clientName ?? client.clientId
        show(context, confirmCodePage(codeAddress(context), xsrfOf(context), userCode, name))
      },
      successSource: async (context) => show(context, donePage()),
    },
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

/** Consent is not asked for, the clients are our own. Whoever may decide, or asks from elsewhere, chooses anew each time. */
function signInPolicy(): interactionPolicy.DefaultPolicy {
  const policy = base()
  policy.remove('consent')
  const login = policy.get('login')
  login?.checks.add(
    new Check('native_client', 'programs on this machine ask anew each time', 'login_required', ({ oidc }) => {
      return oidc.client?.applicationType === 'native' && oidc.result?.login === undefined
    }),
  )
  login?.checks.add(
    new Check('person_gone', 'this person is not in the sample organisation any more', 'login_required', ({ oidc }) => {
      return oidc.session?.accountId !== undefined && oidc.account === undefined
    }),
  )
  return policy
}

async function grantOf(provider: Provider, { oidc }: KoaContextWithOIDC, audience: string) {
  const { client, session } = oidc
  if (client === undefined || session?.accountId === undefined) return undefined
  const known = session.grantIdFor(client.clientId)
  const before = known === undefined ? undefined : await provider.Grant.find(known)
  if (before !== undefined && before.accountId === session.accountId) return before
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid')
  grant.addOIDCClaims(['name'])
  grant.addResourceScope(audience, '')
  await grant.save()
  return grant
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

/** The library answers an address with a code in it by a page that submits itself; ours waits for a person. */
async function withoutScript(context: KoaContextWithOIDC): Promise<void> {
  if (context.method !== 'GET' || context.oidc?.route !== 'code_verification') return
  const code = context.oidc.params?.user_code
  if (typeof code === 'string') show(context, enterCodePage(codeAddress(context), xsrfOf(context), code, undefined))
}

function codeProblem(error: Error): string {
  switch (error.name) {
    case 'NoCodeError':
      return 'Type the code that the command line shows.'
    case 'NotFoundError':
      return 'There is no such code; compare it with the command line.'
    case 'ExpiredError':
      return 'This code has expired; start again in the command line.'
    case 'AlreadyUsedError':
      return 'This code was used before; start again in the command line.'
    case 'AbortedError':
      return 'This sign-in was cancelled.'
    default:
      return 'This did not work; start again in the command line.'
  }
}

function codeAddress({ oidc }: KoaContextWithOIDC): string {
  return oidc.urlFor('code_verification')
}

function xsrfOf({ oidc }: KoaContextWithOIDC): string {
  const secret = oidc.session?.state?.secret
  return typeof secret === 'string' ? secret : ''
}

function show(context: Pick<KoaContextWithOIDC, 'type' | 'set' | 'body'>, { body, policy }: Page): void {
  context.type = 'html'
  context.set('content-security-policy', policy)
  context.body = body
}
