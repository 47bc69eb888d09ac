import { describe, expect, test } from 'vitest'
import { identitySchema, issuerSchema } from './config.ts'

const issuer = { key: 'acme', issuer: 'https://login.acme.example/tenant' }

function problemsOf(value: unknown): string[] {
  const { error } = identitySchema.safeParse(value)
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the identity part of the configuration', () => {
  test('asks for little, and defaults to the strict side', () => {
    expect(issuerSchema.parse(issuer)).toEqual({
      ...issuer,
      audiencesBeside: [],
      algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'],
      subjectClaim: 'sub',
      clientClaims: ['client_id', 'azp'],
      authTimeClaim: 'auth_time',
      decisionClients: [],
      actorIssuers: [],
      typ: 'at+jwt',
      lifetimeSecondsMax: 86_400,
      dpop: 'accepted',
    })
  })

  test('[B06] has one entry for each issuer, also among those of workloads', () => {
    const rules = [{ workload: 'wl_a', client: 'a' }]
    const machines = { kind: 'clients', key: 'machines', issuer: 'https://machines.acme.example', rules }
    expect(problemsOf({ issuers: [issuer], workloads: [machines] })).toEqual([])
    expect(problemsOf({ issuers: [issuer], workloads: [{ ...machines, issuer: issuer.issuer }] }).join()).toContain(
      'listed twice',
    )
    expect(problemsOf({ issuers: [issuer], workloads: [{ ...machines, key: issuer.key }] }).join()).toContain(
      'used twice',
    )
    expect(problemsOf({ issuers: [issuer], workloads: [{ ...machines, algorithms: ['HS256'] }] })).not.toEqual([])
    expect(problemsOf({ issuers: [issuer], workloads: [{ ...machines, rules: [] }] })).not.toEqual([])
  })

  test('does not ask people for a key that their sign-in does not have', () => {
    expect(problemsOf({ issuers: [{ ...issuer, dpop: 'required', signIn: {} }] }).join()).toContain('bound to no key')
  })

  test('[B14] knows no further keys', () => {
    expect(problemsOf({ issuers: [{ ...issuer, skipAudience: true }] }).join()).toContain('skipAudience')
    expect(problemsOf({ issuers: [issuer], trustEverybody: true }).join()).toContain('trustEverybody')
  })

  test('[B06] needs an issuer; none does not mean any', () => {
    expect(problemsOf({ issuers: [] })).toHaveLength(1)
    expect(problemsOf({})).toHaveLength(1)
  })

  test.each(['none', 'HS256', 'HS512', 'es256', ''])('does not take the algorithm `%s`', (algorithm) => {
    expect(problemsOf({ issuers: [{ ...issuer, algorithms: [algorithm] }] })).toHaveLength(1)
  })

  test.each([
    'http://login.acme.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'https://user:secret@login.acme.example',
    'https://login.acme.example/?tenant=1',
    'https://login.acme.example/#',
    'ftp://login.acme.example',
    'login.acme.example',
  ])('does not take the issuer `%s`', (address) => {
    expect(problemsOf({ issuers: [{ ...issuer, issuer: address }] }).length).toBeGreaterThan(0)
  })

  test.each(['http://localhost:8080/sample-idp', 'http://127.0.0.1:9', 'http://[::1]:9'])(
    'takes `%s`, which is this machine',
    (address) => {
      expect(problemsOf({ issuers: [{ ...issuer, issuer: address }] })).toEqual([])
    },
  )

  test('does not take keys over plain http, nor private ones, nor from two places', () => {
    const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] }
    const secret = { keys: [{ ...jwks.keys[0], d: 'd' }] }
    expect(problemsOf({ issuers: [{ ...issuer, jwksUri: 'http://acme.example/jwks' }] })).toHaveLength(1)
    expect(problemsOf({ issuers: [{ ...issuer, jwks: secret }] }).join()).toContain('private key')
    expect(problemsOf({ issuers: [{ ...issuer, jwks: { keys: [{ kty: 'oct', k: 'k' }] } }] })).toHaveLength(1)
    expect(problemsOf({ issuers: [{ ...issuer, jwks, jwksFile: 'jwks.json' }] }).join()).toContain('not several')
  })

  test('[B13] each issuer once, each key once', () => {
    const again = { ...issuer, key: 'acme-2' }
    const alike = { ...issuer, issuer: 'https://login.acme.example/other' }
    expect(problemsOf({ issuers: [issuer, again] }).join()).toContain('listed twice')
    expect(problemsOf({ issuers: [issuer, alike] }).join()).toContain('used twice')
    expect(problemsOf({ issuers: [{ ...issuer, actorIssuers: ['nobody'] }] }).join()).toContain('`nobody`')
  })

  test('[B16] the device client never decides', () => {
    const signIn = { deviceClient: 'cli' }
    expect(problemsOf({ issuers: [{ ...issuer, signIn, decisionClients: ['cli'] }] }).join()).toContain('never decides')
    expect(problemsOf({ issuers: [{ ...issuer, signIn, decisionClients: ['web'] }] })).toEqual([])
  })
})
