/** Tokens that are bound to a key, at two processes of one installation, and at `/mcp`: a proof counts once, wherever. */
import type { AddressInfo } from 'node:net'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authenticate } from '../../src/api/options.ts'
import { seenBy } from '../../src/app.ts'
import { challengeOf, createTokenVerifier, insideCalls } from '../../src/identity/index.ts'
import { issuerConfig, type MadeUpIssuer, madeUpIssuer } from '../../src/identity/made-up-issuer.contract.ts'
import { mcpRoute } from '../../src/mcp/index.ts'
import { type ProofKey, proofFor, sharedProofs } from '../../src/tokens/index.ts'
import { openSurface, publicUrl, type Surface } from '../api/support/surface.ts'

const base = 'http://127.0.0.1'
let issuer: MadeUpIssuer
let key: ProofKey
let token: string
let one: Surface
let mcpUrl: string
const nowMillis = () => Date.parse(one.world.now)
const nowSeconds = () => nowMillis() / 1000

/** Another process of the same installation: its own memory, the same store. */
const process = () => {
  const verifier = createTokenVerifier({
    issuers: [issuerConfig(issuer.issuer)],
    audience: publicUrl,
    resolveAccount: async (_, login) => ({ workload: `wl_${login}`, confirmed: true, conflicting: [] }),
    now: nowMillis,
    seen: seenBy(one.world.store),
  })
  return { verifier, inside: insideCalls(verifier) }
}

beforeAll(async () => {
  issuer = await madeUpIssuer()
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  key = { privateKey, publicJwk: await exportJWK(publicKey), algorithm: 'ES256' }
  let inside: ReturnType<typeof process>['inside'] | undefined
  const authenticate: Authenticate = async ({ browser: _, ...credentials }) => {
    inside ??= process().inside
    return inside.authenticate(credentials)
  }
  one = await openSurface({
    api: { authenticate, publicUrl: base },
    mount: (api) =>
      mcpRoute(api, {
        publicUrl: base,
        version: '0',
        nowMillis,
        shown: async (credentials) => {
          inside ??= process().inside
          const answer = await inside.shown(credentials)
          return 'problem' in answer ? { challenge: challengeOf(answer) } : answer
        },
      }),
  })
  token = await issuer.sign({
    sub: 'agent',
    client_id: 'agent',
    auth_time: undefined,
    aud: publicUrl,
    iat: nowSeconds() - 10,
    exp: nowSeconds() + 600,
    cnf: { jkt: await calculateJwkThumbprint(key.publicJwk) },
  })
  await one.api.listen({ port: 0, host: '127.0.0.1' })
  mcpUrl = `${base}:${(one.api.server.address() as AddressInfo).port}/mcp`
})
afterAll(() => issuer.close())

const proof = (url: string, method = 'POST', signer = key) =>
  proofFor(signer, { method, url, token, nowSeconds: nowSeconds() })

describe('[B10] a proof of possession', () => {
  const url = `${publicUrl}/v1/waivers`
  const sent = async () => ({ authorization: `DPoP ${token}`, dpop: await proof(url), method: 'POST', url })
  const code = (answer: object) => ('problem' in answer ? answer.problem : 'in')

  test('counts once for two processes together, also when both see it at the same moment', async () => {
    const [first, second] = [process().verifier, process().verifier]
    const credentials = await sent()
    expect(code(await first.authenticate(credentials))).toBe('in')
    expect(code(await second.authenticate(credentials))).toBe('proof-replayed')
    const many = await Promise.all(Array.from({ length: 40 }, sent))
    const answers = await Promise.all(
      many.flatMap((each) => [first.authenticate(each), second.authenticate(each), second.authenticate(each)]),
    )
    expect(answers.filter((answer) => code(answer) === 'in')).toHaveLength(40)
  })

  test('[fail/closed] [B07] that cannot be asked about lets nobody in', async () => {
    const down = createTokenVerifier({
      issuers: [issuerConfig(issuer.issuer)],
      audience: publicUrl,
      resolveAccount: async () => ({ workload: 'wl_agent', confirmed: true, conflicting: [] }),
      now: nowMillis,
      seen: sharedProofs(async () => {
        throw new Error('the store does not answer')
      }),
    })
    await expect(down.authenticate(await sent())).rejects.toThrow('does not answer')
    await expect(down.authenticate(await sent())).rejects.toThrow('does not answer')
  })

  test('is forgotten when it is too old to be shown again, and not before', async () => {
    const { seenProofs } = one.world.store
    const before = one.world.now
    expect(await seenProofs.remember(['a', 'b'], 60)).toEqual(new Set(['a', 'b']))
    expect(await seenProofs.remember(['b', 'c'], 60)).toEqual(new Set(['c']))
    await seenProofs.forget()
    expect(await seenProofs.remember(['a'], 60)).toEqual(new Set())
    await one.world.after(61)
    await seenProofs.forget()
    expect(await seenProofs.remember(['a'], 60)).toEqual(new Set(['a']))
    await one.world.at(before)
    await one.world.query('update countersign.heads set at = $1, frozen = false where name = $2', [before, 'clock'])
  })
})

describe('[B22] at /mcp', () => {
  async function calling(fetch: typeof globalThis.fetch): Promise<Client> {
    const client = new Client({ name: 'bound-agent', version: '0' }, { versionNegotiation: { mode: 'legacy' } })
    await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { fetch }))
    return client
  }
  const withProof: typeof globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `DPoP ${token}`)
    headers.set('dpop', await proof(`${base}/mcp`, init?.method ?? 'GET'))
    return globalThis.fetch(input, { ...init, headers })
  }

  test('whoever holds the key acts with the token, through every call it makes inside', async () => {
    const client = await calling(withProof)
    const result = await client.callTool({ name: 'what_may_i_ask', arguments: {} })
    expect(result.isError ?? false).toBe(false)
    expect(JSON.stringify(result.content)).toContain('ledger-write')
    await client.close()
  })

  const posted = async (headers: Record<string, string>) => {
    const response = await fetch(mcpUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'list_my_waivers', arguments: {} },
      }),
    })
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate') ?? '',
      text: await response.text(),
    }
  }

  test('whoever stole the token does not, with a proof of another key, a used one, one for elsewhere or none', async () => {
    const other = await generateKeyPair('ES256', { extractable: true })
    const stolen = {
      privateKey: other.privateKey,
      publicJwk: await exportJWK(other.publicKey),
      algorithm: 'ES256',
    } as const
    const used = await proof(`${base}/mcp`)
    const dpop = { authorization: `DPoP ${token}` }
    expect((await posted({ ...dpop, dpop: used })).status).not.toBe(401)
    for (const shown of [
      used,
      await proof(`${base}/mcp`, 'POST', stolen),
      await proof(`${base}/v1/waivers`),
      await proof(`${base}/mcp`, 'GET'),
    ])
      expect(await posted({ ...dpop, dpop: shown })).toMatchObject({
        status: 401,
        challenge: expect.stringContaining('invalid_dpop_proof'),
      })
    expect((await posted(dpop)).status).toBe(401)
    // As a bearer token it opens nothing either: each call inside is refused.
    const bare = await posted({ authorization: `Bearer ${token}`, dpop: await proof(`${base}/mcp`) })
    expect(bare.text).not.toContain('"waivers"')
    expect(bare.text).toMatch(/bound to a key|token-bound|not authenticated|unauthenticated|isError/)
  })
})
