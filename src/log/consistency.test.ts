import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkConsistency, proveConsistency, verifyConsistency } from './consistency.ts'
import { entriesFrom, logOf, nearlyUniformTree } from './memory-log.contract.ts'
import {
  CT_CONSISTENCY,
  CT_ROOTS,
  consistencyPath,
  consistencyRoots,
  hashOf,
  merkleTreeHash,
} from './rfc6962.contract.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { emptyRoot, leafHash, treeHash } from './tree.ts'
import { MAX_UINT64 } from './uint64.ts'

const ENTRIES = entriesFrom(0, 600)
const head = (size: number, root: Uint8Array) => ({ size: BigInt(size), root })

describe('the Certificate Transparency test tree', () => {
  test.each(CT_CONSISTENCY)('from $older to $newer', ({ older, newer, proof }) => {
    const [root1, root2] = [CT_ROOTS[older] as Uint8Array, CT_ROOTS[newer] as Uint8Array]
    const claim = { older: head(older, root1), newer: head(newer, root2), proof }
    expect(verifyConsistency(claim)).toBe(true)
    if (older === newer) return
    const wrong = [
      { ...claim, older: head(older - 1, root1) },
      { ...claim, older: head(older + 1, root1) },
      { ...claim, older: head(older ^ 2, root1) },
      { ...claim, newer: head(newer * 2, root2) },
      { ...claim, newer: head(Math.floor(newer / 2), root2) },
      { ...claim, older: head(older, new Uint8Array(5)) },
      { ...claim, newer: head(newer, new Uint8Array(5)) },
      { ...claim, older: head(older, root2), newer: head(newer, root1) },
      { ...claim, proof: [] },
      { ...claim, proof: proof.slice(0, -1) },
      { ...claim, proof: [...proof, new Uint8Array()] },
      { ...claim, proof: [...proof, root1] },
      { ...claim, proof: [...proof, root2] },
      { ...claim, proof: [root1, ...proof] },
      { ...claim, proof: [proof[0] as Uint8Array, ...proof] },
    ]
    for (const one of wrong) expect(verifyConsistency(one)).toBe(false)
  })
})

