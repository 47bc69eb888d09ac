import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { shown } from './malformed.ts'
import { utf8 } from './rfc6962.contract.ts'
import { bitLength, countOnes, MAX_UINT64, parseDecimal, trailingZeros } from './uint64.ts'
import { asText, decodeUtf8, encodeUtf8, hasControlCharacter } from './utf8.ts'

describe('base64', () => {
  // RFC 4648 section 10.
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('%s is %s', (plain, encoded) => {
    expect(encodeBase64(utf8(plain))).toBe(encoded)
    expect(decodeBase64(encoded, 'text')).toEqual(utf8(plain))
  })

  test('comes back unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes), 'x')).toEqual(bytes)
      }),
    )
  })

  test.each(['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Zm9v\n', 'Zm 9v', 'Zm-_', 'Zm9v=', '====', 'Zg==Zg=='])(
    'has no second spelling: %j',
    (text) => {
      expect(() => decodeBase64(text, 'text')).toThrow(expect.objectContaining({ reason: 'base64' }))
    },
  )
})

describe('sizes', () => {
  test('read every integer up to 2^64-1 and nothing beyond', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: MAX_UINT64 }), (value) => parseDecimal(`${value}`, 'x') === value))
    expect(parseDecimal('18446744073709551615', 'x')).toBe(MAX_UINT64)
    expect(() => parseDecimal('18446744073709551616', 'x')).toThrow(expect.objectContaining({ reason: 'not-uint64' }))
  })

  test.each(['', '00', '01', '+1', '-1', '1.0', '1e3', ' 1', '1 ', '0x1', '1_0', '١', '1\n', '1'.repeat(1000)])(
    'have one spelling: %j',
    (text) => {
      expect(() => parseDecimal(text, 'x')).toThrow(expect.objectContaining({ reason: 'decimal' }))
    },
  )

  test('bits are counted as they are written', () => {
    expect([0n, 1n, 2n, 3n, 255n, 256n, MAX_UINT64].map(bitLength)).toEqual([0, 1, 2, 2, 8, 9, 64])
    expect([0n, 1n, 2n, 3n, 255n, 256n, MAX_UINT64].map(countOnes)).toEqual([0, 1, 1, 2, 8, 1, 64])
    expect([1n, 2n, 3n, 256n, 2n ** 63n].map(trailingZeros)).toEqual([0, 1, 0, 8, 63])
  })
})

describe('text', () => {
  test('keeps a byte order mark, and refuses what would have to be replaced', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
    const reason = expect.objectContaining({ reason: 'utf8' })
    expect(() => decodeUtf8(Uint8Array.of(0xff))).toThrow(reason)
    expect(() => decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toThrow(reason)
    expect(() => decodeUtf8(Uint8Array.of(0xc0, 0x80))).toThrow(reason)
    expect(() => encodeUtf8('\ud800')).toThrow(reason)
    expect(() => asText('a\udc00')).toThrow(reason)
  })

  test('knows control characters', () => {
    expect(hasControlCharacter('one\ntwo\u2014')).toBe(false)
    for (const bad of ['\t', '\r', '\0', '\u001f']) expect(hasControlCharacter(`a${bad}`)).toBe(true)
  })

  test('is shown inert: escaped, in backticks, cut', () => {
    expect(shown('a\u202eb\n`\ud800')).toBe('`a\\u{202e}b\\u{a}\\u{60}\\u{d800}`')
    expect(shown('x'.repeat(500)).length).toBeLessThan(100)
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^`[ -_a-~]*`$/.test(shown(text))))
  })
})
