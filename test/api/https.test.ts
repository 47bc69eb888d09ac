/** Behind a public address on https: cookies that only this very host can set, only over TLS, and a browser that comes back so. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browsersOf } from '../../src/identity/browser/index.ts'
import { newSecret } from '../../src/identity/browser/secret.ts'
import { createTokenVerifier, issuerSchema } from '../../src/identity/index.ts'
import { openSurface, publicUrl, type Surface } from './support/surface.ts'

let surface: Surface
let provider: Server
const secret = newSecret()

beforeAll(async () => {
  provider = createServer((request, response) => {
    const issuer = `http://localhost:${(provider.address() as AddressInfo).port}`
    response.setHeader('content-type', 'application/json')
    response.end(
      request.url === '/.well-known/openid-configuration'
        ? JSON.stringify({
            issuer,
            authorization_endpoint: `${issuer}/auth`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/jwks`,
          })
        : '{}',
    )
  })
  await new Promise<void>((resolve) => provider.listen(0, 'localhost', resolve))
  const issuer = `http://localhost:${(provider.address() as AddressInfo).port}`
  const issuers = [issuerSchema.parse({ key: 'corp', issuer, signIn: { webClient: 'countersign-web' } })]
  const resolveAccount = async () => ({ person: 'per_sam', confirmed: true, conflicting: [] })
  const browsers = browsersOf({
    publicUrl,
    audience: publicUrl,
    issuers,
    sessions: {
      begin: (...given) => surface.world.store.sessions.begin(...given),
      find: (...given) => surface.world.store.sessions.find(...given),
      end: (...given) => surface.world.store.sessions.end(...given),
      endAll: (...given) => surface.world.store.sessions.endAll(...given),
    },
    verifier: createTokenVerifier({ issuers, audience: publicUrl, resolveAccount }),
    resolveAccount,
    readReference: () => '',
    idleSeconds: 3_600,
    lastsSeconds: 36_000,
  })
  surface = await openSurface({ api: { browsers } })
  await surface.world.store.sessions.begin(secret.key, {
    account: { on: 'corp', login: 'sam' },
    person: 'per_sam',
    lastsSeconds: 36_000,
  })
}, 60_000)
afterAll(() => provider?.close())

const signedIn = async (cookie: string) =>
  (await surface.api.inject({ method: 'GET', url: '/session', headers: { cookie } })).json().signedIn as boolean

test('every cookie is of this host alone, over TLS alone, and no script reads it', async () => {
  expect(publicUrl).toMatch(/^https:/)
  const start = await surface.api.inject({ method: 'GET', url: '/sign-in' })
  expect(start.statusCode).toBe(303)
  const out = await surface.api.inject({
    method: 'POST',
    url: '/v1/session/end',
    payload: { everywhere: false },
    headers: { authorization: 'Bearer per_sam' },
  })
  const cookies = [start, out].flatMap(({ headers }) => headers['set-cookie'] ?? [])
  expect(cookies).toEqual([
    expect.stringMatching(/^__Host-countersign-[\w-]{8}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    expect.stringMatching(/^__Host-countersign=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
  ])
  // `Domain` would let another host of the site set it.
  expect(cookies.join()).not.toMatch(/domain/i)
  for (const { headers } of [start, out]) expect(headers['strict-transport-security']).toBe('max-age=31536000')
})

test('a session counts under that name and under no other, and not when it stands there twice', async () => {
  expect(await signedIn(`__Host-countersign=${secret.cookie}`)).toBe(true)
  for (const name of ['countersign-443', 'countersign', '__Secure-countersign', '__host-countersign'])
    expect(await signedIn(`${name}=${secret.cookie}`), name).toBe(false)
  expect(await signedIn(`__Host-countersign=${secret.cookie}; __Host-countersign=${newSecret().cookie}`)).toBe(false)
})
