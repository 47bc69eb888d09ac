import { exportJWK, generateKeyPair, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ProofKey, proofFor, provenBy } from '../tokens/index.ts'
import type { IssuerConfigInput } from './config.ts'
import {
  bearer,
  issuerConfig,
  type MadeUpIssuer,
  madeUpIssuer,
  nowSeconds,
  problemIn,
  verifierOf,
} from './made-up-issuer.contract.ts'

let issuer: MadeUpIssuer
let own: ProofKey
let other: ProofKey
let token: string
const request = { method: 'POST', url: 'https://countersign.example/v1/waivers', nowSeconds }

async function proofKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { privateKey, publicJwk: await exportJWK(publicKey), algorithm: 'ES256' }
}

beforeAll(async () => {
  issuer = await madeUpIssuer()
  own = await proofKey()
  other = await proofKey()
  const shown = await provenBy({ ...request, proof: await proofFor(own, request) })
  if (typeof shown === 'string') throw new Error(shown)
  token = await issuer.sign({
    sub: 'builder',
    client_id: 'builder',
    auth_time: undefined,
    cnf: { jkt: shown.thumbprint },
  })
})
afterAll(() => issuer.close())

const verifier = (more: Partial<IssuerConfigInput> = {}) => verifierOf([issuerConfig(issuer.issuer, more)])
const sent = (dpop: string, more: object = {}) => ({ authorization: `DPoP ${token}`, dpop, ...request, ...more })

describe('[B06] a token that is bound to a key', () => {
  test('lets in whoever shows the key, once for each proof', async () => {
    const { authenticate } = verifier()
    const proof = await proofFor(own, { ...request, token })
    expect(await authenticate(sent(proof))).toMatchObject({ actor: { id: 'wl_builder' } })
    expect(problemIn(await authenticate(sent(proof)))).toBe('proof-replayed')
    expect(problemIn(await authenticate(sent(await proofFor(own, { ...request, token }))))).toBeUndefined()
  })

  test('is worth nothing to whoever stole it', async () => {
    const { authenticate } = verifier()
    expect(problemIn(await authenticate(bearer(token)))).toBe('token-bound')
    expect(problemIn(await authenticate({ ...bearer(token), dpop: await proofFor(own, { ...request, token }) }))).toBe(
      'token-bound',
    )
    expect(problemIn(await authenticate({ authorization: `DPoP ${token}` }))).toBe('token-bound')
    const problem = async (dpop: string, more: object = {}) => problemIn(await authenticate(sent(dpop, more)))
    expect(await problem(await proofFor(other, { ...request, token }))).toBe('proof-invalid')
    expect(await problem(await proofFor(own, { ...request, token: 'another' }))).toBe('proof-invalid')
    const elsewhere = { ...request, url: 'https://countersign.example/v1/me', token }
    expect(await problem(await proofFor(own, elsewhere))).toBe('proof-invalid')
    expect(await problem(await proofFor(own, { ...request, method: 'GET', token }))).toBe('proof-invalid')
    expect(await problem(await proofFor(own, { ...request, nowSeconds: nowSeconds - 61, token }))).toBe('proof-invalid')
    // None of that used anything up, and a token that is remembered is asked again.
    expect(await problem(await proofFor(own, { ...request, token }))).toBeUndefined()
    expect(problemIn(await authenticate(bearer(token)))).toBe('token-bound')
  })

  test('in a way that is not understood lets nobody in', async () => {
    for (const cnf of [{}, { jkt: 7 }, { 'x5t#S256': 'abc' }, { jkt: 'abc', 'x5t#S256': 'abc' }, 'abc']) {
      const strange = await issuer.sign({ cnf } as JWTPayload)
      expect(problemIn(await verifier().authenticate(bearer(strange)))).toBe('token-bound')
    }
  })
})

describe('a token that is bound to none', () => {
  test('is not taken where they have to be, and never under the scheme that promises a key', async () => {
    const plain = await issuer.sign()
    expect(problemIn(await verifier().authenticate(bearer(plain)))).toBeUndefined()
    expect(problemIn(await verifier({ dpop: 'required' }).authenticate(bearer(plain)))).toBe('token-not-bound')
    const dpop = await proofFor(own, { ...request, token: plain })
    const promised = { ...sent(dpop), authorization: `DPoP ${plain}` }
    expect(problemIn(await verifier().authenticate(promised))).toBe('token-not-bound')
  })
})
