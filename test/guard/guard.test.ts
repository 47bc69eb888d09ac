/** The guard in front of a resource, with tokens of a whole installation. */
import Fastify from 'fastify'
import { SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createGuard, fastifyGuard, type GuardOptions, grantOf, guarded, proofFor } from '../../src/guard/index.ts'
import { fetchThrough } from '../../src/mcp/fetch-through.ts'
import { openSurface, publicUrl, type Surface } from '../api/support/surface.ts'
import { boundTo, form, liveOfAgent, liveOfBot, proofKey, tokenOf, tokenPolicy } from '../api/support/tokens.ts'
import { withGateway } from '../support/gated.ts'

let surface: Surface
let bot: string
let agent: string
/** How often the installation was asked for what. */
let fetched: string[]
let isDown = false
/** The guard's own clock runs on from the installation's. */
let passed = 0

beforeAll(async () => {
  surface = await openSurface({ directory: withGateway, policy: tokenPolicy() })
  bot = await liveOfBot(surface, { hours: [{ from: '00:00', to: '24:00', offset: '+00:00' }] })
  agent = await liveOfAgent(surface, { usesMax: 3, tools: [{ name: 'transfer' }] })
})
beforeEach(async () => {
  fetched = []
  isDown = false
  passed = 0
  await surface.world.app.runtime.refresh()
})

const nowMillis = () => Date.parse(surface.world.now) + passed * 1000

function guardOf(more: Partial<GuardOptions> = {}) {
  const through = fetchThrough(surface.api)
  return createGuard({
    issuer: publicUrl,
    audience: 'sys_ledger',
    now: nowMillis,
    fetch: async (address, options) => {
      fetched.push(new URL(address).pathname)
      if (isDown) throw new TypeError('fetch failed')
      return through(address, options)
    },
    ...more,
  })
}

const use = { action: 'update', resource: 'ledger.accounts' }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function tokenFor(subject: string, fields?: Record<string, string>, headers = {}): Promise<string> {
  const { body } = await tokenOf(surface, subject, fields, headers)
  if (body.access_token === undefined) throw new Error(`${body.error}: ${body.error_description}`)
  return body.access_token
}

const reasonOf = (answer: Awaited<ReturnType<ReturnType<typeof guardOf>['check']>>) =>
  answer.allowed ? 'allowed' : answer.reason

describe('[agent/runtime-check] a token that goes without asking', () => {
  test('is let through for what its terms cover, and read once', async () => {
    const guard = guardOf()
    const token = await tokenFor('wl_bot via per_nobody')
    const answer = await guard.check(bearer(token), use)
    expect(answer).toMatchObject({
      allowed: true,
      actor: 'wl_bot',
      chain: ['per_nobody'],
      waiver: bot,
      account: 'bot_db',
    })
    expect(fetched).toEqual(['/oauth/jwks', expect.stringContaining('/oauth/status/')])
    for (let more = 0; more < 20; more++) expect(await guard.check(bearer(token), use)).toMatchObject({ allowed: true })
    expect(fetched).toHaveLength(2)
  })

  test('is refused for everything else', async () => {
    const guard = guardOf()
    const token = await tokenFor('wl_bot')
    const told = async (more: object) => reasonOf(await guard.check(bearer(token), { ...use, ...more }))
    expect(await told({})).toBe('allowed')
    expect(await told({ resource: 'ledger.entries' })).toBe('outside-scope')
    expect(await told({ action: 'delete' })).toBe('outside-scope')
    expect(await told({ resource: 'Ledger.accounts' })).toBe('outside-scope')
    expect(reasonOf(await guard.check(bearer(token), undefined))).toBe('use-not-described')
  })

  test('[B10] is refused when it was ended, at the latest when the list is looked at again', async () => {
    const guard = guardOf()
    const token = await tokenFor('wl_bot')
    expect(reasonOf(await guard.check(bearer(token), use))).toBe('allowed')
    await form(surface, '/oauth/revoke', { token })
    passed = 11
    await surface.world.app.runtime.refresh()
    expect(reasonOf(await guard.check(bearer(token), use))).toBe('token-ended')
    expect(reasonOf(await guard.check(bearer(await tokenFor('wl_bot')), use))).toBe('allowed')
  })

  test('[B07] [fail/closed] is refused when the list is too old and cannot be had', async () => {
    const guard = guardOf()
    const token = await tokenFor('wl_bot')
    expect(reasonOf(await guard.check(bearer(token), use))).toBe('allowed')
    isDown = true
    passed = 9
    expect(reasonOf(await guard.check(bearer(token), use))).toBe('allowed')
    passed = 29
    expect(reasonOf(await guard.check(bearer(token), use))).toBe('allowed')
    passed = 31
    const answer = await guard.check(bearer(token), use)
    expect(answer).toMatchObject({ allowed: false, reason: 'status-unknown', status: 503 })
    expect(reasonOf(await guardOf().check(bearer(token), use))).toBe('keys-unknown')
  })

  test('[B06] is refused from the second on at which it ends', async () => {
    const guard = guardOf()
    const token = await tokenFor('wl_bot')
    await surface.world.after(299)
    await surface.world.app.runtime.refresh()
    expect(reasonOf(await guard.check(bearer(token), use))).toBe('allowed')
    passed = 1
    expect(reasonOf(await guard.check(bearer(token), use))).toBe('token-expired')
    expect(reasonOf(await guardOf().check(bearer(token), use))).toBe('token-expired')
  })
})

