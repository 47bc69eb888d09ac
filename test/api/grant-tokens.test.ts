/** Tokens for what is live, as a client and whoever publishes them see it: given, looked at, ended, and never too long. */
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { proofFor, unpacked } from '../../src/tokens/index.ts'
import { gatedPolicy, withGateway } from '../support/gated.ts'
import { openSurface, publicUrl, type Surface } from './support/surface.ts'
import { boundTo, exchange, form, liveOfAgent, liveOfBot, proofKey, tokenOf, tokenPolicy } from './support/tokens.ts'

let surface: Surface
let bot: string
beforeAll(async () => {
  surface = await openSurface({ directory: withGateway, policy: tokenPolicy() })
  bot = await liveOfBot(surface)
})
beforeEach(() => surface.world.app.runtime.refresh())

const seconds = () => Date.parse(surface.world.now) / 1000

async function given(subject = 'wl_bot', fields?: Record<string, string>, headers = {}) {
  const { status, body } = await tokenOf(surface, subject, fields, headers)
  expect(body.error_description).toBeUndefined()
  expect(status).toBe(200)
  return { ...body, claims: decodeJwt(body.access_token), header: decodeProtectedHeader(body.access_token) }
}

async function refused(subject: string, fields?: Record<string, string>, headers = {}) {
  const { status, body, headers: sent } = await tokenOf(surface, subject, fields, headers)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(sent['cache-control']).toBe('no-store')
  return `${body.error}: ${body.error_description}`
}

async function statusOf(claims: Record<string, unknown>) {
  const { uri, idx } = (claims.status as { status_list: { uri: string; idx: number } }).status_list
  const { status, body, headers } = await surface.get('', new URL(uri).pathname)
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'application/statuslist+jwt',
    'public, max-age=10',
  ])
  const { payload } = await verified(body, 'statuslist+jwt')
  expect(payload).toMatchObject({ sub: uri, ttl: 10 })
  return (await unpacked(payload.status_list as never))(idx)
}

async function verified(token: string, typ: string) {
  const { body } = await surface.get('', '/oauth/jwks')
  const { kid } = decodeProtectedHeader(token)
  const key = body.keys.find((one: { kid: string }) => one.kid === kid)
  return jwtVerify(token, await importJWK(key, 'ES256'), { typ, currentDate: new Date(surface.world.now) })
}

const look = (caller: string, token: string) =>
  form(surface, '/oauth/introspect', { token }, { authorization: `Bearer ${caller}` })

