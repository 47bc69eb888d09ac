/** A real issuer and a real client, from others: what they make of the standards is what has to be understood. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import * as openid from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveAccount } from '../made-up-issuer.contract.ts'
import { createTokenVerifier, type TokenVerifier } from '../tokens.ts'
import { type WorkloadTrustInput, workloadTrustSchema } from './config.ts'

const servers: Server[] = []
let issuer: string
let resource: string
let verifier: TokenVerifier

async function listening(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  resource = await listening(
    createServer(async ({ headers, method = 'GET', url = '' }, response) => {
      const { authorization, dpop } = headers
      const proof = Array.isArray(dpop) ? dpop.join() : dpop
      const found = await verifier.authenticate({ authorization, dpop: proof, method, url: `${resource}${url}` })
      response.writeHead('problem' in found ? 401 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(found))
    }),
  )
  const server = createServer()
  issuer = await listening(server)
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: ['machine-1', 'stranger'].map((client_id) => ({
      client_id,
      client_secret: 'a-secret-of-this-test-alone',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    })),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7) },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, indicator) => ({
          scope: '',
          audience: indicator,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  server.on('request', provider.callback())
  verifier = verifierWith({})
})
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

function verifierWith(more: Partial<WorkloadTrustInput>) {
  const written = {
    key: 'machines',
    kind: 'clients',
    issuer,
    ...more,
    rules: [{ workload: 'wl_machine', client: 'machine-1' }],
  }
  return createTokenVerifier({
    issuers: [],
    workloads: [workloadTrustSchema.parse(written)],
    audience: resource,
    resolveAccount,
    knowsWorkload: (id) => id === 'wl_machine',
  })
}

async function clientNamed(id: string) {
  const config = await openid.discovery(
    new URL(issuer),
    id,
    undefined,
    openid.ClientSecretBasic('a-secret-of-this-test-alone'),
    { execute: [openid.allowInsecureRequests] },
  )
  const pair = await openid.randomDPoPKeyPair('ES256')
  const DPoP = openid.getDPoPHandle(config, pair)
  return {
    token: (audience = resource, bound = true) =>
      openid.clientCredentialsGrant(config, { resource: audience }, bound ? { DPoP } : {}),
    call: async (token: string, bound = true) => {
      const address = new URL('/v1/me?page=1', resource)
      const response = await openid
        .fetchProtectedResource(config, token, address, 'GET', undefined, undefined, bound ? { DPoP } : {})
        .catch((error: unknown) => {
          if (error instanceof openid.WWWAuthenticateChallengeError) return error.response
          throw error
        })
      return (await response.json()) as object
    },
    pair,
  }
}

test('[nhi/least-and-short] a client shows by DPoP that the token of its issuer is its own', async () => {
  const client = await clientNamed('machine-1')
  const { access_token: token, token_type: type } = await client.token()
  expect(type).toBe('dpop')
  const who = { actor: { id: 'wl_machine', chain: [] }, issuer: 'machines', subject: 'machine-1' }
  expect(await client.call(token)).toMatchObject(who)
  expect(await client.call(token)).toMatchObject(who)
  const thief = await clientNamed('stranger')
  expect(await thief.call(token)).toMatchObject({ problem: 'proof-invalid' })
  expect(await thief.call(token, false)).toMatchObject({ problem: 'token-bound' })
})

test('[B06] its token for another audience, and the token of a client that no rule names, let nobody in', async () => {
  const client = await clientNamed('machine-1')
  const { access_token: elsewhere } = await client.token('https://other.example')
  expect(await client.call(elsewhere)).toMatchObject({ problem: 'audience-wrong' })
  const stranger = await clientNamed('stranger')
  const { access_token: strange } = await stranger.token()
  expect(await stranger.call(strange)).toMatchObject({ problem: 'workload-unmatched' })
})

test('[B06] a token without a key is taken only where that is allowed', async () => {
  const client = await clientNamed('machine-1')
  const { access_token: plain } = await client.token(resource, false)
  expect(await client.call(plain, false)).toMatchObject({ actor: { id: 'wl_machine' } })
  verifier = verifierWith({ dpop: 'required' })
  expect(await client.call(plain, false)).toMatchObject({ problem: 'token-not-bound' })
})
