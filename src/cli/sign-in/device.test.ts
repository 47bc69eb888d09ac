import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approveDeviceAs, scriptedBrowser } from '../../identity/sample/index.ts'
import { type ListeningSample, listeningSample } from '../../identity/sample/listening-sample.contract.ts'
import { type DevicePrompt, type SignInByDevice, signInByDevice } from './index.ts'

let here: ListeningSample
beforeAll(async () => {
  here = await listeningSample()
})
afterAll(() => here.close())

function signIn(more: Partial<SignInByDevice>) {
  const at = { issuer: here.sample.issuer, clientId: here.sample.clients.device, audience: here.publicUrl }
  return signInByDevice({ ...at, onPrompt: () => undefined, ...more })
}

describe.concurrent('signing in by a code', () => {
  test('[B16] works, and yields a token that never decides', async () => {
    const prompts: DevicePrompt[] = []
    const approved: Promise<void>[] = []
    const signedIn = await signIn({
      onPrompt: (prompt) => {
        prompts.push(prompt)
        approved.push(approveDeviceAs(prompt.verificationUriComplete ?? '', 'maria'))
      },
    })
    await Promise.all(approved)
    expect(prompts).toEqual([
      {
        userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
        verificationUri: `${here.sample.issuer}/device`,
        verificationUriComplete: expect.stringContaining('?user_code='),
        expiresAt: expect.stringMatching(/Z$/),
      },
    ])
    expect(signedIn).toMatchObject({
      issuer: here.sample.issuer,
      clientId: 'countersign-cli',
      subject: 'maria',
      name: 'Maria Lindqvist',
    })
    expect(Date.parse(signedIn.expiresAt)).toBeGreaterThan(Date.now())
    const outcome = await here.verifier.authenticate({ authorization: `Bearer ${signedIn.accessToken}` })
    expect(outcome).toMatchObject({ actor: { id: 'per_maria', chain: [] }, subject: 'maria' })
    expect(outcome).not.toHaveProperty('actor.signedInAt')
  })

  test('ends when the person says no', async () => {
    const cancelled = signIn({
      onPrompt: ({ userCode }) => {
        void refuse(userCode)
      },
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'denied' })
  })

  test('ends when it is told to', async () => {
    const ending = new AbortController()
    const ended = signIn({ signal: ending.signal, onPrompt: () => ending.abort() })
    await expect(ended).rejects.toMatchObject({ code: 'timed-out' })
  })

  test('a code counts once', async () => {
    const browser = scriptedBrowser()
    const ending = new AbortController()
    const again = Promise.withResolvers<void>()
    const ended = signIn({
      signal: ending.signal,
      onPrompt: ({ verificationUriComplete = '' }) => {
        const twice = approveDeviceAs(verificationUriComplete, 'maria', browser).then(() =>
          approveDeviceAs(verificationUriComplete, 'ada', browser),
        )
        twice.then(again.resolve, again.reject).finally(() => ending.abort())
      },
    })
    await expect(again.promise).rejects.toThrow('used before')
    await expect(ended).rejects.toMatchObject({ code: 'timed-out' })
  })
})

describe('where there is nothing to sign in at', () => {
  test.each([
    ['http://login.acme.example', 'issuer-insecure'],
    ['http://localhost.evil.example', 'issuer-insecure'],
    ['file:///etc/passwd', 'issuer-insecure'],
    ['acme', 'issuer-insecure'],
    ['http://127.0.0.1:1', 'issuer-unreachable'],
  ])('%s: %s', async (issuer, code) => {
    await expect(signIn({ issuer })).rejects.toMatchObject({ code })
  })

  test('a client that may not is told so', async () => {
    await expect(signIn({ clientId: 'countersign-web' })).rejects.toMatchObject({ code: 'answer-invalid' })
  })
})

/** Types the code, and then cancels instead of going on. */
async function refuse(userCode: string): Promise<void> {
  const address = `${here.sample.issuer}/device`
  const page = await fetch(address)
  const cookie = page.headers.getSetCookie().map((line) => line.split(';')[0])
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const form = new URLSearchParams({ xsrf, user_code: userCode, abort: 'yes' })
  await fetch(address, { method: 'POST', headers: { cookie: cookie.join('; ') }, body: form })
}
