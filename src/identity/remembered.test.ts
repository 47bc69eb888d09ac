import { hash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VerifiedToken } from './claims.ts'
import {
  audience,
  bearer,
  issuerConfig,
  type MadeUpIssuer,
  madeUpIssuer,
  now,
  nowSeconds,
  problemIn,
  resolveAccount,
  signingKey,
} from './made-up-issuer.contract.ts'
import { rememberedTokens } from './remembered.ts'
import { createTokenVerifier } from './tokens.ts'

const verified: VerifiedToken = {
  issuerKey: 'acme',
  subject: { on: 'acme', login: 'maria' },
  actors: [],
  client: undefined,
  signedInSeconds: undefined,
  expiresSeconds: nowSeconds + 300,
}

describe('what was verified', () => {
  test('is remembered for a minute at most, and never beyond its end', () => {
    let clock = now()
    const remembered = rememberedTokens(10, () => clock)
    remembered.remember('long', verified)
    remembered.remember('short', { ...verified, expiresSeconds: nowSeconds + 30 })
    clock += 29_999
    expect([remembered.recall('long'), remembered.recall('short')]).toEqual([verified, expect.anything()])
    clock += 1
    expect(remembered.recall('short')).toBeUndefined()
    clock += 29_999
    expect(remembered.recall('long')).toBe(verified)
    clock += 1
    expect(remembered.recall('long')).toBeUndefined()
  })

  test('is remembered of so many tokens; the longest unused goes first', () => {
    const remembered = rememberedTokens(2, now)
    remembered.remember('a', verified)
    remembered.remember('b', verified)
    remembered.recall('a')
    remembered.remember('c', verified)
    expect(['a', 'b', 'c'].filter((token) => remembered.recall(token) !== undefined)).toEqual(['a', 'c'])
    expect(remembered.size).toBe(2)
  })

  test('is not kept when nothing is to be remembered', () => {
    const remembered = rememberedTokens(0, now)
    remembered.remember('a', verified)
    expect(remembered.size).toBe(0)
  })

  test('is kept by its whole text', () => {
    const remembered = rememberedTokens(10, now)
    remembered.remember('a.b.c', verified)
    for (const other of ['a.b.d', 'a.b.c ', hash('sha256', 'a.b.c', 'base64url')])
      expect(remembered.recall(other)).toBeUndefined()
  })
})

describe('a remembered token', () => {
  let acme: MadeUpIssuer
  beforeAll(async () => {
    acme = await madeUpIssuer()
  })
  afterAll(() => acme.close())

  test('[B08] still asks at each call whose account it is', async () => {
    let known = true
    const resolve = (on: string, login: string) =>
      known ? resolveAccount(on, login) : { confirmed: false, conflicting: [] }
    const options = { issuers: [issuerConfig(acme.issuer)], audience, resolveAccount: resolve, now }
    const { authenticate } = createTokenVerifier(options)
    const token = bearer(await acme.sign())
    expect(problemIn(await authenticate(token))).toBeUndefined()
    known = false
    expect(problemIn(await authenticate(token))).toBe('account-unknown')
  })

  test('is refused once it has expired, however often it was seen', async () => {
    let clock = now()
    const jwks = { keys: [acme.key.publicJwk] }
    const config = issuerConfig(acme.issuer, { jwks } as object)
    const options = { issuers: [config], audience, resolveAccount, now: () => clock }
    const { authenticate } = createTokenVerifier(options)
    const token = bearer(await acme.sign({ exp: nowSeconds + 45 }))
    expect(problemIn(await authenticate(token))).toBeUndefined()
    clock += 76_000
    expect(problemIn(await authenticate(token))).toBe('token-expired')
  })

  test('a refused one is judged anew each time', async () => {
    const { authenticate } = createTokenVerifier({
      issuers: [issuerConfig(acme.issuer)],
      audience,
      resolveAccount,
      now,
    })
    const forged = bearer(await acme.sign({}, {}, await signingKey(acme.key.kid)))
    expect([problemIn(await authenticate(forged)), problemIn(await authenticate(forged))]).toEqual([
      'signature-invalid',
      'signature-invalid',
    ])
  })
})