describe('[B06] a token that is not ours, or not for this', () => {
  test('is refused, whatever it says', async () => {
    const guard = guardOf()
    const token = await tokenFor('wl_bot')
    const [header = '', payload = '', signature = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const told = async (text: string) => reasonOf(await guard.check({ authorization: text }, use))
    const jwk = (await surface.get('', '/oauth/jwks')).body.keys[0]
    const shared = (alg: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, typ: 'at+jwt', kid: jwk.kid })
        .sign(Buffer.from(JSON.stringify(jwk)))
    const own = await proofKey()
    const forged = new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid })
      .sign(own.privateKey)
    const carried = new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', jwk: own.publicJwk as never })
      .sign(own.privateKey)
    const more = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 900 })).toString('base64url')
    expect(await told('')).toBe('token-missing')
    expect(await told(`Basic ${token}`)).toBe('token-missing')
    expect(await told('Bearer opaque')).toBe('token-malformed')
    expect(await told(`Bearer ${new UnsecuredJWT(claims).encode()}x`)).toBe('token-malformed')
    expect(await told(`Bearer ${await shared('HS256')}`)).toBe('token-malformed')
    expect(await told(`Bearer ${await forged}`)).toBe('token-invalid')
    expect(await told(`Bearer ${await carried}`)).toBe('token-invalid')
    expect(await told(`Bearer ${header}.${more}.${signature}`)).toBe('token-invalid')
    // A status list is signed with the same key.
    const { body: list } = await surface.get('', '/oauth/status/0')
    expect(await told(`Bearer ${list}`)).toBe('token-invalid')
    expect(reasonOf(await guardOf({ audience: 'sys_other' }).check(bearer(token), use))).toBe('audience-wrong')
    expect(reasonOf(await guardOf({ issuer: 'https://other.example' }).check(bearer(token), use))).toBe('token-invalid')
  })

  test('does not make the guard ask elsewhere, nor again and again', async () => {
    const guard = guardOf()
    expect(reasonOf(await guard.check(bearer(await tokenFor('wl_bot')), use))).toBe('allowed')
    fetched = []
    const own = await proofKey()
    const invented = (kid: string) =>
      new SignJWT({}).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(own.privateKey)
    for (const kid of ['a', 'b', 'c', 'd']) await guard.check(bearer(await invented(kid)), use)
    expect(fetched.length).toBeLessThanOrEqual(1)
    expect(() => createGuard({ issuer: 'http://countersign.example', audience: 'sys_ledger' })).toThrow('https')
    expect(() => createGuard({ issuer: publicUrl, audience: [] })).toThrow('system')
  })
})

describe('[B06] a token that is bound to a key', () => {
  const request = { method: 'POST', url: 'https://ledger.example/accounts' }

  test('is worth nothing without it', async () => {
    const guard = guardOf()
    const [key, other] = [await proofKey(), await proofKey()]
    const token = await tokenFor('wl_bot', undefined, await boundTo(surface, key))
    const proof = (by = key, more: object = {}) =>
      proofFor(by, { ...request, token, nowSeconds: nowMillis() / 1000, ...more })
    const told = async (dpop: string | undefined, scheme = 'DPoP') =>
      reasonOf(await guard.check({ authorization: `${scheme} ${token}`, dpop, ...request }, use))
    const once = await proof()
    expect(await told(once)).toBe('allowed')
    expect(await told(once)).toBe('proof-replayed')
    expect(await told(undefined)).toBe('key-not-shown')
    expect(await told(await proof(), 'Bearer')).toBe('key-not-shown')
    expect(await told(await proof(other))).toBe('proof-invalid')
    expect(await told(await proof(key, { url: 'https://ledger.example/entries' }))).toBe('proof-invalid')
    expect(await told(await proof(key, { method: 'GET' }))).toBe('proof-invalid')
    expect(await told(await proof(key, { token: 'another' }))).toBe('proof-invalid')
  })

  test('is the only kind taken where that is asked for', async () => {
    const plain = await tokenFor('wl_bot')
    expect(reasonOf(await guardOf({ dpop: 'required' }).check(bearer(plain), use))).toBe('key-needed')
    const dpop = await proofFor(await proofKey(), { ...request, token: plain, nowSeconds: nowMillis() / 1000 })
    const promised = { authorization: `DPoP ${plain}`, dpop, ...request }
    expect(reasonOf(await guardOf().check(promised, use))).toBe('key-not-shown')
  })
})