describe('[nhi/least-and-short] a token', () => {
  test('says what the terms say, for minutes, signed with a published key', async () => {
    const { claims, header, access_token: token, ...answer } = await given()
    expect(header).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    await verified(token, 'at+jwt')
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
    expect(claims).toMatchObject({
      iss: publicUrl,
      aud: 'sys_ledger',
      sub: 'wl_bot',
      client_id: 'wl_bot',
      exp: (claims.iat as number) + 300,
      authorization_details: [
        {
          type: 'countersign_waiver',
          identifier: bot,
          actions: ['select', 'update'],
          resources: ['ledger.accounts'],
          account: 'bot_db',
          terms: (await surface.world.waiver(bot)).digest,
          check: 'by-token',
        },
      ],
    })
    expect(await statusOf(claims)).toBe('valid')
  })

  test('[agent/runtime-check] of an agent, or of a waiver with a budget, says that each use has to be asked about', async () => {
    const agent = await liveOfAgent(surface)
    const { claims } = await given('wl_agent')
    expect(claims.authorization_details).toMatchObject([{ identifier: agent, check: 'each-use' }])
    await surface.world.must('per_asker', { type: 'revoke', reason: 'done' }, agent)
    await surface.world.settle()
    const counted = await openSurface({ directory: withGateway, policy: tokenPolicy() })
    await liveOfBot(counted, { usesMax: 5 })
    const { body } = await tokenOf(counted, 'wl_bot')
    expect(body.authorization_details).toMatchObject([{ conditions: { usesMax: 5 }, check: 'each-use' }])
  })

  test('[agent/owner-counts] carries everybody through whom it was asked for, and none when one of them approved', async () => {
    const { claims } = await given('wl_bot via per_nobody')
    expect(claims).toMatchObject({ sub: 'per_nobody', act: { sub: 'wl_bot' } })
    expect(await refused('wl_bot via per_sam')).toContain('approver-in-chain')
  })

  test('never outlives its window, whatever else', async () => {
    const { end } = (await surface.world.waiver(bot)).terms.window
    const before = surface.world.now
    await surface.world.at(new Date(Date.parse(end) - 90_500).toISOString())
    await surface.world.app.runtime.refresh()
    const { claims, expires_in: lasts } = await given()
    expect((claims.exp as number) * 1000).toBeLessThanOrEqual(Date.parse(end))
    expect(lasts).toBeLessThanOrEqual(91)
    await surface.world.at(end)
    await surface.world.app.runtime.refresh()
    expect(await refused('wl_bot')).toContain('window-over')
    await surface.world.at(before)
    await surface.world.query('update countersign.heads set at = $1, frozen = false where name = $2', [before, 'clock'])
    await surface.world.app.runtime.refresh()
  })

  test('is for whoever may use the waiver alone', async () => {
    expect(await refused('per_asker')).toContain('invalid_target: no live waiver of yours')
    expect(await refused('wl_gate')).toContain('no live waiver of yours')
    const details = (waiver: string) => JSON.stringify([{ type: 'countersign_waiver', identifier: waiver }])
    expect(await refused('wl_agent', { authorization_details: details(bot) })).toContain('no live waiver of yours')
    expect((await given('wl_bot', { authorization_details: details(bot) })).claims.aud).toBe('sys_ledger')
    expect(await refused('wl_bot', { audience: 'sys_else' })).toContain('no live waiver of yours')
  })

  test('is not given for less than the terms, nor for what cannot be read', async () => {
    const less = [{ type: 'countersign_waiver', identifier: bot, actions: ['select'] }]
    const odd: Record<string, string>[] = [
      { authorization_details: JSON.stringify(less) },
      { authorization_details: '{' },
      { authorization_details: '[]' },
      { audience: 'sys_ledger', resource: 'https://ledger.example' },
      { audience: 'sys_ledger', actor_token: 'x' },
      { audience: 'sys_ledger', grant_type: 'password' },
      { audience: 'sys_ledger', subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      {},
    ]
    const told = await Promise.all(odd.map((fields) => refused('wl_bot', fields)))
    expect(told.map((text) => text.split(':')[0])).toEqual([
      'invalid_authorization_details',
      'invalid_authorization_details',
      'invalid_authorization_details',
      'invalid_target',
      'invalid_request',
      'unsupported_grant_type',
      'invalid_request',
      'invalid_request',
    ])
    const twice = await surface.get('', '/oauth/token', {
      method: 'POST',
      payload: `${new URLSearchParams({ ...exchange, subject_token: 'wl_bot' })}&audience=sys_ledger&audience=sys_x`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([twice.status, twice.body.error]).toEqual([400, 'invalid_request'])
    const json = await surface.get('', '/oauth/token', {
      method: 'POST',
      payload: JSON.stringify({ ...exchange, subject_token: 'wl_bot', audience: 'sys_ledger' }),
      headers: { 'content-type': 'application/json' },
    })
    expect([json.status, json.body.error]).toEqual([400, 'invalid_request'])
  })
})

test('[B07] no signature is made for a status list on which nothing stands', async () => {
  expect((await surface.get('', '/oauth/status/999999999')).status).toBe(404)
})

describe('[B06] a key', () => {
  test('that is shown binds the token to it', async () => {
    const key = await proofKey()
    const { claims, token_type: type } = await given('wl_bot', undefined, await boundTo(surface, key))
    expect(type).toBe('DPoP')
    expect(claims.cnf).toEqual({ jkt: expect.any(String) })
  })

  test('has to be shown by a proof for this, once', async () => {
    const key = await proofKey()
    const proof = await boundTo(surface, key)
    await given('wl_bot', undefined, proof)
    expect(await refused('wl_bot', undefined, proof)).toContain('invalid_dpop_proof: it was used before')
    const elsewhere = { method: 'POST', url: `${publicUrl}/oauth/revoke`, nowSeconds: seconds() }
    expect(await refused('wl_bot', undefined, { dpop: await proofFor(key, elsewhere) })).toContain('invalid_dpop_proof')
  })

  test('[B07] of a caller nobody knows is not remembered, so strangers cannot fill the memory that keeps others out', async () => {
    const proof = await boundTo(surface, await proofKey())
    const stranger = () =>
      form(surface, '/oauth/token', { ...exchange, subject_token: '', audience: 'sys_ledger' }, proof)
    expect((await stranger()).status).toBe(400)
    expect((await stranger()).body.error_description).not.toContain('used before')
    await given('wl_bot', undefined, proof)
    expect(await refused('wl_bot', undefined, proof)).toContain('it was used before')
  })

  test('is asked for where the rules say so', async () => {
    const policy = gatedPolicy()
    const ledger = { ...policy.systems.sys_ledger, boundTokens: true } as (typeof policy.systems)[string]
    const other = await openSurface({ directory: withGateway, policy: { ...policy, systems: { sys_ledger: ledger } } })
    await liveOfBot(other)
    expect((await tokenOf(other, 'wl_bot')).body).toMatchObject({ error: 'invalid_dpop_proof' })
    const bound = await tokenOf(other, 'wl_bot', undefined, await boundTo(other, await proofKey()))
    expect(bound.body).toMatchObject({ token_type: 'DPoP' })
  })
})

describe('what was given', () => {
  test('is looked at by whoever enforces, its subject and whoever controls that; others hear nothing', async () => {
    const { access_token: token } = await given()
    for (const caller of ['wl_gate', 'wl_bot', 'per_asker']) {
      const { status, body } = await look(caller, token)
      expect([caller, status, body.active, body.sub]).toEqual([caller, 200, true, 'wl_bot'])
    }
    for (const caller of ['wl_agent', 'per_nobody']) expect((await look(caller, token)).body).toEqual({ active: false })
    expect((await look('wl_gate', `${token.slice(0, -6)}AAAAAA`)).body).toEqual({ active: false })
    expect((await look('wl_gate', 'not a token')).body).toEqual({ active: false })
    const nobody = await form(surface, '/oauth/introspect', { token })
    expect([nobody.status, nobody.body.error]).toEqual([401, 'invalid_client'])
  })

  test('is ended by whoever holds it, and the waiver goes on', async () => {
    const { access_token: token, claims } = await given()
    expect((await form(surface, '/oauth/revoke', { token: 'something else' })).status).toBe(200)
    expect((await look('wl_gate', token)).body.active).toBe(true)
    expect((await form(surface, '/oauth/revoke', { token })).body).toEqual({})
    expect((await look('wl_gate', token)).body).toEqual({ active: false })
    expect(await statusOf(claims)).toBe('invalid')
    expect((await given()).claims.jti).not.toBe(claims.jti)
  })

  test('is suspended and ended with its waiver, on its list and when looked at', async () => {
    const { access_token: token, claims } = await given()
    await surface.world.must('per_watch', { type: 'suspend', reason: 'let us see' }, bot)
    await surface.world.app.runtime.refresh()
    expect(await statusOf(claims)).toBe('suspended')
    expect((await look('wl_gate', token)).body).toEqual({ active: false })
    expect(await refused('wl_bot')).toContain('waiver-suspended')
    await surface.world.must('per_asker', { type: 'revoke', reason: 'done' }, bot)
    await surface.world.app.runtime.refresh()
    expect(await statusOf(claims)).toBe('invalid')
    expect(await refused('wl_bot')).toContain('no live waiver of yours')
  })

  test('[fail/closed] [B07] cannot be had, nor looked at, while nobody knows what is in force', async () => {
    const other = await openSurface({ directory: withGateway, policy: tokenPolicy() })
    await liveOfBot(other)
    const { body } = await tokenOf(other, 'wl_bot')
    const cut = await openSurface({ directory: withGateway, policy: tokenPolicy() })
    expect((await tokenOf(cut, 'wl_bot')).body).toMatchObject({ error: 'temporarily_unavailable' })
    expect((await cut.get('', '/oauth/status/0')).status).toBe(503)
    expect((await look('wl_gate', body.access_token)).body).toEqual({ active: false })
  })
})

test('where everything is stands where the standards say', async () => {
  const { body } = await surface.get('', '/.well-known/oauth-authorization-server')
  expect(body).toMatchObject({ issuer: publicUrl, token_endpoint: `${publicUrl}/oauth/token` })
  for (const member of ['jwks_uri', 'introspection_endpoint', 'revocation_endpoint'])
    expect(body[member]).toContain(`${publicUrl}/oauth/`)
  const { body: resource } = await surface.get('', '/.well-known/oauth-protected-resource')
  expect(resource).toMatchObject({ resource: publicUrl, bearer_methods_supported: ['header'] })
  const { body: keys } = await surface.get('', '/oauth/jwks')
  expect(JSON.stringify(keys)).not.toContain('"d"')
})
