/** Over real sockets: bytes that no polite client sends, and the polite client with real signed tokens. */
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authenticate } from '../../src/api/options.ts'
import { accountResolver } from '../../src/app.ts'
import { createClient } from '../../src/client/index.ts'
import { millisOf } from '../../src/core/time.ts'
import { signingClient } from '../../src/demo/signing-client.ts'
import { challengeOf, createTokenVerifier, issuerSchema } from '../../src/identity/index.ts'
import { organisation } from '../support/life.ts'
import { asked, no, openSurface, type Surface, yes } from './support/surface.ts'

const issuer = 'https://login.test'
const audience = 'https://countersign.test'
const keys = await generateKeyPair('ES256', { extractable: true })

let surface: Surface
let address: AddressInfo
let id: string

beforeAll(async () => {
  const people = ['asker', 'sam', 'rae'].map(
    (name) => `acc_login_${name} on idp login ${name}@test\nacc_login_${name} belongs-to per_${name} confirmed`,
  )
  // The verifier needs the machinery, which comes to be with the surface.
  let authenticate: Authenticate = async () => ({ problem: 'not-yet', kind: 'unavailable', message: 'not yet' })
  surface = await openSurface({
    directory: `${organisation}\n${people.join('\n')}`,
    api: { authenticate: (credentials) => authenticate(credentials) },
  })
  const config = issuerSchema.parse({
    key: 'idp',
    issuer,
    decisionClients: ['web'],
    jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256' }] },
    algorithms: ['ES256'],
  })
  const verifier = createTokenVerifier({
    issuers: [config],
    audience,
    resolveAccount: accountResolver(surface.world.app.machinery),
    now: () => millisOf(surface.world.now),
  })
  authenticate = async (credentials) => {
    const found = await verifier.authenticate(credentials)
    if (!('problem' in found)) return found
    const challenge = challengeOf(found)
    return { ...found, ...(challenge === undefined ? {} : { challenge }) }
  }
  await surface.api.listen({ host: '127.0.0.1', port: 0 })
  address = surface.api.server.address() as AddressInfo
})
afterAll(() => surface.api.close())

/** As a code flow with a browser gives it; without `auth_time` as a device flow does. */
async function tokenOf(name: string, more: object = {}): Promise<string> {
  const now = Math.floor(millisOf(surface.world.now) / 1000)
  const claims = { client_id: 'web', auth_time: now - 10, amr: ['pwd'], ...more }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(`${name}@test`)
    .setIssuedAt(now - 5)
    .setExpirationTime(now + 300)
    .setJti(crypto.randomUUID())
    .sign(keys.privateKey)
}

const clientOf = (name: string, more?: object) =>
  createClient({ baseUrl: `http://127.0.0.1:${address.port}`, token: () => tokenOf(name, more) })

/** Sends bytes as they are. @returns the status lines that came back, and everything else. */
async function raw(...lines: readonly string[]): Promise<{ statuses: number[]; text: string }> {
  const socket = connect(address.port, '127.0.0.1')
  await once(socket, 'connect')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => {})
  // Not `end`: a server stops answering whoever hangs up.
  socket.write(lines.join('\r\n'))
  await once(socket, 'close')
  return { statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status)), text }
}

describe('the client, with real tokens', () => {
  test('asks and countersigns', async () => {
    const { waiver } = yes(await clientOf('asker').ask({ terms: asked(surface.world.now) }))
    id = waiver.id
    expect(waiver.requester).toBe('per_asker')
    const digest = waiver.proposal?.digest ?? ''
    expect(no(await clientOf('asker').countersign(id, { digest }))).toBe('approver-is-requester')
    const { signers } = surface.world
    await signers.enrol('per_sam')
    const sam = signingClient(clientOf('sam'), {
      sign: ({ publicKey }) => signers.answer('per_sam', publicKey),
      ready: async () => {},
    })
    expect(yes(await sam.countersign(id, { digest })).waiver.status).toBe('countersigned')
    expect(yes(await clientOf('rae').me())).toMatchObject({
      id: 'per_rae',
      kind: 'person',
      pools: ['pool_review', 'pool_rules'],
      founder: true,
    })
  })

  test('hears in one word why nobody was recognised', async () => {
    const { port } = address
    const someone = (token: string) => createClient({ baseUrl: `http://127.0.0.1:${port}`, token: () => token })
    expect(await someone('').me()).toMatchObject({
      ok: false,
      problem: { status: 401, code: 'unauthenticated', reason: 'token-missing' },
    })
    expect(await someone('x.y.z').me()).toMatchObject({
      ok: false,
      problem: { status: 401, code: 'unauthenticated', reason: 'token-malformed' },
    })
    expect(await clientOf('nobody').me()).toMatchObject({
      ok: false,
      problem: { status: 403, code: 'not-admitted', reason: 'account-unknown' },
    })
    const { text } = await raw(
      'GET /v1/me HTTP/1.1',
      'host: x',
      'authorization: Bearer a.b.c',
      'connection: close',
      '',
      '',
    )
    expect(text).toMatch(/www-authenticate: Bearer realm="countersign", error="invalid_token"/i)
  })

  test('no answer is an answer', async () => {
    const lost = createClient({ baseUrl: 'http://127.0.0.1:9', token: () => '' })
    expect(await lost.me()).toMatchObject({ ok: false, problem: { code: 'unreachable', status: 0 } })
  })
})

