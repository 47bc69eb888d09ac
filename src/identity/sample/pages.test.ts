import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from './html.ts'
import { type ListeningSample, listeningSample } from './listening-sample.contract.ts'
import { page } from './page.ts'
import { choosePage } from './pages.ts'

describe('[B17] text never becomes markup', () => {
  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { markup } = html`${text}`
        expect(markup).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|&(?!(?:amp|lt|gt|quot|#39);)/u)
      }),
    )
  })

  test('and what would hide or reverse it is shown', () => {
    expect(html`${'a\u202eb\u200bc\u0007'}`.markup).toBe('a\\u{202e}b\\u{200b}c\\u{7}')
    expect(html`${'<script>alert("1")&\'</script>'}`.markup).toBe(
      '&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;&lt;/script&gt;',
    )
  })
})

describe('the list of people to be', () => {
  const people = [
    { login: 'zoe', name: 'Zoë <b>', team: 'Payments' },
    { login: 'ada', name: 'Ada', title: 'Risk officer', team: 'Control' },
    { login: 'x"y', name: 'Quote' },
  ]
  const choice = { action: '/here', clientName: 'Countersign', people, find: '' }

  test('is grouped by team, those without one last', () => {
    const headings = [...choosePage(choice).body.matchAll(/<h2>([^<]*)/g)].map(([, heading]) => heading)
    expect(headings).toEqual(['Control', 'Payments', 'Without a team', 'Nobody'])
  })

  test.each([
    ['risk', ['ada']],
    ['PAYM', ['zoe']],
    ['zoë', ['zoe']],
    ['', ['ada', 'zoe', 'x&quot;y']],
    ['<script>', []],
  ])('can be searched without a script: `%s`', (find, expected) => {
    const { body } = choosePage({ ...choice, find })
    expect([...body.matchAll(/name="login" value="([^>]*)"/g)].map(([, login]) => login)).toEqual(expected)
    expect(body).not.toContain('<script')
  })

  test('lets the answer lead to the redirect of the program, and to nothing else', () => {
    const { policy } = choosePage({ ...choice, leadsTo: 'http://127.0.0.1:4711' })
    expect(policy).toContain("form-action 'self' http://127.0.0.1:4711;")
    expect(choosePage(choice).policy).toContain("form-action 'self';")
  })
})

describe('every page', () => {
  let here: ListeningSample
  beforeAll(async () => {
    here = await listeningSample()
  })
  afterAll(() => here.close())

  const address = () => {
    const query = new URLSearchParams({
      client_id: 'countersign-decide',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:4711/callback',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    })
    return `${here.publicUrl}/sample-idp/auth?${query}`
  }
  /** The interaction an authorization request leads to, and the cookies that open it. */
  async function interaction() {
    const response = await fetch(address(), { redirect: 'manual' })
    const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0])
    return { at: new URL(response.headers.get('location') ?? '', here.publicUrl), cookie: cookie.join('; ') }
  }

  test('says that it is a sample, allows no script and nothing from elsewhere', async () => {
    const { at, cookie } = await interaction()
    const pages = [
      await fetch(at, { headers: { cookie } }),
      await fetch(at),
      await fetch(`${here.publicUrl}/sample-idp/device`),
      await fetch(`${here.publicUrl}/sample-idp/device?user_code=ABCD-EFGH`),
      await fetch(`${here.publicUrl}/sample-idp/auth?client_id=nobody`, { headers: { accept: 'text/html' } }),
    ]
    for (const response of pages) {
      const body = await response.text()
      expect(body).toContain('SAMPLE sign-in')
      expect(body).not.toMatch(/<script|<link|<img|<iframe|@import|url\(| on[a-z]+=/i)
      expect(response.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^;]+'; form-action/,
      )
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(response.headers.get('cache-control')).toContain('no-store')
      expect(response.headers.get('referrer-policy')).toBe('same-origin')
    }
    expect(pages.map(({ status }) => status)).toEqual([200, 400, 200, 200, 400])
  })

  test('has the one style sheet that its policy names', async () => {
    const { body, policy } = page('Title', html`<p>Text</p>`)
    const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? ''
    const { createHash } = await import('node:crypto')
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  })

  const choose = (at: URL, headers: Record<string, string>, form: Record<string, string>) =>
    fetch(at, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' })

  test('[B16] takes a choice only from the browser that was asked', async () => {
    const { at, cookie } = await interaction()
    const other = await interaction()
    expect((await choose(at, {}, { login: 'maria' })).status).toBe(400)
    expect((await choose(at, { cookie: other.cookie }, { login: 'maria' })).status).toBe(400)
    expect((await choose(at, { cookie, origin: 'https://evil.example' }, { login: 'maria' })).status).toBe(403)
    expect((await choose(at, { cookie }, { login: 'maria' })).status).toBe(303)
  })

  test('[B10] takes a choice once: what it led to ends it', async () => {
    const { at, cookie } = await interaction()
    const chosen = await choose(at, { cookie }, { login: 'maria' })
    const end = await fetch(chosen.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' })
    expect(end.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:4711\/callback\?code=/)
    expect((await choose(at, { cookie }, { login: 'ada' })).status).toBe(400)
    const again = await fetch(chosen.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' })
    expect(again.headers.get('location') ?? '').not.toContain('code=')
  })

  test('does not take what is no small form, or names nobody', async () => {
    const { at, cookie } = await interaction()
    expect((await choose(at, { cookie }, { login: 'mallory' })).status).toBe(400)
    expect((await choose(at, { cookie }, { login: '' })).status).toBe(400)
    expect((await choose(at, { cookie }, { login: 'maria', more: 'x'.repeat(10_000) })).status).toBe(400)
    const json = { cookie, 'content-type': 'application/json' }
    expect((await fetch(at, { method: 'POST', headers: json, body: '{"login":"maria"}' })).status).toBe(400)
  })

  test('lets go of a sign-in that is cancelled', async () => {
    const { at, cookie } = await interaction()
    const cancelled = await choose(at, { cookie }, { cancel: 'yes' })
    const end = await fetch(cancelled.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' })
    expect(end.headers.get('location')).toContain('error=access_denied')
  })
})
