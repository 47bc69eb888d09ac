import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scriptedBrowser } from '../../identity/sample/index.ts'
import { freePort, type ListeningSample, listeningSample } from '../../identity/sample/listening-sample.contract.ts'
import { type SignInByBrowser, signInByBrowser } from './index.ts'

let here: ListeningSample
beforeAll(async () => {
  here = await listeningSample()
})
afterAll(() => here.close())

function signIn(more: Partial<SignInByBrowser>) {
  const at = { issuer: here.sample.issuer, clientId: here.sample.clients.browser, audience: here.publicUrl }
  return signInByBrowser({ ...at, open: opens('maria'), onPrompt: () => undefined, timeoutSeconds: 20, ...more })
}

/** A browser in which `login` is chosen. The loopback's page asks for nothing, and there it ends. */
function opens(login: string): SignInByBrowser['open'] {
  return async (address) => {
    void scriptedBrowser().goTo(new URL(address), login)
    return true
  }
}

/** Where the issuer is to send the browser, of the sign-in at this address. */
function redirectOf(address: string): URL {
  return new URL(new URL(address).searchParams.get('redirect_uri') ?? '')
}

/** The status of a call that came under another name. */
function statusUnder(host: string, address: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  get(address, { headers: { host } }, (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject)
  return promise
}

describe('signing in with a browser', () => {
  test.each(['127.0.0.1', 'localhost'] as const)('yields a token that decides, by way of %s', async (loopbackHost) => {
    const prompts: { url: string; opened: boolean }[] = []
    const signedIn = await signIn({ loopbackHost, onPrompt: (prompt) => prompts.push(prompt) })
    const outcome = await here.verifier.authenticate({ authorization: `Bearer ${signedIn.accessToken}` })
    expect(outcome).toMatchObject({ actor: { id: 'per_maria', signedInAt: expect.any(String) } })
    expect(signedIn).toMatchObject({ clientId: 'countersign-decide', subject: 'maria' })
    const [prompt, ...others] = prompts
    expect([prompt?.opened, others]).toEqual([true, []])
    const asked = Object.fromEntries(new URL(prompt?.url ?? '').searchParams)
    expect(asked).toMatchObject({
      code_challenge_method: 'S256',
      prompt: 'login',
      max_age: '0',
      resource: here.publicUrl,
    })
    expect(asked).toMatchObject({ state: expect.stringMatching(/.{20}/), nonce: expect.stringMatching(/.{20}/) })
    expect(redirectOf(prompt?.url ?? '').hostname).toBe(loopbackHost)
  })

  test('goes on when no browser opens and the person opens the address', async () => {
    const signedIn = await signIn({
      open: async () => false,
      onPrompt: ({ url, opened }) => {
        if (!opened) void scriptedBrowser().goTo(new URL(url), 'ada')
      },
    })
    expect(signedIn.subject).toBe('ada')
  })

  test('takes the port it is given, and says when it cannot', async () => {
    const port = await freePort()
    let redirect: URL | undefined
    await signIn({ port, onPrompt: ({ url }) => (redirect = redirectOf(url)) })
    expect(redirect?.port).toBe(String(port))
    const taken = Number(new URL(here.publicUrl).port)
    await expect(signIn({ port: taken })).rejects.toMatchObject({ code: 'option-invalid' })
  })

  test('ends when the person cancels', async () => {
    const refused = signIn({
      open: async (address) => {
        const { searchParams } = new URL(address)
        const answer = redirectOf(address)
        answer.search = new URLSearchParams({
          error: 'access_denied',
          state: searchParams.get('state') ?? '',
          iss: here.sample.issuer,
        }).toString()
        void fetch(answer)
        return true
      },
    })
    await expect(refused).rejects.toMatchObject({ code: 'denied' })
  })

  test('ends when nobody answers in time, or when it is told to', async () => {
    await expect(signIn({ open: async () => true, timeoutSeconds: 0.05 })).rejects.toMatchObject({ code: 'timed-out' })
    const ending = new AbortController()
    const ended = signIn({ open: async () => true, signal: ending.signal, onPrompt: () => ending.abort() })
    await expect(ended).rejects.toMatchObject({ code: 'timed-out' })
  })

  test('leaves nothing listening behind', async () => {
    let redirect = new URL('http://localhost')
    await signIn({ onPrompt: ({ url }) => (redirect = redirectOf(url)) })
    await expect(fetch(redirect)).rejects.toThrow()
  })
})

describe('[B16] answers that nobody asked for', () => {
  test('are turned away, and the waiting goes on', async () => {
    const statuses: number[] = []
    const signedIn = await signIn({
      open: async (address) => {
        const { searchParams } = new URL(address)
        const redirect = redirectOf(address).href
        const state = searchParams.get('state') ?? ''
        const forged = [
          `${redirect}?code=forged&state=forged`,
          `${redirect}?code=forged`,
          `${redirect}?code=forged&state=${state}&state=forged`,
          `${redirect}/other?code=forged&state=${state}`,
          `${redirect}?error=access_denied&state=forged`,
        ]
        for (const attempt of forged) statuses.push((await fetch(attempt)).status)
        statuses.push((await fetch(`${redirect}?code=forged&state=${state}`, { method: 'POST' })).status)
        statuses.push(await statusUnder('rebound.example', `${redirect}?code=forged&state=${state}`))
        void scriptedBrowser().goTo(new URL(address), 'maria')
        return true
      },
    })
    expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 400])
    expect(signedIn.subject).toBe('maria')
  })

  test('from another issuer, or with a code of somebody else, end it', async () => {
    const answerWith = (more: Record<string, string>) => async (address: string) => {
      const state = new URL(address).searchParams.get('state') ?? ''
      const answer = redirectOf(address)
      answer.search = new URLSearchParams({ code: 'stolen', state, ...more }).toString()
      void fetch(answer)
      return true
    }
    await expect(signIn({ open: answerWith({ iss: 'https://evil.example' }) })).rejects.toMatchObject({
      code: 'answer-invalid',
    })
    await expect(signIn({ open: answerWith({ iss: here.sample.issuer }) })).rejects.toMatchObject({
      code: 'answer-invalid',
    })
  })
})
