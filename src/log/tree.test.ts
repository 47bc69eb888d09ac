import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Frontier } from './frontier.ts'
import { entriesFrom, logOf, nearlyUniformTree } from './memory-log.contract.ts'
import { CT_ENTRIES, CT_ROOTS, hashOf, hex, merkleTreeHash, nodeOf } from './rfc6962.contract.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { emptyRoot, foldSubtrees, leafHash, nodeHash, readRanges, splitPoint, subtreeNodes, treeHash } from './tree.ts'
import { MAX_UINT64 } from './uint64.ts'

describe('hashing of RFC 6962 section 2.1', () => {
  test('the empty tree is the hash of nothing', () => {
    expect(emptyRoot()).toEqual(CT_ROOTS[0])
  })

  test('leaves and nodes are told apart by their first byte', () => {
    expect(leafHash(new Uint8Array())).toEqual(hex('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'))
    const [left, right] = [hashOf(Uint8Array.of(1)), hashOf(Uint8Array.of(2))]
    expect(nodeHash(left, right)).toEqual(nodeOf(left, right))
    expect(leafHash(Uint8Array.of(...left, ...right))).not.toEqual(nodeHash(left, right))
  })

  test('entries longer than the shared buffer hash like any other', () => {
    for (const length of [0xfffe, 0xffff, 0x10000, 0x10001, 0x20000]) {
      const entry = new Uint8Array(length).fill(7)
      expect(leafHash(entry)).toEqual(hashOf(Uint8Array.of(0), entry))
    }
    expect(leafHash(Uint8Array.of(1))).toEqual(hashOf(Uint8Array.of(0, 1)))
  })
})

describe('frontier', () => {
  test('gives the roots of the Certificate Transparency test tree', () => {
    const frontier = new Frontier()
    CT_ROOTS.forEach((root, size) => {
      expect(frontier.size).toBe(BigInt(size))
      expect(frontier.root()).toEqual(root)
      if (size < CT_ENTRIES.length) frontier.append(leafHash(CT_ENTRIES[size] as Uint8Array))
    })
  })

  test('agrees with the definition at every size, by leaf hash and by entry', () => {
    const entries = entriesFrom(0, 70)
    const [byHash, byEntry] = [new Frontier(), new Frontier()]
    entries.forEach((entry, at) => {
      byHash.append(leafHash(entry))
      byEntry.appendEntry(entry)
      const root = merkleTreeHash(entries.slice(0, at + 1))
      expect(byHash.root()).toEqual(root)
      expect(byEntry.root()).toEqual(root)
    })
  })

  test('resumes from its subtrees', async () => {
    const entries = entriesFrom(0, 100)
    const log = await logOf(entries.slice(0, 77))
    const reader = tileHashReader(log.head, log.readTiles)
    const resumed = new Frontier(77n, [...(await reader(subtreeNodes({ from: 0n, to: 77n })))])
    for (const entry of entries.slice(77)) resumed.appendEntry(entry)
    expect(resumed.root()).toEqual(merkleTreeHash(entries))
    expect(resumed.size).toBe(100n)
  })

  test('counts past the largest safe integer and refuses the leaf after 2^64-1', async () => {
    const leaf = leafHash(Uint8Array.of(1))
    const reader = nearlyUniformTree(leaf, leaf, 0n)
    const size = MAX_UINT64 - 3n
    const frontier = new Frontier(size, [...(await reader(subtreeNodes({ from: 0n, to: size })))])
    for (const added of [1n, 2n, 3n]) {
      frontier.append(leaf)
      expect(frontier.size).toBe(size + added)
      expect(frontier.root()).toEqual(await treeHash(size + added, reader))
    }
    expect(() => frontier.append(leaf)).toThrow(expect.objectContaining({ reason: 'not-uint64' }))
    expect(frontier.size).toBe(MAX_UINT64)
  })

  test('refuses subtrees that are not those of its size', () => {
    expect(() => new Frontier(3n, [emptyRoot()])).toThrow(expect.objectContaining({ reason: 'proof-length' }))
    expect(() => new Frontier(1n, [new Uint8Array(31)])).toThrow(expect.objectContaining({ reason: 'hash-length' }))
    expect(() => new Frontier().append(new Uint8Array(33))).toThrow(expect.objectContaining({ reason: 'hash-length' }))
  })
})

describe('subtrees', () => {
  const sizes = fc.bigInt({ min: 1n, max: MAX_UINT64 })

  test('cover a tree from left to right, largest first, without gap', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const nodes = subtreeNodes({ from: 0n, to: size })
        let at = 0n
        let above = 65
        for (const { level, index } of nodes) {
          expect(index << BigInt(level)).toBe(at)
          expect(level).toBeLessThan(above)
          above = level
          at += 1n << BigInt(level)
        }
        expect(at).toBe(size)
      }),
    )
  })

  test('a tree splits at the largest power of two below its size', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const k = splitPoint(size + 1n)
        expect(k & (k - 1n)).toBe(0n)
        expect(k < size + 1n && k * 2n >= size + 1n).toBe(true)
      }),
    )
  })

  test('fold to the tree hash', () => {
    const [a, b, c] = CT_ENTRIES.map(leafHash) as [Uint8Array, Uint8Array, Uint8Array]
    expect(foldSubtrees([nodeHash(a, b), c])).toEqual(CT_ROOTS[3])
  })
})

describe('tree hash from a reader', () => {
  test('of nothing needs no reader', async () => {
    await expect(treeHash(0n, () => Promise.reject(new Error('asked')))).resolves.toEqual(emptyRoot())
  })

  test('a reader that gives too few, too many or other things is caught', async () => {
    const short = { reason: 'reader-contract' }
    await expect(treeHash(3n, async () => [])).rejects.toMatchObject(short)
    await expect(treeHash(1n, async () => [emptyRoot(), emptyRoot()])).rejects.toMatchObject(short)
    await expect(treeHash(1n, async () => [new Uint8Array(5)])).rejects.toMatchObject({ reason: 'hash-length' })
    await expect(treeHash(-1n, async () => [])).rejects.toMatchObject({ reason: 'not-uint64' })
    await expect(treeHash(2n ** 64n, async () => [])).rejects.toMatchObject({ reason: 'not-uint64' })
  })

  test('asks once for everything', async () => {
    let calls = 0
    const leaf = leafHash(Uint8Array.of(1))
    const uniform = nearlyUniformTree(leaf, leaf, 0n)
    const counting: typeof uniform = (nodes) => {
      calls++
      return uniform(nodes)
    }
    await readRanges(
      [
        { from: 0n, to: 12345n },
        { from: 16384n, to: 16390n },
      ],
      counting,
    )
    expect(calls).toBe(1)
  })
})