test('the verifier agrees with the steps of RFC 9162 on which roots a proof leads to', async () => {
  const sizes = fc
    .integer({ min: 3, max: 600 })
    .chain((newer) => fc.tuple(fc.integer({ min: 1, max: newer - 1 }), fc.constant(newer)))
  const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 12, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(sizes, hashes, async ([older, newer], random) => {
      const log = await logOf(ENTRIES.slice(0, newer))
      const reader = tileHashReader(log.head, log.readTiles)
      // Any hashes do: whatever roots they lead to, they must be the ones that the standard's steps give.
      const proof = (await proveConsistency(BigInt(older), BigInt(newer), reader)).map(
        (_, at) => random[at] as Uint8Array,
      )
      const known = (older & (older - 1)) === 0
      const path = known ? [random[11] as Uint8Array, ...proof] : proof
      const [first, second] = consistencyRoots(BigInt(older), BigInt(newer), path)
      expect(verifyConsistency({ older: head(older, first), newer: head(newer, second), proof })).toBe(true)
      expect(verifyConsistency({ older: head(older, second), newer: head(newer, second), proof })).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('every proof between trees of up to 40 leaves is that of RFC 6962', async () => {
  for (let newer = 1; newer <= 40; newer++) {
    const log = await logOf(ENTRIES.slice(0, newer))
    const reader = tileHashReader(log.head, log.readTiles)
    for (let older = 1; older <= newer; older++) {
      const proof = await proveConsistency(BigInt(older), BigInt(newer), reader)
      expect(proof).toEqual(consistencyPath(older, ENTRIES.slice(0, newer)))
      const root = merkleTreeHash(ENTRIES.slice(0, older))
      expect(verifyConsistency({ older: head(older, root), newer: log.head, proof })).toBe(true)
    }
  }
})

test('[B23] a proof holds between true prefixes only: forks and restored copies are rejected', async () => {
  const sizes = fc.record({
    a: fc.integer({ min: 1, max: 600 }),
    b: fc.integer({ min: 1, max: 600 }),
    bad: fc.nat(599),
  })
  await fc.assert(
    fc.asyncProperty(sizes, async ({ a, b, bad }) => {
      const [older, newer] = [Math.min(a, b), Math.max(a, b)]
      const log = await logOf(ENTRIES.slice(0, newer))
      const proof = await proveConsistency(BigInt(older), BigInt(newer), tileHashReader(log.head, log.readTiles))
      const before = await logOf(ENTRIES.slice(0, older))
      expect(verifyConsistency({ older: before.head, newer: log.head, proof })).toBe(true)
      const forked = ENTRIES.slice(0, older).with(bad % older, Buffer.from('another history'))
      const fork = await logOf(forked)
      expect(verifyConsistency({ older: fork.head, newer: log.head, proof })).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('[B23] any flipped bit, cut or added hash in a proof is rejected', async () => {
  const log = await logOf(ENTRIES.slice(0, 300), ENTRIES.slice(300, 555))
  const [older, newer] = log.heads as [typeof log.head, typeof log.head]
  const proof = await proveConsistency(older.size, newer.size, tileHashReader(log.head, log.readTiles))
  fc.assert(
    fc.property(fc.nat(proof.length - 1), fc.nat(255), (at, bit) => {
      const bent = proof.map((hash) => hash.slice())
      const hash = bent[at] as Uint8Array
      hash[bit >> 3] = (hash[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(verifyConsistency({ older, newer, proof: bent })).toBe(false)
      expect(verifyConsistency({ older, newer, proof: proof.slice(0, at) })).toBe(false)
      expect(verifyConsistency({ older, newer, proof: proof.toSpliced(at, 0, hash) })).toBe(false)
    }),
  )
})

describe('empty and equal trees', () => {
  const root = hashOf(Uint8Array.of(1))
  const empty = head(0, emptyRoot())

  test('everything continues the empty tree, with an empty proof', () => {
    expect(verifyConsistency({ older: empty, newer: empty, proof: [] })).toBe(true)
    expect(verifyConsistency({ older: empty, newer: head(5, root), proof: [] })).toBe(true)
    expect(verifyConsistency({ older: empty, newer: head(5, root), proof: [root] })).toBe(false)
  })

  test('an empty tree with another root is nothing to continue', () => {
    expect(verifyConsistency({ older: head(0, root), newer: head(5, root), proof: [] })).toBe(false)
    expect(verifyConsistency({ older: empty, newer: head(0, root), proof: [] })).toBe(false)
  })

  test('equal sizes need equal roots and an empty proof', () => {
    expect(verifyConsistency({ older: head(5, root), newer: head(5, root), proof: [] })).toBe(true)
    expect(verifyConsistency({ older: head(5, root), newer: head(5, root), proof: [root] })).toBe(false)
    expect(verifyConsistency({ older: head(5, root), newer: head(5, emptyRoot()), proof: [] })).toBe(false)
  })

  test('a smaller tree continues nothing', () => {
    expect(() => checkConsistency({ older: head(5, root), newer: head(4, root), proof: [] })).toThrow(
      expect.objectContaining({ reason: 'sizes-out-of-order' }),
    )
  })

  test('no proof is needed, and none is read, from an empty or an equal tree', async () => {
    const refuse = () => Promise.reject(new Error('asked'))
    await expect(proveConsistency(0n, 9n, refuse)).resolves.toEqual([])
    await expect(proveConsistency(9n, 9n, refuse)).resolves.toEqual([])
    await expect(proveConsistency(9n, 8n, refuse)).rejects.toMatchObject({ reason: 'sizes-out-of-order' })
  })
})

test('near 2^64, a tree continues itself and not its neighbour', async () => {
  const [common, special] = [leafHash(Uint8Array.of(0)), leafHash(Uint8Array.of(1))]
  const trees = fc
    .bigInt({ min: 2n ** 53n, max: MAX_UINT64 })
    .chain((newer) => fc.record({ newer: fc.constant(newer), older: fc.bigInt({ min: 2n, max: newer - 1n }) }))
  await fc.assert(
    fc.asyncProperty(trees, async ({ newer, older }) => {
      const reader = nearlyUniformTree(common, special, older - 1n)
      const proof = await proveConsistency(older, newer, reader)
      const claim = {
        older: { size: older, root: await treeHash(older, reader) },
        newer: { size: newer, root: await treeHash(newer, reader) },
        proof,
      }
      expect(verifyConsistency(claim)).toBe(true)
      const shifted = { size: older - 1n, root: await treeHash(older - 1n, reader) }
      expect(verifyConsistency({ ...claim, older: shifted })).toBe(false)
      expect(verifyConsistency({ ...claim, older: { ...claim.older, size: older - 1n } })).toBe(false)
    }),
  )
})
