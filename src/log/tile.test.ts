import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeEntries, encodeEntries } from './entries.ts'
import { entriesFrom } from './memory-log.contract.ts'
import {
  bundlePath,
  bundlesBetween,
  parseTilePath,
  type Tile,
  tileAt,
  tileHolding,
  tilePath,
  tilesBetween,
} from './tile.ts'
import { subtreeNodes } from './tree.ts'
import { MAX_UINT64 } from './uint64.ts'

const count = (tiles: Iterable<Tile>, level: number, width: number) =>
  [...tiles].filter((tile) => tile.level === level && tile.width === width).length

describe('paths', () => {
  test.each([
    ['tile/0/x001/x234/067', { level: 0, index: 1234067n, width: 256 }],
    ['tile/0/000', { level: 0, index: 0n, width: 256 }],
    ['tile/1/999.p/1', { level: 1, index: 999n, width: 1 }],
    ['tile/2/x001/000.p/255', { level: 2, index: 1000n, width: 255 }],
    ['tile/63/x018/x446/x744/x073/x709/x551/615.p/17', { level: 63, index: MAX_UINT64, width: 17 }],
  ])('%s', (path, tile) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual({ kind: 'tile', tile })
  })

  test('entries have their own', () => {
    expect(bundlePath({ index: 1234067n, width: 8 })).toBe('tile/entries/x001/x234/067.p/8')
    expect(parseTilePath('tile/entries/x001/x234/067')).toEqual({
      kind: 'entries',
      bundle: { index: 1234067n, width: 256 },
    })
  })

  test('come back unchanged', () => {
    const tiles = fc.record({
      level: fc.nat(63),
      index: fc.bigInt({ min: 0n, max: MAX_UINT64 }),
      width: fc.integer({ min: 1, max: 256 }),
    })
    fc.assert(
      fc.property(tiles, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual({ kind: 'tile', tile })
      }),
    )
  })

  test.each([
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/001/000',
    'tile/0/x000/001',
    'tile/0/x001',
    'tile/0/x001/x000',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/300',
    'tile/0/000.p/',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/data/000',
    'tile/8/0/000/../000',
    'tile/0/x018/x446/x744/x073/x709/x551/616',
    'tile/0/x001/x018/x446/x744/x073/x709/x551/615',
    '',
  ])('%j is none', (path) => {
    expect(() => parseTilePath(path)).toThrow(expect.objectContaining({ reason: 'tile-path' }))
  })
})

describe('which tiles a tree has', () => {
  test('70,000 leaves, as in the example of tlog-tiles', () => {
    const tiles = [...tilesBetween(0n, 70_000n)]
    expect(count(tiles, 0, 256)).toBe(273)
    expect(count(tiles, 0, 112)).toBe(1)
    expect(count(tiles, 1, 256)).toBe(1)
    expect(count(tiles, 1, 17)).toBe(1)
    expect(count(tiles, 2, 1)).toBe(1)
    expect(tiles).toHaveLength(277)
    expect([...bundlesBetween(0n, 70_000n)]).toHaveLength(274)
  })

  test('256 leaves: one full tile and the first hash above it, as in the specification', () => {
    expect([...tilesBetween(0n, 256n)].map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1'])
    expect([...bundlesBetween(0n, 256n)].map(bundlePath)).toEqual(['tile/entries/000'])
  })

  test('nothing for no leaves and for no growth', () => {
    expect([...tilesBetween(0n, 0n)]).toEqual([])
    expect([...tilesBetween(77n, 77n)]).toEqual([])
  })

  test('growing in steps publishes every tile of the whole', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(steps, (sizes) => {
        const published = new Set<string>()
        let before = 0n
        for (const step of sizes) {
          const after = before + BigInt(step)
          for (const tile of tilesBetween(before, after)) published.add(tilePath(tile))
          before = after
        }
        for (const tile of tilesBetween(0n, before)) expect(published).toContain(tilePath(tile))
      }),
      { numRuns: 30 },
    )
  })

  test('near 2^64 the last tile is where it belongs', () => {
    const tiles = [...tilesBetween(MAX_UINT64 - 1n, MAX_UINT64)]
    expect(tiles).toEqual([{ level: 0, index: MAX_UINT64 >> 8n, width: 255 }])
  })

  test('refuses sizes that are none', () => {
    expect(() => [...tilesBetween(0n, 2n ** 64n)]).toThrow(expect.objectContaining({ reason: 'not-uint64' }))
    expect(() => [...tilesBetween(-1n, 5n)]).toThrow(expect.objectContaining({ reason: 'not-uint64' }))
  })
})

describe('where a node is', () => {
  test('every subtree of a tree stands in one of its tiles', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: MAX_UINT64 }), (size) => {
        for (const node of subtreeNodes({ from: 0n, to: size })) {
          const { tile, offset, count: hashes } = tileHolding(node, size)
          expect(offset + hashes).toBeLessThanOrEqual(tile.width)
          const first = (tile.index * 256n + BigInt(offset)) << BigInt(8 * tile.level)
          expect(first).toBe(node.index << BigInt(node.level))
        }
      }),
    )
  })

  test('what is not in the tree has no tile', () => {
    const outside = expect.objectContaining({ reason: 'index-outside-tree' })
    expect(() => tileAt(0, 1n, 256n)).toThrow(outside)
    expect(() => tileAt(0, -1n, 256n)).toThrow(outside)
    expect(() => tileAt(0, 0n, 0n)).toThrow(outside)
    expect(() => tileHolding({ level: 0, index: 100n }, 100n)).toThrow(outside)
    expect(() => tileHolding({ level: 3, index: 12n }, 100n)).toThrow(outside)
    expect(() => tileHolding({ level: 7, index: 0n }, 127n)).toThrow(outside)
  })
})

describe('entry bundles', () => {
  test('two bytes of length, big-endian, then the entry', () => {
    const bytes = encodeEntries([Uint8Array.of(1, 2, 3), new Uint8Array(), new Uint8Array(300).fill(9)])
    expect([...bytes.slice(0, 9)]).toEqual([0, 3, 1, 2, 3, 0, 0, 1, 44])
    expect(bytes).toHaveLength(2 + 3 + 2 + 2 + 300)
  })

  test('come back unchanged, also from inside a larger buffer', () => {
    const bundles = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 })
    fc.assert(
      fc.property(bundles, (entries) => {
        const bytes = encodeEntries(entries)
        const within = Uint8Array.of(7, 7, 7, ...bytes, 7).subarray(3, 3 + bytes.length)
        expect(decodeEntries(within, entries.length)).toEqual(entries)
      }),
    )
  })

  test('the longest entry fits, the next does not', () => {
    const longest = new Uint8Array(0xffff).fill(1)
    expect(decodeEntries(encodeEntries([longest]), 1)).toEqual([longest])
    const tooLarge = expect.objectContaining({ reason: 'entry-too-large' })
    expect(() => encodeEntries([new Uint8Array(0x10000)])).toThrow(tooLarge)
  })

  test('[B20] cut, padded or of another width, a bundle is refused', () => {
    const entries = entriesFrom(0, 5)
    const bytes = encodeEntries(entries)
    const refused = expect.objectContaining({ reason: 'entries-structure' })
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeEntries(bytes.subarray(0, length), 5)).toThrow(refused)
    }
    expect(() => decodeEntries(Uint8Array.of(...bytes, 0), 5)).toThrow(refused)
    expect(() => decodeEntries(bytes, 4)).toThrow(refused)
    expect(() => decodeEntries(bytes, 6)).toThrow(refused)
  })
})
