import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { scriptedBrowser } from './browser.ts'
import { signInAs, signInWorkload } from './index.ts'
import { type ListeningSample, listeningSample, people } from './listening-sample.contract.ts'

let here: ListeningSample
beforeAll(async () => {
  here = await listeningSample()
})
afterAll(() => here.close())

async function outcomeOf(token: string) {
  return here.verifier.authenticate({ authorization: `Bearer ${token}` })
}

describe('the sample provider', () => {
  test('signs a person in such that they may decide', async () => {
    const before = Math.floor(Date.now() / 1000)
    const token = await signInAs(here.publicUrl, 'maria')
    const claims = decodeJwt(token)
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect(claims).toMatchObject({
      sub: 'maria',
      client_id: 'countersign-decide',
      aud: here.publicUrl,
      iss: here.sample.issuer,
    })
    expect(claims.auth_time).toBeGreaterThanOrEqual(before)
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(300)
    expect(await outcomeOf(token)).toMatchObject({
      actor: { id: 'per_maria', chain: [], signedInAt: expect.any(String) },
    })
  })

  test('[B16] asks anew each time, so a second decision is a second act', async () => {
    const browser = scriptedBrowser()
    const first = decodeJwt(await signInAs(here.publicUrl, 'maria', { browser }))
    const second = decodeJwt(await signInAs(here.publicUrl, 'maria', { browser, freshness: 'session' }))
    expect(Number(second.auth_time)).toBeGreaterThanOrEqual(Number(first.auth_time))
    // A session of somebody else in the same browser does not answer for a program.
    expect(decodeJwt(await signInAs(here.publicUrl, 'ada', { browser, freshness: 'session' })).sub).toBe('ada')
  })

  test('a session of the web app goes on with the sign-in it began with', async () => {
    const browser = scriptedBrowser()
    const first = decodeJwt(await signInAs(here.publicUrl, 'maria', { browser, client: 'countersign-web' }))
    const again = await signInAs(here.publicUrl, 'nobody-is-asked', {
      browser,
      client: 'countersign-web',
      freshness: 'session',
    })
    expect(decodeJwt(again)).toMatchObject({ sub: 'maria', auth_time: first.auth_time })
    const fresh = await signInAs(here.publicUrl, 'ada', { browser, client: 'countersign-web' })
    expect(decodeJwt(fresh).sub).toBe('ada')
  })

  test('carries an old sign-in faithfully, and a new one only after a new choice', async () => {
    const browser = scriptedBrowser()
    const web = { browser, client: 'countersign-web' } as const
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const { auth_time: first } = decodeJwt(await signInAs(here.publicUrl, 'maria', web))
      vi.setSystemTime(Date.now() + 600_000)
      const token = await signInAs(here.publicUrl, 'nobody-is-asked', { ...web, freshness: 'session' })
      expect(decodeJwt(token)).toMatchObject({ sub: 'maria', auth_time: first })
      const signedInAt = new Date(Number(first) * 1000).toISOString()
      expect(await outcomeOf(token)).toMatchObject({ actor: { id: 'per_maria', signedInAt } })
      const fresh = decodeJwt(await signInAs(here.publicUrl, 'maria', web))
      expect(Number(fresh.auth_time)).toBeGreaterThanOrEqual(Number(first) + 600)
    } finally {
      vi.useRealTimers()
    }
  })

  test('does not know people who are not in the sample', async () => {
    await expect(signInAs(here.publicUrl, 'mallory')).rejects.toThrow('cannot be chosen')
  })

  test('[nhi/least-and-short] [B22] gives a workload a short token that never decides', async () => {
    const token = await signInWorkload(here.publicUrl, 'builder', here.sample.workloadSecret('builder'))
    const claims = decodeJwt(token)
    expect(claims).toMatchObject({ sub: 'builder', client_id: 'builder', aud: here.publicUrl })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(600)
    const outcome = await outcomeOf(token)
    expect(outcome).toMatchObject({ actor: { id: 'wl_builder', chain: [] } })
    expect(outcome).not.toHaveProperty('actor.signedInAt')
    await expect(signInWorkload(here.publicUrl, 'builder', 'wrong')).rejects.toThrow()
  })

  test('[B13] a name that would mean a person and a workload means neither', async () => {
    expect(() => here.sample.workloadSecret('jo')).toThrow('no workload')
    await expect(signInAs(here.publicUrl, 'jo')).rejects.toThrow('cannot be chosen')
  })

  test('somebody who leaves while the demo runs can no longer sign in, nor go on with a session', async () => {
    let present = [...people]
    const other = await listeningSample({ people: () => present })
    try {
      const browser = scriptedBrowser()
      await signInAs(other.publicUrl, 'maria', { browser, client: 'countersign-web' })
      present = present.filter(({ login }) => login !== 'maria')
      const again = signInAs(other.publicUrl, 'maria', { browser, client: 'countersign-web', freshness: 'session' })
      await expect(again).rejects.toThrow('cannot be chosen')
    } finally {
      await other.close()
    }
  })
})

describe('what the sample provider does not do', () => {
  const post = (path: string, form: Record<string, string>) =>
    fetch(`${here.publicUrl}/sample-idp${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
  const authorize = async (more: Record<string, string>) => {
    const query = new URLSearchParams({
      client_id: 'countersign-decide',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:4711/callback',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    })
    const response = await fetch(`${here.publicUrl}/sample-idp/auth?${query}`, { redirect: 'manual' })
    return `${response.status} ${response.headers.get('location') ?? (await response.text())}`
  }

  test.each([
    ['redirect elsewhere', { redirect_uri: 'https://evil.example/callback' }, /^400 .*invalid_redirect_uri/s],
    ['redirect to a name that only looks local', { redirect_uri: 'http://localhost.evil.example/callback' }, /^400 /],
    ['redirect to another path', { redirect_uri: 'http://127.0.0.1:4711/other' }, /^400 /],
    ['answer without PKCE', { code_challenge: '', code_challenge_method: '' }, /^303 .*error=invalid_request/],
    ['answer with plain PKCE', { code_challenge_method: 'plain' }, /^303 .*error=invalid_request/],
    ['hand out tokens in addresses', { response_type: 'id_token' }, /^303 .*#error=invalid_request/],
    [
      'answer with a page that submits itself',
      { response_mode: 'form_post' },
      /^400 (?!.*<script).*by redirects only/s,
    ],
    ['make tokens for another audience', { resource: 'https://other.example' }, /error=invalid_target/],
    ['run the flow for the device client', { client_id: 'countersign-cli' }, /^400 /],
    ['sign in silently', { prompt: 'none' }, /error=login_required/],
  ])('%s', async (_, more, expected) => {
    expect(await authorize(more)).toMatch(expected)
  })

  test('[B16] the device grant is for the device client alone', async () => {
    for (const client_id of ['countersign-decide', 'countersign-web']) {
      const response = await post('/device/auth', { client_id, scope: 'openid', resource: here.publicUrl })
      expect([response.status, await response.text()]).toEqual([
        400,
        expect.stringContaining('not allowed for this client'),
      ])
    }
  })

  test('a page of the same origin may fetch its token', async () => {
    const form = new URLSearchParams({ client_id: 'countersign-web', grant_type: 'authorization_code', code: 'none' })
    const headers = { origin: here.publicUrl }
    const response = await fetch(`${here.publicUrl}/sample-idp/token`, { method: 'POST', headers, body: form })
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('scripts of other origins get nothing', async () => {
    const response = await fetch(`${here.publicUrl}/sample-idp/jwks`, { headers: { origin: 'https://evil.example' } })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null])
  })
})
