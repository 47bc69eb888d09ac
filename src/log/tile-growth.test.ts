import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entriesFrom, logOf, MemoryLog } from './memory-log.contract.ts'
import { hashOf, merkleTreeHash } from './rfc6962.contract.ts'
import { type TileReader, tilePath, tilesBetween } from './tile.ts'
import { growTiles } from './tile-growth.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { emptyRoot, leafHash, treeHash } from './tree.ts'
import { MAX_UINT64 } from './uint64.ts'

const EMPTY = { size: 0n, root: emptyRoot() }
const noTiles: TileReader = () => Promise.reject(new Error('asked'))
const malformed = (reason: string) => expect.objectContaining({ name: 'MalformedInput', reason })

describe('growth', () => {
  test('from nothing reads nothing', async () => {
    await expect(growTiles(EMPTY, [], noTiles)).resolves.toEqual({ ...EMPTY, tiles: [] })
    const { size, root, tiles } = await growTiles(EMPTY, entriesFrom(0, 3).map(leafHash), noTiles)
    expect(size).toBe(3n)
    expect(root).toEqual(merkleTreeHash(entriesFrom(0, 3)))
    expect(tiles.map(({ tile }) => tilePath(tile))).toEqual(['tile/0/000.p/3'])
  })

  test('in any steps gives the same root and leaves every tile of the tree behind', async () => {
    const steps = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(steps, async (counts) => {
        const log = new MemoryLog()
        for (const count of counts) await log.grow(entriesFrom(log.entries.length, count))
        expect(log.head.root).toEqual(merkleTreeHash(log.entries))
        for (const tile of tilesBetween(0n, log.head.size)) {
          expect(log.tiles.get(tilePath(tile))?.length).toBe(tile.width * 32)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('writes exactly the tiles that are new or wider', async () => {
    const log = await logOf(entriesFrom(0, 500))
    const { tiles } = await growTiles(log.head, entriesFrom(500, 20).map(leafHash), log.readTiles)
    const expected = [...tilesBetween(500n, 520n)].map(tilePath)
    expect(tiles.map(({ tile }) => tilePath(tile)).sort()).toEqual(expected.sort())
  })

  test('leaves alone what did not change', async () => {
    const log = await logOf(entriesFrom(0, 300))
    const { tiles } = await growTiles(log.head, entriesFrom(300, 1).map(leafHash), log.readTiles)
    expect(tiles.map(({ tile }) => tilePath(tile))).toEqual(['tile/0/001.p/45'])
    await expect(growTiles(log.head, [], log.readTiles)).resolves.toEqual({ ...log.head, tiles: [] })
  })

  test('reaches the third level', async () => {
    const log = await logOf(entriesFrom(0, 65_530), entriesFrom(65_530, 10))
    expect([...log.tiles.keys()]).toContain('tile/2/000.p/1')
    expect(log.head.root).toEqual(merkleTreeHash(log.entries))
    const reader = tileHashReader(log.head, log.readTiles)
    expect(await treeHash(65_537n, reader)).toEqual(merkleTreeHash(log.entries.slice(0, 65_537)))
  })

  test('[B23] refuses to grow from tiles that were edited', async () => {
    const log = await logOf(entriesFrom(0, 600))
    log.forgeTile('tile/0/002.p/88', 10, hashOf(Uint8Array.of(1)))
    await expect(log.grow(entriesFrom(600, 1))).rejects.toEqual(malformed('tile-root'))
    const other = await logOf(entriesFrom(0, 600))
    await expect(other.grow([])).resolves.toMatchObject({ size: 600n })
    other.forgeTile('tile/1/000.p/2', 1, hashOf(Uint8Array.of(1)))
    await expect(other.grow([])).rejects.toEqual(malformed('tile-root'))
  })

  test('refuses an older head that is not that of the tiles, and more leaves than can be', async () => {
    const leaf = leafHash(Uint8Array.of(1))
    await expect(growTiles({ size: 0n, root: leaf }, [leaf], noTiles)).rejects.toEqual(malformed('tile-root'))
    const full = { size: MAX_UINT64, root: leaf }
    await expect(growTiles(full, [leaf], noTiles)).rejects.toEqual(malformed('not-uint64'))
    await expect(growTiles(EMPTY, [new Uint8Array(31)], noTiles)).rejects.toEqual(malformed('hash-length'))
  })
})

describe('hashes from tiles', () => {
  test('come with one read, whatever is asked', async () => {
    const log = await logOf(entriesFrom(0, 70_000))
    const before = log.reads
    const nodes = [0n, 300n, 69_999n, 65_000n].map((index) => ({ level: 0, index }))
    const hashes = await tileHashReader(log.head, log.readTiles)([...nodes, { level: 12, index: 3n }])
    expect(log.reads).toBe(before + 1)
    nodes.forEach(({ index }, at) => {
      expect(hashes[at]).toEqual(leafHash(log.entries[Number(index)] as Uint8Array))
    })
    expect(hashes[4]).toEqual(merkleTreeHash(log.entries.slice(3 * 4096, 4 * 4096)))
  })

  test('are copies, which do not change with the tiles', async () => {
    const log = await logOf(entriesFrom(0, 5))
    const [hash] = await tileHashReader(log.head, log.readTiles)([{ level: 0, index: 0n }])
    log.tiles.get('tile/0/000.p/5')?.fill(0)
    expect(hash).toEqual(leafHash(log.entries[0] as Uint8Array))
  })

  test('[B23] one changed hash in any tile that is used is noticed', async () => {
    const log = await logOf(entriesFrom(0, 66_000))
    const spots = fc.constantFrom<[string, number]>(
      ['tile/0/001', 255],
      ['tile/0/257.p/208', 3],
      ['tile/1/000', 1],
      ['tile/1/000', 200],
      ['tile/1/001.p/1', 0],
      ['tile/2/000.p/1', 0],
    )
    await fc.assert(
      fc.asyncProperty(spots, fc.nat(255), async ([path, offset], bit) => {
        const original = log.tiles.get(path) as Uint8Array
        const bent = original.slice()
        bent[offset * 32 + (bit >> 3)] = (bent[offset * 32 + (bit >> 3)] as number) ^ (1 << (bit & 7))
        log.tiles.set(path, bent)
        const read = tileHashReader(log.head, log.readTiles)([{ level: 0, index: 300n }])
        await expect(read).rejects.toEqual(malformed('tile-root'))
        log.tiles.set(path, original)
        await expect(tileHashReader(log.head, log.readTiles)([{ level: 0, index: 300n }])).resolves.toBeDefined()
      }),
      { numRuns: 40 },
    )
  })

  test('a reader that breaks its contract is caught, one that fails is heard', async () => {
    const log = await logOf(entriesFrom(0, 300))
    const nodes = [{ level: 0, index: 1n }]
    const with_ = (readTiles: TileReader) => tileHashReader(log.head, readTiles)(nodes)
    await expect(with_(async () => [])).rejects.toEqual(malformed('reader-contract'))
    await expect(with_(async (tiles) => tiles.map(() => new Uint8Array(32)))).rejects.toEqual(malformed('tile-length'))
    await expect(with_(async (tiles) => tiles.map(() => undefined as never))).rejects.toEqual(malformed('tile-length'))
    await expect(with_(() => Promise.reject(new Error('disk on fire')))).rejects.toThrow('disk on fire')
    const outside = tileHashReader(log.head, log.readTiles)([{ level: 0, index: 300n }])
    await expect(outside).rejects.toEqual(malformed('index-outside-tree'))
  })
})
