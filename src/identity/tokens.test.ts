import fc from 'fast-check'
import { base64url, type CryptoKey, exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IssuerConfigInput } from './config.ts'
import {
  audience,
  bearer,
  issuerConfig,
  type MadeUpIssuer,
  madeUpIssuer,
  nowSeconds,
  problemIn,
  resolveAccount,
  signingKey,
  verifierOf,
} from './made-up-issuer.contract.ts'
import { createTokenVerifier } from './tokens.ts'

let acme: MadeUpIssuer
beforeAll(async () => {
  acme = await madeUpIssuer()
})
afterAll(() => acme.close())

/** What comes of a token, under a configuration. */
async function outcomeOf(token: string, more: Partial<IssuerConfigInput> = {}) {
  return verifierOf([issuerConfig(acme.issuer, more)]).authenticate(bearer(token))
}

async function problemOf(claims: Record<string, unknown>, header = {}, more: Partial<IssuerConfigInput> = {}) {
  return problemIn(await outcomeOf(await acme.sign(claims, header), more))
}

describe('a good token', () => {
  test('names a person, who signed in when it says', async () => {
    expect(await outcomeOf(await acme.sign())).toEqual({
      actor: { id: 'per_maria', chain: [], signedInAt: new Date((nowSeconds - 20) * 1000).toISOString() },
      issuer: 'acme',
      subject: 'maria',
      account: { on: 'acme', login: 'maria' },
    })
  })

  test('is found under each of the three ways to know the keys', async () => {
    const token = await acme.sign()
    const jwks = { keys: [acme.key.publicJwk] } as IssuerConfigInput['jwks']
    expect(problemIn(await outcomeOf(token))).toBeUndefined()
    expect(problemIn(await outcomeOf(token, { jwksUri: `${acme.issuer}/jwks` }))).toBeUndefined()
    expect(problemIn(await outcomeOf(token, { jwks }))).toBeUndefined()
  })

  test('may be for the audience its issuer is configured with', async () => {
    expect(await problemOf({ aud: 'api://countersign' }, {}, { audience: 'api://countersign' })).toBeUndefined()
    expect(await problemOf({}, {}, { audience: 'api://countersign' })).toBe('audience-wrong')
  })

  test.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('may be signed with %s', async (algorithm) => {
    const key = await signingKey('other', algorithm)
    const jwks = { keys: [key.publicJwk] } as IssuerConfigInput['jwks']
    expect(problemIn(await outcomeOf(await acme.sign({}, {}, key), { jwks }))).toBeUndefined()
  })

  test('names the account by the configured claim, and by no other', async () => {
    const more = { subjectClaim: 'preferred_username' }
    expect(await problemOf({ sub: 'f3c1', preferred_username: 'maria' }, {}, more)).toBeUndefined()
    expect(await problemOf({ sub: 'maria' }, {}, more)).toBe('token-malformed')
  })

  test('names nobody by an address that was not verified', async () => {
    const resolve = () => ({ person: 'per_maria', confirmed: true, conflicting: [] })
    const verifier = verifierOf([issuerConfig(acme.issuer, { subjectClaim: 'email' })], resolve)
    const email = 'maria@acme.example'
    expect(problemIn(await verifier.authenticate(bearer(await acme.sign({ email }))))).toBe('token-malformed')
    const verified = await acme.sign({ email, email_verified: true })
    expect(problemIn(await verifier.authenticate(bearer(verified)))).toBeUndefined()
  })
})

