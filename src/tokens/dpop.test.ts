import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ProofKey, proofFor, provenBy, tokenHashOf } from './dpop.ts'
import { seenProofs } from './seen-proofs.ts'

// The examples of RFC 9449, sections 4.1 and 7.1.
const header =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'
const example = {
  asking: {
    proof: `${header}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`,
    method: 'POST',
    url: 'https://server.example.com/token',
    nowSeconds: 1_562_262_616,
  },
  using: {
    proof: `${header}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`,
    method: 'GET',
    url: 'https://resource.example.org/protectedresource',
    token: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
    nowSeconds: 1_562_262_618,
  },
}

describe('the examples of the standard', () => {
  test('prove what they say they prove', async () => {
    const thumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'
    expect(await provenBy(example.asking)).toMatchObject({ thumbprint, id: '-BwC3ESc6acc2lTc' })
    expect(await provenBy(example.using)).toMatchObject({ thumbprint, issuedSeconds: 1_562_262_618 })
  })

  test.each([
    ['another method', { method: 'POST' }, 'it was made for another method'],
    ['a method in other letters', { method: 'get' }, 'it was made for another method'],
    ['another address', { url: 'https://resource.example.org/other' }, 'it was made for another address'],
    ['another host', { url: 'https://resource.example.com/protectedresource' }, 'it was made for another address'],
    ['another token', { token: 'another' }, 'it was made for another token'],
    ['a moment long after', { nowSeconds: 1_562_262_618 + 61 }, 'it is too old'],
    ['a moment before', { nowSeconds: 1_562_262_618 - 11 }, 'it lies ahead; compare the clocks'],
    [
      'two at once',
      { proof: `${example.using.proof}, ${example.using.proof}` },
      'expected exactly one proof, a signed JWT',
    ],
    ['another signature', { proof: example.asking.proof.replace(/.{4}$/, 'AAAA') }, 'its signature does not fit'],
  ])('prove nothing for %s', async (_, more, says) => {
    expect(await provenBy({ ...example.using, ...more })).toBe(says)
  })

  test('do not mind query, fragment, a default port and the case of the host', async () => {
    const url = 'HTTPS://Resource.Example.org:443/protectedresource?page=2#top'
    expect(await provenBy({ ...example.using, url })).toMatchObject({ id: 'e1j3V_bKic8-LAEB' })
  })
})

describe('[B06] a proof that is forged', () => {
  const request = { method: 'GET', url: 'https://api.example/a', token: 'x.y.z', nowSeconds: 1_795_300_000 }
  let key: ProofKey
  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    key = { privateKey, publicJwk: await exportJWK(publicKey), algorithm: 'ES256' }
  })
  const claims = async () => ({
    jti: 'one',
    htm: 'GET',
    htu: request.url,
    iat: request.nowSeconds,
    ath: await tokenHashOf(request.token),
  })
  const made = async (header: object, more: object = {}) =>
    provenBy({
      ...request,
      proof: await new SignJWT({ ...(await claims()), ...more })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.publicJwk, ...header })
        .sign(key.privateKey),
    })

  test('is not taken, and one that is made as it should is', async () => {
    expect(await provenBy({ ...request, proof: await proofFor(key, request) })).toHaveProperty('thumbprint')
    expect(await made({})).toHaveProperty('thumbprint')
    expect(await made({ typ: 'JWT' })).toBe('its `typ` is not `dpop+jwt`')
    expect(await made({ jwk: undefined })).toBe('its `jwk` is not a public key')
    expect(await made({ jwk: await exportJWK(key.privateKey) })).toBe('its `jwk` is not a public key')
    expect(await made({}, { jti: undefined })).toBe('it has no `jti`')
    expect(await made({}, { htu: undefined })).toBe('it was made for another address')
    expect(await made({}, { ath: undefined })).toBe('it was made for another token')
    expect(await made({}, { iat: undefined })).toBe('it has no `iat`')
    const other = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey)
    expect(await made({ jwk: other })).toBe('its signature does not fit')
    // A key that whoever verifies it would have to share.
    const secret = new TextEncoder().encode('a secret that everybody knows by now')
    const shared = await new SignJWT(await claims())
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: 'c2VjcmV0' } as JWK })
      .sign(secret)
    expect(await provenBy({ ...request, proof: shared })).toBe('it is signed in a way that is not accepted')
  })
})

describe('a proof', () => {
  const proof = (id: string, thumbprint = 'key') => ({ id, thumbprint, issuedSeconds: 0 })

  test('is new once, for as long as it could be young enough', () => {
    const seen = seenProofs()
    expect(seen.isNew(proof('a'), 1_000)).toBe(true)
    expect(seen.isNew(proof('a', 'other key'), 1_000)).toBe(true)
    for (const later of [0, 1, 60, 69, 70]) expect(seen.isNew(proof('a'), 1_000 + later)).toBe(false)
    for (let at = 1_071; at < 1_300; at += 7) seen.isNew(proof(`${at}`), at)
    expect(seen.size).toBeLessThan(25)
  })

  test('[fail/closed] is not believed when there is no room to remember it', () => {
    const seen = seenProofs(2)
    expect(['a', 'b', 'c'].map((id) => seen.isNew(proof(id), 5))).toEqual([true, true, false])
    expect(seen.isNew(proof('c'), 5 + 71)).toBe(true)
  })

  test('[fail/closed] of a key that shows too many is refused, and none of another key', () => {
    const seen = seenProofs(10, 4)
    const shown = (key: string, count: number, at: number) =>
      Array.from({ length: count }, (_, n) => seen.isNew(proof(`${n}`, key), at)).filter(Boolean).length
    expect(shown('busy', 1_000, 5)).toBe(4)
    expect([shown('quiet', 3, 6), shown('other', 2, 6)]).toEqual([3, 2])
    // What it showed and was remembered is still no more than once, and what was refused was not used up.
    expect(seen.isNew(proof('0', 'busy'), 76)).toBe(false)
    expect(seen.isNew(proof('999', 'busy'), 76)).toBe(true)
    expect(seen.size).toBe(10)
  })
})
