// Whatever bytes come in, nothing but MalformedInput goes out.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64 } from './base64.ts'
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { checkConsistency, verifyConsistency } from './consistency.ts'
import { decodeEntries, encodeEntries } from './entries.ts'
import { rootFromInclusion, verifyInclusion } from './inclusion.ts'
import { KEY_TYPE, makeVerifierKey, parseSigningKey, parseVerifierKey } from './key.ts'
import { MalformedInput } from './malformed.ts'
import { entriesFrom } from './memory-log.contract.ts'
import { parseNote, parseSignatureLines, verifyNote } from './note.ts'
import { parseProof } from './proof.ts'
import { verifyQuorum } from './quorum.ts'
import { parseTilePath } from './tile.ts'
import { growTiles } from './tile-growth.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { parseDecimal } from './uint64.ts'
import { verifyLog } from './verify-log.ts'
import { verifyProof } from './verify-proof.ts'
import { decideCosignature, parseAddCheckpoint, parseTreeSize } from './witness.ts'

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='
const CHECKPOINT = `example.com/log\n20852163\n${ROOT}\n`
const LINE =
  '— example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'
const NOTE = `${CHECKPOINT}\n${LINE}`
const KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const PRIVATE_KEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'

/** True when it returned or rejected the input; anything else it throws goes on. */
async function survives(action: () => unknown): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    if (error instanceof MalformedInput && error.message !== '') return true
    throw error
  }
}

/** A true example with characters changed, put in, taken out or repeated, or anything at all. */
function mutated(example: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      '',
      '\n',
      '\n\n',
      ' ',
      '+',
      '=',
      '—',
      '\0',
      '\ud800',
      '\ufeff',
      '999999999999999999999',
      '-',
      '.p/',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  const edit = fc.record({
    at: fc.nat(example.length),
    length: fc.nat(6),
    piece,
    times: fc.integer({ min: 1, max: 70 }),
  })
  const edited = fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) =>
      edits.reduce(
        (text, { at, length, piece: put, times }) => text.slice(0, at) + put.repeat(times) + text.slice(at + length),
        example,
      ),
    )
  return fc.oneof({ weight: 4, arbitrary: edited }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) })
}

const textReaders: [string, string, (text: string) => unknown][] = [
  ['parseCheckpoint', CHECKPOINT, parseCheckpoint],
  ['parseNote', NOTE, parseNote],
  ['parseSignatureLines', LINE, parseSignatureLines],
  ['parseVerifierKey', KEY, parseVerifierKey],
  ['parseSigningKey', PRIVATE_KEY, parseSigningKey],
  ['parseAddCheckpoint', `old 20852014\n${ROOT}\n${ROOT}\n\n${NOTE}`, parseAddCheckpoint],
  ['parseProof', `c2sp.org/tlog-proof@v1\nextra AAAA\nindex 5\n${ROOT}\n\n${NOTE}`, parseProof],
  ['parseTreeSize', '20852163\n', parseTreeSize],
  ['parseTilePath', 'tile/0/x001/x234/067.p/5', parseTilePath],
  ['parseDecimal', '18446744073709551615', (text) => parseDecimal(text, 'x')],
  ['decodeBase64', ROOT, (text) => decodeBase64(text, 'x')],
]

describe('any text', () => {
  test.each(textReaders)('%s', async (_name, example, read) => {
    expect(await survives(() => read(example))).toBe(true)
    await fc.assert(fc.asyncProperty(mutated(example), (text) => survives(() => read(text))))
  })
})

describe('any bytes', () => {
  const byteReaders: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
    ['parseNote', Buffer.from(NOTE), parseNote],
    ['parseAddCheckpoint', Buffer.from(`old 0\n\n${NOTE}`), parseAddCheckpoint],
    ['parseProof', Buffer.from(`c2sp.org/tlog-proof@v1\nindex 5\n\n${NOTE}`), parseProof],
    ['parseTreeSize', Buffer.from('5\n'), parseTreeSize],
    ['decodeEntries', encodeEntries(entriesFrom(0, 5)), (bytes) => decodeEntries(bytes, 5)],
  ]
  test.each(byteReaders)('%s', async (_name, example, read) => {
    await read(example)
    const bent = fc.array(fc.tuple(fc.nat(example.length - 1), fc.nat(255)), { minLength: 1 }).map((changes) => {
      const bytes = Uint8Array.from(example)
      for (const [at, value] of changes) bytes[at] = value
      return bytes
    })
    await fc.assert(fc.asyncProperty(fc.oneof(bent, fc.uint8Array()), (bytes) => survives(() => read(bytes))))
  })
})

