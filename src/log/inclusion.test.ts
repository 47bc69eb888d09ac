import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { proveInclusion, rootFromInclusion, verifyInclusion } from './inclusion.ts'
import { entriesFrom, logOf, nearlyUniformTree } from './memory-log.contract.ts'
import { auditPath, CT_ENTRIES, CT_INCLUSION, CT_ROOTS, hashOf } from './rfc6962.contract.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { emptyRoot, leafHash, treeHash } from './tree.ts'
import { MAX_UINT64 } from './uint64.ts'

const ENTRIES = entriesFrom(0, 600)

async function proofs(size: number) {
  const log = await logOf(ENTRIES.slice(0, size))
  return { head: log.head, reader: tileHashReader(log.head, log.readTiles) }
}

describe('the Certificate Transparency test tree', () => {
  test.each(CT_INCLUSION)('leaf $index of $size', ({ index, size, proof }) => {
    const path = {
      index: BigInt(index),
      size: BigInt(size),
      leafHash: leafHash(CT_ENTRIES[index] as Uint8Array),
      proof,
    }
    expect(verifyInclusion(path, CT_ROOTS[size] as Uint8Array)).toBe(true)
    const wrong = [
      { ...path, index: path.index + 1n },
      { ...path, index: path.index - 1n },
      { ...path, index: path.index ^ 2n },
      { ...path, size: path.size * 2n },
      { ...path, size: path.size / 2n },
      { ...path, leafHash: hashOf(Uint8Array.of(9)) },
      { ...path, leafHash: new Uint8Array() },
      { ...path, proof: [...proof, new Uint8Array()] },
      { ...path, proof: [...proof, CT_ROOTS[size] as Uint8Array] },
      { ...path, proof: [new Uint8Array(), ...proof] },
      { ...path, proof: [CT_ROOTS[size] as Uint8Array, ...proof] },
    ]
    for (const claim of wrong) expect(verifyInclusion(claim, CT_ROOTS[size] as Uint8Array)).toBe(false)
    expect(verifyInclusion(path, emptyRoot())).toBe(false)
    expect(verifyInclusion(path, new Uint8Array())).toBe(false)
  })

  test('an empty tree contains nothing', () => {
    expect(verifyInclusion({ index: 0n, size: 0n, leafHash: emptyRoot(), proof: [] }, emptyRoot())).toBe(false)
  })
})

test('every proof of every tree up to 40 leaves is the path of RFC 6962', async () => {
  for (let size = 1; size <= 40; size++) {
    const { head, reader } = await proofs(size)
    for (let index = 0; index < size; index++) {
      const proof = await proveInclusion(BigInt(index), BigInt(size), reader)
      expect(proof).toEqual(auditPath(index, ENTRIES.slice(0, size)))
      const leaf = leafHash(ENTRIES[index] as Uint8Array)
      expect(verifyInclusion({ index: BigInt(index), size: BigInt(size), leafHash: leaf, proof }, head.root)).toBe(true)
    }
  }
})

test('a proof holds at any size and for its own leaf alone, across tile borders', async () => {
  const claims = fc
    .integer({ min: 1, max: 600 })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), other: fc.nat(size - 1) }))
  await fc.assert(
    fc.asyncProperty(claims, async ({ size, index, other }) => {
      const { head, reader } = await proofs(size)
      const proof = await proveInclusion(BigInt(index), head.size, reader)
      const path = { index: BigInt(index), size: head.size, leafHash: leafHash(ENTRIES[index] as Uint8Array), proof }
      expect(verifyInclusion(path, head.root)).toBe(true)
      expect(verifyInclusion({ ...path, index: BigInt(other) }, head.root)).toBe(other === index)
      expect(verifyInclusion({ ...path, leafHash: leafHash(ENTRIES[other] as Uint8Array) }, head.root)).toBe(
        other === index,
      )
    }),
    { numRuns: 60 },
  )
})

test('[B23] any flipped bit, cut or added hash in a proof is rejected', async () => {
  const { head, reader } = await proofs(555)
  const proof = await proveInclusion(300n, 555n, reader)
  const path = { index: 300n, size: 555n, leafHash: leafHash(ENTRIES[300] as Uint8Array), proof }
  fc.assert(
    fc.property(fc.nat(proof.length - 1), fc.nat(255), (at, bit) => {
      const bent = proof.map((hash) => hash.slice())
      const hash = bent[at] as Uint8Array
      hash[bit >> 3] = (hash[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(verifyInclusion({ ...path, proof: bent }, head.root)).toBe(false)
      expect(verifyInclusion({ ...path, proof: proof.slice(0, at) }, head.root)).toBe(false)
      expect(verifyInclusion({ ...path, proof: proof.toSpliced(at, 1) }, head.root)).toBe(false)
      expect(verifyInclusion({ ...path, proof: proof.toSpliced(at, 0, hash) }, head.root)).toBe(false)
    }),
  )
})

describe('near 2^64', () => {
  const common = leafHash(Uint8Array.of(0))
  const special = leafHash(Uint8Array.of(1))
  const trees = fc
    .bigInt({ min: 2n ** 53n, max: MAX_UINT64 })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.bigInt({ min: 0n, max: size - 1n }) }))

  test('the one special leaf is proven at its index and at no neighbour', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async ({ size, index }) => {
        const reader = nearlyUniformTree(common, special, index)
        const root = await treeHash(size, reader)
        const proof = await proveInclusion(index, size, reader)
        const path = { index, size, leafHash: special, proof }
        expect(verifyInclusion(path, root)).toBe(true)
        expect(verifyInclusion({ ...path, index: index ^ 1n }, root)).toBe(false)
        expect(verifyInclusion({ ...path, index: index + 1n }, root)).toBe(false)
        expect(verifyInclusion({ ...path, index: index - 1n }, root)).toBe(false)
      }),
    )
  })

  test('at the very end', async () => {
    const index = MAX_UINT64 - 1n
    const reader = nearlyUniformTree(common, special, index)
    const root = await treeHash(MAX_UINT64, reader)
    const proof = await proveInclusion(index, MAX_UINT64, reader)
    expect(proof).toHaveLength(63)
    expect(verifyInclusion({ index, size: MAX_UINT64, leafHash: special, proof }, root)).toBe(true)
  })
})

test('says why a claim cannot be', () => {
  const path = { index: 0n, size: 1n, leafHash: emptyRoot(), proof: [] }
  const reasonOf = (claim: typeof path) => {
    try {
      rootFromInclusion(claim)
    } catch (error) {
      return error
    }
  }
  expect(reasonOf({ ...path, index: 1n })).toMatchObject({ reason: 'index-outside-tree' })
  expect(reasonOf({ ...path, index: -1n })).toMatchObject({ reason: 'not-uint64' })
  expect(reasonOf({ ...path, size: 2n ** 64n })).toMatchObject({ reason: 'not-uint64' })
  expect(reasonOf({ ...path, size: 2n })).toMatchObject({ reason: 'proof-length' })
  expect(reasonOf({ ...path, leafHash: new Uint8Array(3) })).toMatchObject({ reason: 'hash-length' })
})