describe('what is no access token', () => {
  test.each([
    [undefined, 'token-missing'],
    ['', 'token-missing'],
    ['Bearer', 'token-malformed'],
    ['Bearer ', 'token-malformed'],
    ['Basic bWFyaWE6cGFzcw==', 'token-malformed'],
    ['DPoP a.b.c', 'token-malformed'],
    ['Digest a.b.c', 'token-malformed'],
    ['Bearer opaque', 'token-malformed'],
    ['Bearer a.b.c', 'token-malformed'],
    ['Bearer a.b.c.d.e', 'token-malformed'],
    ['Bearer a.b.c, Bearer a.b.c', 'token-malformed'],
    [`Bearer a.${'b'.repeat(20_000)}.c`, 'token-malformed'],
  ])('%s', async (authorization, problem) => {
    const verifier = verifierOf([issuerConfig(acme.issuer)])
    expect(problemIn(await verifier.authenticate({ authorization }))).toBe(problem)
  })

  test('the scheme is read without regard to case, as HTTP says', async () => {
    const verifier = verifierOf([issuerConfig(acme.issuer)])
    expect(problemIn(await verifier.authenticate({ authorization: `bEARER ${await acme.sign()}` }))).toBeUndefined()
  })

  test('other types of token are refused', async () => {
    expect(await problemOf({}, { typ: 'JWT' })).toBe('token-of-other-type')
    expect(await problemOf({}, { typ: undefined })).toBe('token-of-other-type')
    expect(await problemOf({}, { typ: 'dpop+jwt' }, { typ: 'absent' })).toBe('token-of-other-type')
    expect(await problemOf({}, { typ: 'application/AT+JWT' })).toBeUndefined()
  })

  test('an issuer may be allowed not to mark its access tokens', async () => {
    expect(await problemOf({}, { typ: 'JWT' }, { typ: 'JWT' })).toBeUndefined()
    expect(await problemOf({}, { typ: undefined }, { typ: 'JWT' })).toBe('token-of-other-type')
    expect(await problemOf({}, { typ: undefined }, { typ: 'absent' })).toBeUndefined()
    expect(await problemOf({ typ: 'Bearer', nonce: 'n' }, { typ: 'JWT' }, { typ: 'JWT' })).toBeUndefined()
  })

  test.each([
    { at_hash: 'h' },
    { c_hash: 'h' },
    { s_hash: 'h' },
    { nonce: 'n' },
    { typ: 'ID' },
    { typ: 'Refresh' },
    { events: {} },
  ])('and still an id token, or another kind, does not pass for one: %j', async (claims) => {
    expect(await problemOf(claims, { typ: 'JWT' }, { typ: 'JWT' })).toBe('token-of-other-type')
  })

  test('a token bound to a key is refused, since nobody shows the key', async () => {
    expect(await problemOf({ cnf: { jkt: 'thumbprint' } })).toBe('token-bound')
  })
})

