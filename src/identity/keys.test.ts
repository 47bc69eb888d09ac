import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { IssuerConfigInput } from './config.ts'
import {
  audience,
  bearer,
  issuerConfig,
  type MadeUpIssuer,
  madeUpIssuer,
  now,
  problemIn,
  resolveAccount,
  signingKey,
} from './made-up-issuer.contract.ts'
import { createTokenVerifier } from './tokens.ts'

let acme: MadeUpIssuer
let clock: number
beforeEach(async () => {
  acme = await madeUpIssuer()
  clock = now()
})
afterEach(() => acme.close())

/** Remembers nothing, so that every call needs the keys. */
function verifier(more: Partial<IssuerConfigInput> = {}) {
  const options = { audience, resolveAccount, now: () => clock, rememberedCountMax: 0 }
  const { authenticate } = createTokenVerifier({ ...options, issuers: [issuerConfig(acme.issuer, more)] })
  return async (token: string) => problemIn(await authenticate(bearer(token)))
}

describe('[fail/closed] [B07] keys that cannot be read let nobody in', () => {
  test("when the issuer is down, with a problem that is not the caller's", async () => {
    const token = await acme.sign()
    await acme.close()
    const { authenticate } = createTokenVerifier({
      audience,
      resolveAccount,
      now,
      issuers: [issuerConfig(acme.issuer)],
    })
    expect(await authenticate(bearer(token))).toMatchObject({ problem: 'keys-unreachable', kind: 'unavailable' })
  })

  test.each([301, 404, 500])('when it answers %i', async (status) => {
    acme.served.status = status
    expect(await verifier()(await acme.sign())).toBe('keys-unreachable')
    expect(await verifier({ jwksUri: `${acme.issuer}/jwks` })(await acme.sign())).toBe('keys-unreachable')
  })

  test.each([{}, { keys: 'none' }, [], 'keys', null])('when it answers with something else: %j', async (jwks) => {
    acme.served.jwks = jwks
    expect(await verifier()(await acme.sign())).toBe('keys-unreachable')
  })

  test('when it answers with more than anybody would have as keys', async () => {
    acme.served.jwks = { keys: [acme.key.publicJwk], padding: 'x'.repeat(1_100_000) }
    expect(await verifier()(await acme.sign())).toBe('keys-unreachable')
  })

  test.each([
    ['is of another issuer', () => ({ issuer: 'https://other.example' })],
    [
      'names keys over plain http at another address',
      (issuer: string) => ({ jwks_uri: `${issuer.replace('127.0.0.1', '0.0.0.0')}/jwks` }),
    ],
    ['spells its issuer in another way', (issuer: string) => ({ issuer: `${issuer}/` })],
    ['names keys nowhere', () => ({ jwks_uri: undefined })],
    ['names keys in a file', () => ({ jwks_uri: 'file:///etc/passwd' })],
  ])('when the discovery document %s', async (_, document) => {
    Object.assign(acme.served.discovery, document(acme.issuer))
    expect(await verifier()(await acme.sign())).toBe('keys-unreachable')
  })

  test('when the file is not there', async () => {
    expect(await verifier({ jwksFile: '/nowhere/jwks.json' })(await acme.sign())).toBe('keys-unreachable')
  })
})

describe('keys are asked for with measure', () => {
  test('once for many tokens', async () => {
    const problemOf = verifier()
    const token = await acme.sign()
    await Promise.all(Array.from({ length: 20 }, () => problemOf(token)))
    expect(acme.asked.count).toBe(1)
  })

  test('not again for each key name that somebody invents', async () => {
    const problemOf = verifier()
    for (let i = 0; i < 20; i += 1)
      expect(await problemOf(await acme.sign({}, { kid: `invented-${i}` }))).toBe('key-unknown')
    expect(acme.asked.count).toBeLessThanOrEqual(2)
  })

  test('again for a new key half a minute later, so that an issuer can change its keys', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const problemOf = verifier()
      expect(await problemOf(await acme.sign())).toBeUndefined()
      const next = await signingKey('key-2')
      acme.served.jwks = { keys: [next.publicJwk] }
      expect(await problemOf(await acme.sign({}, {}, next))).toBe('key-unknown')
      vi.setSystemTime(Date.now() + 30_001)
      expect(await problemOf(await acme.sign({}, {}, next))).toBeUndefined()
      expect(await problemOf(await acme.sign())).toBe('key-unknown')
    } finally {
      vi.useRealTimers()
    }
  })

  test('not during a pause after a failure, and then again', async () => {
    const problemOf = verifier({ jwksUri: `${acme.issuer}/jwks` })
    const token = await acme.sign()
    acme.served.status = 500
    for (let i = 0; i < 20; i += 1) expect(await problemOf(token)).toBe('keys-unreachable')
    expect(acme.asked.count).toBe(1)
    acme.served.status = 200
    clock += 5_001
    expect(await problemOf(token)).toBeUndefined()
  })

  test('a discovery that failed is tried again after the pause', async () => {
    const problemOf = verifier()
    acme.served.status = 500
    expect(await problemOf(await acme.sign())).toBe('keys-unreachable')
    acme.served.status = 200
    expect(await problemOf(await acme.sign())).toBe('keys-unreachable')
    clock += 5_001
    expect(await problemOf(await acme.sign())).toBeUndefined()
  })

  test('while the issuer is down, invented key names do not lock out who has a known key', async () => {
    const problemOf = verifier()
    const token = await acme.sign()
    expect(await problemOf(token)).toBeUndefined()
    acme.served.status = 500
    await problemOf(await acme.sign({}, { kid: 'invented' }))
    expect(await problemOf(token)).toBeUndefined()
  })
})

test('a file is read as an address is', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-test-jwks-'))
  try {
    const jwksFile = path.join(folder, 'jwks.json')
    await writeFile(jwksFile, JSON.stringify({ keys: [acme.key.publicJwk] }))
    const problemOf = verifier({ jwksFile })
    expect(await problemOf(await acme.sign())).toBeUndefined()
    expect(await problemOf(await acme.sign({}, {}, await signingKey('key-1')))).toBe('signature-invalid')
  } finally {
    await rm(folder, { recursive: true })
  }
})
