import { describe, expect, test } from 'vitest'
import { loadSeed, verifyEd25519 } from './ed25519.ts'
import {
  asKeyName,
  formatSigningKey,
  formatVerifierKey,
  KEY_TYPE,
  keyLabel,
  makeSigner,
  makeVerifierKey,
  parseSigningKey,
  parseVerifierKey,
} from './key.ts'
import { MalformedInput } from './malformed.ts'
import { hex, utf8 } from './rfc6962.contract.ts'

// From the documentation and tests of golang.org/x/mod/sumdb/note.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const PETER_PRIVATE = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'

function reasonOf(action: () => unknown): unknown {
  try {
    return action() && undefined
  } catch (error) {
    return error instanceof MalformedInput ? error.reason : error
  }
}

describe('Ed25519', () => {
  // RFC 8032 section 7.1, tests 1 to 3.
  test.each([
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('RFC 8032, seed %s', async (seed, publicKey, message, signature) => {
    const signing = await loadSeed(hex(seed))
    expect(signing.publicKey).toEqual(hex(publicKey))
    expect(await signing.sign(hex(message))).toEqual(hex(signature))
    expect(await verifyEd25519(hex(publicKey), hex(message), hex(signature))).toBe(true)
    expect(await verifyEd25519(hex(publicKey), utf8('other'), hex(signature))).toBe(false)
    expect(await verifyEd25519(hex(publicKey), hex(message), hex(signature).slice(0, 63))).toBe(false)
  })

  test('keys of another length are refused', async () => {
    const reason = { reason: 'key-length' }
    await expect(verifyEd25519(new Uint8Array(31), utf8(''), new Uint8Array(64))).rejects.toMatchObject(reason)
    await expect(loadSeed(new Uint8Array(33))).rejects.toMatchObject(reason)
  })
})

describe('verifier keys', () => {
  test.each([PETER, ENOCH])('%s comes back unchanged', (text) => {
    const key = parseVerifierKey(text)
    expect(formatVerifierKey(key)).toBe(text)
    expect(keyLabel(key)).toBe(text.slice(0, text.lastIndexOf('+')))
    expect(key.type).toBe(KEY_TYPE.ed25519)
  })

  test('no part and no neighbour of a key is a key', () => {
    for (let from = 0; from < PETER.length; from++) {
      for (let to = from; to <= PETER.length; to++) {
        if (to - from < PETER.length)
          expect(reasonOf(() => parseVerifierKey(PETER.slice(from, to)))).toBeTypeOf('string')
      }
    }
    for (let at = 0; at < PETER.length; at++) {
      const changed = PETER.slice(0, at) + String.fromCharCode(PETER.charCodeAt(at) + 1) + PETER.slice(at + 1)
      expect(reasonOf(() => parseVerifierKey(changed))).toBeTypeOf('string')
    }
  })

  test.each([
    ['PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==', 'base64'],
    ['PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key-type'],
    ['PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key-structure'],
    ['PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key-id'],
    ['Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'key-name'],
    ['PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Q=', 'key-length'],
    [PETER_PRIVATE, 'key-structure'],
    ['', 'key-structure'],
  ])('%s is refused: %s', (text, reason) => {
    expect(reasonOf(() => parseVerifierKey(text))).toBe(reason)
  })

  test('one public key under two types has two ids', () => {
    const { publicKey } = parseVerifierKey(PETER)
    const [plain, cosigning] = [KEY_TYPE.ed25519, KEY_TYPE.cosignature].map((type) =>
      makeVerifierKey('a', type, publicKey),
    )
    expect(plain?.id).not.toBe(cosigning?.id)
  })
})

describe('names', () => {
  test.each(['PeterNeumann', 'example.com/log42', 'quasimodo.example/salvatore', 'ünïcode', '\ufeff'])(
    '%j is one',
    (n) => {
      expect(asKeyName(n)).toBe(n)
    },
  )

  test.each([
    '',
    ' ',
    'a b',
    'a+b',
    'a\nb',
    'a\tb',
    'a\u00a0b',
    'a\u0085b',
    'a\u2028b',
    'a\u3000b',
    '\u0001',
    '\ud800',
  ])('%j is none', (name) => {
    expect(reasonOf(() => asKeyName(name))).toBe('key-name')
  })
})

describe('signing keys', () => {
  test('derive the public key they belong to', async () => {
    const { key } = await parseSigningKey(PETER_PRIVATE)
    expect(formatVerifierKey(key)).toBe(PETER)
  })

  test('are written as sumdb/note writes them', async () => {
    // EnochRoot's key is the one that the examples generate from a source of zeros.
    const text = await formatSigningKey('EnochRoot', KEY_TYPE.ed25519, new Uint8Array(32))
    expect(formatVerifierKey((await parseSigningKey(text)).key)).toBe(ENOCH)
  })

  test('no part of one is one, and no message gives one away', async () => {
    const secret = PETER_PRIVATE.slice(PETER_PRIVATE.lastIndexOf('+') + 1)
    for (let to = 0; to < PETER_PRIVATE.length; to++) {
      const error = await parseSigningKey(PETER_PRIVATE.slice(0, to)).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(MalformedInput)
      expect(String(error)).not.toContain(secret.slice(2, 12))
    }
    await expect(parseSigningKey(PETER)).rejects.toMatchObject({ reason: 'key-structure' })
    const foreign = PETER_PRIVATE.replace('c74f20a3', 'c74f20a4')
    await expect(parseSigningKey(foreign)).rejects.toMatchObject({ reason: 'key-id' })
    await expect(makeSigner('a', KEY_TYPE.ed25519, new Uint8Array(5))).rejects.toMatchObject({ reason: 'key-length' })
  })
})