describe('[B15] bytes that no polite client sends', () => {
  let token: string
  let events: number
  const count = async () =>
    Number((await surface.world.query<{ count: string }>('select count(*) as count from events'))[0]?.count)
  beforeAll(async () => {
    token = await tokenOf('asker')
    events = await count()
  })
  const head = (line: string, ...more: string[]) => [
    line,
    'host: countersign.test',
    `authorization: Bearer ${token}`,
    'connection: close',
    ...more,
  ]

  test.each([
    '/v1/./waivers',
    '/v1/x/../waivers',
    '/v1/waivers/../me',
    '/v1/%2e%2e/v1/waivers',
    '/v1/%2e/waivers',
    '//v1/me',
    '/v1//me',
    '/v1/me/',
    '/v1\\me',
    '/v1/me%2f',
    '/v1/waivers/..;/me',
  ])('`%s` is nothing', async (path) => {
    const { statuses } = await raw(...head(`GET ${path} HTTP/1.1`), '', '')
    expect(statuses).toHaveLength(1)
    expect([400, 404]).toContain(statuses[0])
  })

  test('a whole address in the request line names the path in it and no other host', async () => {
    const { statuses, text } = await raw(...head('GET http://evil.test/v1/me HTTP/1.1'), '', '')
    expect([200, 404]).toContain(statuses[0])
    expect(text).not.toContain('evil.test')
  })

  const body = '{"reason":"x"}'
  const twice: [string, string[]][] = [
    ['content types', ['content-type: application/json', 'content-type: text/plain', `content-length: ${body.length}`]],
    [
      'the same content type',
      ['content-type: application/json', 'content-type: application/json', `content-length: ${body.length}`],
    ],
    ['tokens', ['authorization: Bearer x.y.z', 'content-type: application/json', `content-length: ${body.length}`]],
    [
      'keys',
      [
        'idempotency-key: 0123456789',
        'idempotency-key: 9876543210',
        'content-type: application/json',
        `content-length: ${body.length}`,
      ],
    ],
    ['lengths', ['content-type: application/json', `content-length: ${body.length}`, 'content-length: 0']],
    [
      'length and chunks',
      ['content-type: application/json', `content-length: ${body.length}`, 'transfer-encoding: chunked'],
    ],
  ]
  test.each(twice)('two %s are refused', async (_what, headers) => {
    const { statuses } = await raw(...head(`POST /v1/waivers/${id}/revocation HTTP/1.1`, ...headers), '', body)
    expect(statuses[0]).toBe(400)
    expect(await count()).toBe(events)
  })

  test('a body behind a GET is refused, however it is announced', async () => {
    const one = await raw(
      ...head(`GET /v1/waivers/${id} HTTP/1.1`, 'content-type: application/json', `content-length: ${body.length}`),
      '',
      body,
    )
    expect(one.statuses[0]).toBe(400)
    const other = await raw(...head(`GET /v1/waivers/${id} HTTP/1.1`, 'transfer-encoding: chunked'), '', '0', '', '')
    expect(other.statuses[0]).toBe(400)
  })

  test('what is no HTTP is told so', async () => {
    expect((await raw('POST /v1/waivers HTTP/1.1', 'host: x', 'content-length: abc', '', '')).statuses).toEqual([400])
    expect((await raw('FROB /v1/waivers HTTP/1.1', 'host: x', '', '')).statuses).toEqual([400])
    const { statuses, text } = await raw('GET /v1/me HTTP/1.1', 'host: x', `x-padding: ${'x'.repeat(40_000)}`, '', '')
    expect(statuses).toEqual([431])
    expect(text).toContain('"code":"headers-too-large"')
    expect(await count()).toBe(events)
  })

  test('TRACE and CONNECT do nothing', async () => {
    const { statuses } = await raw(...head('TRACE /v1/me HTTP/1.1'), '', '')
    expect([400, 404, 405]).toContain(statuses[0])
    expect(await count()).toBe(events)
  })
})