describe('any proof', () => {
  const integer = fc.oneof(fc.bigInt({ min: -2n, max: 20n }), fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }))
  const hash = fc.oneof(
    { weight: 5, arbitrary: fc.uint8Array({ minLength: 32, maxLength: 32 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  )
  const hashes = fc.array(hash, { maxLength: 70 })
  const head = fc.record({ size: integer, root: hash })

  test('inclusion', async () => {
    await fc.assert(
      fc.asyncProperty(integer, integer, hash, hashes, async (index, size, leafHash, proof) => {
        const path = { index, size, leafHash, proof }
        expect(verifyInclusion(path, Uint8Array.of(1))).toBe(false)
        return survives(() => rootFromInclusion(path))
      }),
    )
  })

  test('consistency', async () => {
    await fc.assert(
      fc.asyncProperty(head, head, hashes, async (older, newer, proof) => {
        const claim = { older, newer, proof }
        expect(typeof verifyConsistency(claim)).toBe('boolean')
        return survives(() => checkConsistency(claim))
      }),
    )
  })

  test('a record', async () => {
    const trust = { origin: 'example.com/log', keys: [parseVerifierKey(KEY)], witnesses: [], quorum: 0 }
    await fc.assert(
      fc.asyncProperty(mutated(NOTE), integer, hashes, head, async (checkpoint, index, inclusion, earlier) => {
        const leaf = Uint8Array.of(1)
        const verdict = await verifyProof({ leaf, index, inclusion, checkpoint, trust, earlier })
        expect(verdict.outcome).not.toBe('proven')
      }),
    )
  })

  test('a witness request', async () => {
    const body = `old 20852014\n${ROOT}\n${ROOT}\n\n${NOTE}`
    const state = fc.record({
      logKeys: fc.constantFrom([parseVerifierKey(KEY)], undefined),
      latest: fc.option(head, { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(mutated(body), state, (text, known) =>
        survives(async () => {
          const { answer } = await decideCosignature(parseAddCheckpoint(text), known)
          expect(answer).not.toBe('cosign')
        }),
      ),
    )
  })
})

describe('any signature', () => {
  const signature = fc.uint8Array({ minLength: 1, maxLength: 100 })

  test('under a known key', async () => {
    const publicKey = parseVerifierKey(KEY).publicKey
    const keys = [KEY_TYPE.ed25519, KEY_TYPE.cosignature].map((type) => makeVerifierKey(`k${type}`, type, publicKey))
    await fc.assert(
      fc.asyncProperty(signature, fc.constantFrom(...keys), async (bytes, key) => {
        const note = { text: CHECKPOINT, signatures: [{ name: key.name, id: key.id, signature: bytes }] }
        expect(await verifyNote(note, keys)).toMatchObject({ signed: false, fault: 'wrong-signature' })
      }),
    )
  })

  test('under any public key', async () => {
    const publicKeys = fc.uint8Array({ minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(publicKeys, signature, (publicKey, bytes) =>
        survives(async () => {
          const key = makeVerifierKey('w', KEY_TYPE.cosignature, publicKey)
          const note = { text: CHECKPOINT, signatures: [{ name: key.name, id: key.id, signature: bytes }] }
          expect(await verifyQuorum(note, { witnesses: [key], required: 1 })).toMatchObject({ reached: false })
        }),
      ),
    )
  })
})

describe('any tiles', () => {
  const tiles = fc.array(fc.uint8Array({ maxLength: 8192, size: 'max' }), { maxLength: 9 })
  const size = fc.oneof(fc.bigInt({ min: 0n, max: 600n }), fc.bigInt({ min: -1n, max: 2n ** 64n }))
  const root = fc.uint8Array({ minLength: 32, maxLength: 32 })

  test('read, grown and compared', async () => {
    await fc.assert(
      fc.asyncProperty(tiles, size, size, root, async (given, treeSize, index, claimed) => {
        const head = { size: treeSize, root: claimed }
        const read = async () => given
        await survives(() => tileHashReader(head, read)([{ level: 0, index }]))
        await survives(() => growTiles(head, [claimed], read))
        return survives(async () => {
          const leaves = { leafHashes: [[claimed, claimed]] }
          expect(await verifyLog({ heads: [head], leaves, readTiles: read })).toMatchObject({ holds: false })
        })
      }),
      { numRuns: 50 },
    )
  })
})

test('says what is wrong without repeating it raw', () => {
  const text = formatCheckpoint({ origin: 'a\u202eb', size: 1n, root: new Uint8Array(32), extensions: [] })
  const caught = (() => {
    try {
      parseCheckpoint(text.replace('\n1\n', '\n\u202e1\n'))
    } catch (error) {
      return error
    }
  })()
  expect(String(caught)).toBe('MalformedInput: tree size `\\u{202e}1` is not a decimal number without leading zeros')
})