describe('[agent/runtime-check] a token that has to be asked about', () => {
  const own = { token: () => 'wl_gate' }
  const call = { action: 'update', resource: 'ledger.entries', tool: 'transfer', arguments: { amount: 5 } }

  test('counts each use at the installation, until nothing is left', async () => {
    const guard = guardOf({ online: own })
    const token = await tokenFor('wl_agent')
    expect(reasonOf(await guard.check(bearer(token), { ...call, tool: 'drop' }))).toBe('tool-not-covered')
    for (let uses = 0; uses < 3; uses++) expect(reasonOf(await guard.check(bearer(token), call))).toBe('allowed')
    const spent = await guard.check(bearer(token), call)
    expect(spent).toMatchObject({ reason: 'refused', status: 403, context: { reason: 'budget-spent' } })
    await surface.world.app.runtime.uses.record()
    expect(await surface.world.waiver(agent)).toMatchObject({ usesCount: 3, end: { cause: 'spent' } })
  })

  test('[B07] [fail/closed] is refused when nobody can be asked, or nobody may ask', async () => {
    const token = await tokenFor('wl_bot')
    const sensitive = guardOf({ online: own })
    expect(reasonOf(await sensitive.check(bearer(token), use))).toBe('allowed')
    const more = await liveOfAgent(surface, {}, 'per_sid')
    const each = await tokenFor('wl_agent')
    const entry = { action: 'update', resource: 'ledger.entries' }
    expect(reasonOf(await guardOf().check(bearer(each), entry))).toBe('not-answered')
    const stranger = guardOf({ online: { token: () => 'per_nobody' } })
    expect(await stranger.check(bearer(each), entry)).toMatchObject({
      reason: 'refused',
      context: { reason: 'caller-may-not-ask' },
    })
    expect(reasonOf(await sensitive.check(bearer(each), entry))).toBe('allowed')
    isDown = true
    expect(await sensitive.check(bearer(each), entry)).toMatchObject({ reason: 'not-answered', status: 503 })
    await surface.world.must('per_asker', { type: 'revoke', reason: 'done' }, more)
    await surface.world.settle()
  })
})

describe('in front of handlers', () => {
  const describeRequest = async (request: Request) => {
    const body = (await request.json()) as { table?: string }
    return body.table === undefined ? undefined : { action: 'update', resource: body.table }
  }

  test('of web-standard requests it says no before they run, and hands the grant on', async () => {
    const handler = guarded(guardOf(), describeRequest, async (request, grant) =>
      Response.json({ by: grant.actor, body: await request.json() }),
    )
    const send = async (table: string, authorization: string) =>
      handler(
        new Request('https://ledger.example/rows', {
          method: 'POST',
          body: JSON.stringify({ table }),
          headers: { authorization },
        }),
      )
    const token = await tokenFor('wl_bot')
    const yes = await send('ledger.accounts', `Bearer ${token}`)
    expect([yes.status, await yes.json()]).toEqual([200, { by: 'wl_bot', body: { table: 'ledger.accounts' } }])
    const no = await send('ledger.entries', `Bearer ${token}`)
    expect([no.status, await no.json()]).toEqual([403, expect.objectContaining({ code: 'outside-scope' })])
    const nobody = await send('ledger.accounts', 'Bearer x.y.z')
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ])
  })

  test('of Fastify as well', async () => {
    const app = Fastify()
    const key = await proofKey()
    app.post(
      '/rows',
      {
        preHandler: fastifyGuard(
          guardOf(),
          ({
            body,
          }: {
            body: unknown
            headers: Record<string, string | string[] | undefined>
            method: string
            url: string
          }) => ({
            action: 'update',
            resource: (body as { table: string }).table,
          }),
          'https://ledger.example',
        ) as never,
      },
      async (request) => ({ by: grantOf(request)?.actor }),
    )
    const token = await tokenFor('wl_bot', undefined, await boundTo(surface, key))
    const url = 'https://ledger.example/rows'
    const send = async (table: string, scheme = 'DPoP') =>
      app.inject({
        method: 'POST',
        url: '/rows',
        payload: { table },
        headers: {
          authorization: `${scheme} ${token}`,
          dpop: await proofFor(key, { method: 'POST', url, token, nowSeconds: nowMillis() / 1000 }),
        },
      })
    expect((await send('ledger.accounts')).json()).toEqual({ by: 'wl_bot' })
    expect((await send('ledger.entries')).json()).toMatchObject({ status: 403, code: 'outside-scope' })
    const bare = await send('ledger.accounts', 'Bearer')
    expect([bare.statusCode, bare.headers['www-authenticate']]).toEqual([401, expect.stringContaining('DPoP')])
    await app.close()
  })
})
