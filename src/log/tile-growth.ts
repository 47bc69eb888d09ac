// Which tiles does a log write when it grows? The sealer's one step: from the right edge of the old tree and new leaf
// hashes, the new root and every tile that is new or wider. The old edge must lead to the old root, so that a log whose
// stored tiles were edited refuses to grow instead of sealing the edit.

import { authenticateEdge, edgeRoot, fetchTiles, rightEdge } from './right-edge.ts'
import { asHash, HASH_BYTES, type Hash } from './sha256.ts'
import { hashesAtLevel, rollUp, TILE_WIDTH, type Tile, type TileReader, tilePath } from './tile.ts'
import type { TreeHead } from './tree.ts'
import { asUint64 } from './uint64.ts'

export interface WrittenTile {
  tile: Tile
  bytes: Uint8Array
}

export interface Growth extends TreeHead {
  /** New full tiles, then the partial tiles at the right edge that changed. Together with older tiles: the whole log. */
  tiles: WrittenTile[]
}

/** A tile being filled; `changed` since it was read. */
interface OpenTile {
  index: bigint
  width: number
  bytes: Uint8Array
  changed: boolean
}

/**
 * @throws MalformedInput `tile-root`, `tile-length`, `reader-contract`, `hash-length`, `not-uint64`;
 * what the tile reader throws passes through
 */
export async function growTiles(older: TreeHead, leafHashes: readonly Hash[], readTiles: TileReader): Promise<Growth> {
  const size = asUint64(asUint64(older.size, 'older size') + BigInt(leafHashes.length), 'newer size')
  const open = await openTiles(older, readTiles)
  const full: WrittenTile[] = []
  for (const leaf of leafHashes) push(open, full, 0, asHash(leaf, 'a leaf hash'))
  const partial = partialTiles(open)
  const bytesOf = new Map(partial.map(({ tile, bytes }) => [tilePath(tile), bytes]))
  const changed = partial.filter(({ tile }) => open[tile.level]?.changed)
  return { size, root: edgeRoot(bytesOf, size), tiles: [...full, ...changed] }
}

/** The right edge, verified, with room in every tile; one entry per level that the tree reaches. */
async function openTiles(older: TreeHead, readTiles: TileReader): Promise<OpenTile[]> {
  const edge = rightEdge(older.size)
  const bytesOf = await fetchTiles(edge, readTiles)
  authenticateEdge(bytesOf, older)
  const open: OpenTile[] = []
  for (let level = 0; hashesAtLevel(level, older.size) > 0n; level++) {
    open.push(emptyTile(hashesAtLevel(level + 1, older.size)))
  }
  for (const { level, index, width } of edge) {
    const tile = emptyTile(index)
    tile.bytes.set(bytesOf.get(tilePath({ level, index, width })) ?? [])
    open[level] = { ...tile, width }
  }
  return open
}

function push(open: OpenTile[], full: WrittenTile[], level: number, hash: Hash): void {
  const tile = open[level] ?? emptyTile(0n)
  open[level] = tile
  tile.bytes.set(hash, tile.width * HASH_BYTES)
  tile.width++
  tile.changed = true
  if (tile.width < TILE_WIDTH) return
  full.push({ tile: { level, index: tile.index, width: TILE_WIDTH }, bytes: tile.bytes })
  open[level] = emptyTile(tile.index + 1n)
  push(open, full, level + 1, rollUp(tile.bytes, 0, TILE_WIDTH))
}

function partialTiles(open: readonly OpenTile[]): WrittenTile[] {
  return open.flatMap(({ index, width, bytes }, level) =>
    width === 0 ? [] : [{ tile: { level, index, width }, bytes: bytes.slice(0, width * HASH_BYTES) }],
  )
}

function emptyTile(index: bigint): OpenTile {
  return { index, width: 0, bytes: new Uint8Array(TILE_WIDTH * HASH_BYTES), changed: false }
}