describe('[fail/closed] a token that is not for us, or not from whom it says', () => {
  test('[B13] comes from an issuer that is not configured, however alike', async () => {
    for (const iss of [
      `${acme.issuer}/`,
      acme.issuer.toUpperCase(),
      'https://elsewhere.example',
      '',
      7 as unknown as string,
    ]) {
      expect(await problemOf({ iss })).toBe('issuer-unknown')
    }
  })

  test.each([
    'https://countersign.example/',
    'https://countersign.example.evil',
    'countersign.example',
    ['https://other.example'],
    ['https://countersign.example', 'https://other.example'],
    [],
    undefined,
  ])('[B13] is made for another audience: %j', async (aud) => {
    expect(await problemOf({ aud })).toBe('audience-wrong')
  })

  test('may name a second audience only where that is configured', async () => {
    const aud = [audience, 'https://acme.example/userinfo']
    expect(await problemOf({ aud })).toBe('audience-wrong')
    expect(await problemOf({ aud }, {}, { audiencesBeside: ['https://acme.example/userinfo'] })).toBeUndefined()
    expect(await problemOf({ aud: aud[1] }, {}, { audiencesBeside: ['https://acme.example/userinfo'] })).toBe(
      'audience-wrong',
    )
  })

  test('is not signed at all', async () => {
    const token = new UnsecuredJWT({ iss: acme.issuer, sub: 'maria', aud: audience }).setIssuedAt(nowSeconds)
    const unsigned = token.setExpirationTime(nowSeconds + 60).encode()
    expect(problemIn(await outcomeOf(unsigned))).toBe('algorithm-not-allowed')
  })

  test('is signed with HS256 and the public key as the secret', async () => {
    const publicKey = await importJWK(acme.key.publicJwk, 'ES256', { extractable: true })
    const secrets = [await exportSPKI(publicKey as CryptoKey), JSON.stringify(acme.key.publicJwk)]
    for (const secret of secrets) {
      const token = await new SignJWT({ iss: acme.issuer, sub: 'maria', aud: audience })
        .setProtectedHeader({ alg: 'HS256', kid: acme.key.kid, typ: 'at+jwt' })
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + 60)
        .sign(new TextEncoder().encode(secret))
      expect(problemIn(await outcomeOf(token))).toBe('algorithm-not-allowed')
    }
  })

  test('is signed with an algorithm that is not pinned', async () => {
    expect(await problemOf({}, {}, { algorithms: ['RS256'] })).toBe('algorithm-not-allowed')
  })

  test('names an unknown key, or none where there are several', async () => {
    expect(await problemOf({}, { kid: 'another' })).toBe('key-unknown')
    const second = await signingKey('key-2')
    const jwks = { keys: [acme.key.publicJwk, second.publicJwk] } as IssuerConfigInput['jwks']
    expect(await problemOf({}, { kid: undefined }, { jwks })).toBe('key-unknown')
  })

  test('is signed with another key of the same name', async () => {
    const forger = await signingKey(acme.key.kid)
    expect(problemIn(await outcomeOf(await acme.sign({}, {}, forger)))).toBe('signature-invalid')
  })

  test('brings its own key along', async () => {
    const forger = await signingKey('forged')
    const header = { jwk: forger.publicJwk, jku: 'https://evil.example/jwks', kid: undefined }
    expect(problemIn(await outcomeOf(await acme.sign({}, header, forger)))).toBe('signature-invalid')
  })

  test('was changed after it was signed', async () => {
    const [header, payload, signature] = (await acme.sign()).split('.')
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload ?? '')))
    const changed = base64url.encode(JSON.stringify({ ...claims, sub: 'jo' }))
    expect(problemIn(await outcomeOf(`${header}.${changed}.${signature}`))).toBe('signature-invalid')
  })

  test('is let in with no byte of it changed, and with any byte changed never as somebody else', async () => {
    const token = await acme.sign()
    const verifier = verifierOf([issuerConfig(acme.issuer)])
    const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    const change = fc.record({ at: fc.nat(token.length - 1), letter: letters })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, letter }) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1)
        const outcome = await verifier.authenticate(bearer(changed))
        // The last letter of a signature carries bits that decoders drop; whatever is let in says the very same.
        const same = changed.slice(0, -1) === token.slice(0, -1)
        return 'problem' in outcome || (same && outcome.actor.id === 'per_maria')
      }),
      { numRuns: 300 },
    )
  })

  test('two issuers are never one: each has its keys, its key in the directory and its own accounts', async () => {
    const other = await madeUpIssuer()
    const issuers = [issuerConfig(acme.issuer), issuerConfig(other.issuer, { key: 'other' })]
    const verifier = verifierOf(issuers)
    try {
      const claims = { sub: 'runner', client_id: 'x' }
      expect(await verifier.authenticate(bearer(await acme.sign(claims)))).toMatchObject({ actor: { id: 'wl_runner' } })
      expect(await verifier.authenticate(bearer(await other.sign(claims)))).toMatchObject({
        actor: { id: 'wl_other-runner' },
      })
      const crossed = await other.sign({ ...claims, iss: acme.issuer })
      expect(problemIn(await verifier.authenticate(bearer(crossed)))).toBe('signature-invalid')
    } finally {
      await other.close()
    }
    const twice = {
      audience,
      resolveAccount,
      issuers: [issuerConfig(acme.issuer), issuerConfig(acme.issuer, { key: 'b' })],
    }
    expect(() => createTokenVerifier(twice)).toThrow('listed twice')
  })
})

describe('time', () => {
  test('[B11] an expired token is refused, give or take half a minute', async () => {
    expect(await problemOf({ exp: nowSeconds - 31 })).toBe('token-expired')
    expect(await problemOf({ exp: nowSeconds - 29 })).toBeUndefined()
    expect(await problemOf({ exp: undefined })).toBe('token-malformed')
    expect(await problemOf({ exp: '2099' as unknown as number })).toBe('token-malformed')
  })

  test('a token from the future is refused', async () => {
    expect(await problemOf({ nbf: nowSeconds + 31 })).toBe('token-not-yet-valid')
    expect(await problemOf({ iat: nowSeconds + 31, auth_time: nowSeconds })).toBe('token-not-yet-valid')
    expect(await problemOf({ nbf: nowSeconds + 29, iat: nowSeconds + 29 })).toBeUndefined()
    expect(await problemOf({ iat: undefined })).toBe('token-malformed')
  })

  test('[nhi/least-and-short] a token that lives too long is refused', async () => {
    expect(await problemOf({ exp: nowSeconds + 90_000 })).toBe('token-too-long-lived')
    expect(await problemOf({ exp: nowSeconds + 90_000 }, {}, { lifetimeSecondsMax: 100_000 })).toBeUndefined()
    expect(await problemOf({ iat: 0, auth_time: 0 })).toBe('token-too-long-lived')
  })
})
