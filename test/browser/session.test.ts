/** Sessions of browsers as somebody hostile meets them: forged calls, planted cookies, stolen links, pages in frames. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSample, type TestSample } from './support/sample.ts'
import { type Visitor, visitorAt } from './support/visitor.ts'

let sample: TestSample
beforeAll(async () => {
  sample = await openSample()
})
afterAll(() => sample?.close())

const visitor = () => visitorAt(sample.publicUrl)
async function signedIn(login = 'maria'): Promise<Visitor> {
  const one = visitor()
  await one.signIn(login)
  return one
}
const isSignedIn = async (one: Visitor) => (await one.get('/session')).body.signedIn as boolean

describe('signing in', () => {
  test('makes a session that scripts and other sites cannot have, and hands out no token', async () => {
    const lines: string[] = []
    const one = visitor()
    await one.signIn('maria')
    const [begun, me] = [await one.get('/session'), await one.get('/v1/me')]
    expect(begun.body).toMatchObject({ signedIn: true, sample: true, issuers: ['sample'], idleSeconds: 3_600 })
    expect(me.body).toMatchObject({ id: 'per_maria', kind: 'person', chain: [] })
    lines.push(begun.text, me.text)
    expect(lines.join(' ')).not.toMatch(/eyJ|Bearer/)
    expect(one.cookie()).toMatch(/^[\w-]{43}$/)
    expect(lines.join(' ')).not.toContain(one.cookie())
  })

  test('sets cookies for this site only, unreadable for scripts', async () => {
    const start = await visitor().get('/sign-in')
    expect(start.status).toBe(303)
    expect(start.headers.getSetCookie()).toEqual([expect.stringMatching(/; Path=\/; HttpOnly; SameSite=Lax$/)])
    const address = new URL(start.headers.get('location') ?? '')
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      client_id: 'countersign-web',
      redirect_uri: `${sample.publicUrl}/callback`,
    })
    const out = await (await signedIn()).write('/v1/session/end', {})
    expect(out.headers.getSetCookie()).toEqual([
      expect.stringMatching(/=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/),
    ])
  })

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/%09/evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/sign-in?to=/x',
    '/callback?code=1',
    '/v1/me',
    'evil',
    '',
  ])('[B16] leads to pages of ours and nowhere else: %j', async (to) => {
    const end = await visitor().signIn('maria', { to })
    expect(end.origin).toBe(sample.publicUrl)
    expect(end.pathname).toMatch(/^\/(?:%09\/evil\.example)?$/)
  })

  test('leads back to the page that was asked for', async () => {
    const end = await visitor().signIn('maria', { to: '/waivers/wvr_1?tab=life' })
    expect(end.pathname + end.search).toBe('/waivers/wvr_1?tab=life')
  })
})

describe('a planted session', () => {
  test('is worth nothing after somebody signed in over it', async () => {
    const attacker = await signedIn('diego')
    const planted = attacker.cookie()
    const victim = visitor()
    // The browser arrives at the callback with the attacker's session in it.
    const name = `countersign-${new URL(sample.publicUrl).port}`
    const back = await callbackOf(victim, 'maria')
    const done = await victim.get(back, {
      cookie: `${victim.browser.cookiesFor(new URL(sample.publicUrl))}; ${name}=${planted}`,
    })
    expect(done.status).toBe(303)
    const [own] = done.headers
      .getSetCookie()
      .filter((line) => line.startsWith(`${name}=`) && !line.includes('Max-Age=0'))
    expect(own).not.toContain(planted)
    expect(await isSignedIn(attacker)).toBe(false)
  })

  test('beside the real one makes the browser nobody', async () => {
    const one = await signedIn()
    const name = `countersign-${new URL(sample.publicUrl).port}`
    const twice = { cookie: `${name}=${one.cookie()}; ${name}=${(await signedIn('diego')).cookie()}` }
    expect((await one.get('/session', twice)).body.signedIn).toBe(false)
    expect((await one.get('/v1/me', twice)).status).toBe(401)
  })

  test('cannot be made with somebody else’s sign-in, nor a sign-in be used twice', async () => {
    const attacker = visitor()
    const back = await callbackOf(attacker, 'diego')
    const victim = await signedIn('maria')
    const led = await victim.get(back)
    expect(led.headers.get('location')).toBe('/?sign-in=sign-in-expired')
    expect((await victim.get('/v1/me')).body.id).toBe('per_maria')
    expect((await attacker.get(back)).headers.get('location')).toBe('/')
    expect((await attacker.get(back)).headers.get('location')).toBe('/?sign-in=sign-in-failed')
    for (const odd of ['/callback', '/callback?state=a%3Bb&code=1', '/callback?error=access_denied&state=x'])
      expect((await visitor().get(odd)).headers.get('location')).toBe('/?sign-in=sign-in-expired')
  })
})

describe('[B16] a call that another page makes the browser send', () => {
  const asked = { reason: 'x', everywhere: false }

  test('writes nothing, whatever it carries', async () => {
    const one = await signedIn()
    const { proof } = (await one.get('/session')).body
    const other = (await (await signedIn('diego')).get('/session')).body.proof
    const forged: Record<string, string>[] = [
      {},
      { 'countersign-page': '' },
      { 'countersign-page': other },
      { 'countersign-page': `${proof}x` },
      { 'countersign-page': proof, origin: 'https://evil.example' },
      { 'countersign-page': proof, origin: 'null' },
      { 'countersign-page': proof, origin: 'http://localhost:1' },
      { 'countersign-page': proof, 'sec-fetch-site': 'cross-site' },
      { 'countersign-page': proof, 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of forged) {
      const answer = await one.post('/v1/session/end', {}, headers)
      expect([answer.status, answer.body.code], JSON.stringify(headers)).toEqual([403, 'call-forged'])
    }
    expect((await one.post('/v1/waivers/wvr_x/revocation', asked, { 'content-type': 'text/plain' })).status).toBe(415)
    expect(await isSignedIn(one)).toBe(true)
  })

  test('reads nothing for that page', async () => {
    const one = await signedIn()
    expect((await one.get('/v1/me', { 'sec-fetch-site': 'cross-site' })).body.code).toBe('call-forged')
    expect((await one.get('/session', { 'sec-fetch-site': 'cross-site' })).body.signedIn).toBe(false)
    expect(
      (await one.get('/v1/me', { origin: sample.publicUrl })).headers.get('access-control-allow-origin'),
    ).toBeNull()
  })

  test('ends nothing by being a link: no address changes anything when it is opened', async () => {
    const one = await signedIn()
    for (const path of ['/v1/session/end', '/session/end', '/sign-out'])
      expect((await one.get(path)).status, path).toBeGreaterThanOrEqual(400)
    expect(await isSignedIn(one)).toBe(true)
  })

  test('a token in a call is what counts, and no cookie makes up for a bad one', async () => {
    const one = await signedIn()
    expect((await one.get('/v1/me', { authorization: 'Bearer a.b.c' })).status).toBe(401)
  })
})

describe('signing out', () => {
  test('ends this session, and everywhere ends all of this person', async () => {
    const [first, second, third, other] = (await Promise.all(['maria', 'maria', 'maria', 'diego'].map(signedIn))) as [
      Visitor,
      Visitor,
      Visitor,
      Visitor,
    ]
    const kept = first.cookie()
    expect((await first.write('/v1/session/end', { everywhere: false })).body).toEqual({ signedIn: false })
    const name = `countersign-${new URL(sample.publicUrl).port}`
    expect((await first.get('/v1/me', { cookie: `${name}=${kept}` })).status).toBe(401)
    expect(await isSignedIn(second)).toBe(true)
    await second.write('/v1/session/end', { everywhere: true })
    expect([await isSignedIn(second), await isSignedIn(third), await isSignedIn(other)]).toEqual([false, false, true])
  })
})

describe('the pages', () => {
  test('cannot be framed, run no script and no style that is not theirs, and ask nobody else', async () => {
    const [one, again] = await Promise.all([visitor().get('/', html), visitor().get('/waivers/wvr_x', html)])
    expect([one.status, again.status]).toEqual([200, 200])
    const policy = one.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(one.headers.get('x-frame-options')).toBe('DENY')
    expect(one.headers.get('cache-control')).toBe('no-store')
    const nonce = /'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? 'none'
    expect(one.text).toContain(nonce)
    expect(again.headers.get('content-security-policy')).not.toContain(nonce)
    expect(one.text).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=|https?:\/\//)
  })

  test('are the files of the build and nothing beside them', async () => {
    const { text } = await visitor().get('/', html)
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(text) ?? []
    const file = await visitor().get(script, { 'accept-encoding': 'br' })
    expect([file.status, file.headers.get('content-encoding')]).toEqual([200, 'br'])
    expect(file.headers.get('cache-control')).toContain('immutable')
    for (const path of [
      '/assets/',
      '/assets/..%2findex.html',
      '/assets/%2e%2e/sources.sha256',
      '/assets/.',
      '/index.js',
    ])
      expect((await visitor().get(path)).status, path).toBe(404)
  })
})

const html = { accept: 'text/html' }

/** Goes through a sign-in up to the address it would lead back to, and does not open it. */
async function callbackOf({ browser }: Visitor, login: string): Promise<string> {
  const end = await browser.goTo(
    new URL('/sign-in', sample.publicUrl),
    login,
    ({ pathname }) => pathname === '/callback',
  )
  return end.pathname + end.search
}
