import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hex, utf8 } from './rfc6962.contract.ts'
import { nativeSha256, portableSha256, type Sha256Into, sha256 } from './sha256.ts'

const native = nativeSha256()
const forms: [string, Sha256Into][] = [
  ['portable', portableSha256],
  ['native', native ?? portableSha256],
]

function digest(form: Sha256Into, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32)
  form(bytes, out, 0)
  return out
}

test('this runtime lends its native hash', () => {
  expect(native).toBeDefined()
})

test('without a runtime that lends one there is no native hash', () => {
  expect(nativeSha256({})).toBeUndefined()
  expect(nativeSha256({ process: {} })).toBeUndefined()
  expect(nativeSha256({ process: { getBuiltinModule: () => undefined } })).toBeUndefined()
  expect(nativeSha256({ process: { getBuiltinModule: () => ({}) } })).toBeUndefined()
})

describe.each(forms)('%s SHA-256', (_name, form) => {
  // FIPS 180-4 examples, published by NIST.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ])('gives the published digest', (text, expected) => {
    expect(digest(form, utf8(text))).toEqual(hex(expected))
  })

  test('agrees with OpenSSL on every length around the block borders', () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + length) & 0xff)
      expect(digest(form, bytes)).toEqual(new Uint8Array(createHash('sha256').update(bytes).digest()))
    }
  })

  test('agrees with OpenSSL on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => {
        expect(digest(form, bytes)).toEqual(new Uint8Array(createHash('sha256').update(bytes).digest()))
      }),
    )
  })

  test('reads everything before it writes into its own input', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, at) => at)
    const expected = digest(form, bytes)
    form(bytes, bytes, 20)
    expect(bytes.slice(20, 52)).toEqual(expected)
    expect(bytes[19]).toBe(19)
    expect(bytes[52]).toBe(52)
  })
})

test('hashes a view of a larger buffer, not the buffer', () => {
  const buffer = Uint8Array.from({ length: 64 }, (_, at) => at)
  expect(sha256(buffer.subarray(10, 20))).toEqual(sha256(buffer.slice(10, 20)))
})
