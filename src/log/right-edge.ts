// What do the partial tiles at a tree's right edge say? Everything about its root: each perfect subtree that RFC 6962
// folds into the root stands inside one of them. So they are what vouches for all other tiles, and what a log grows from.

import { MalformedInput } from './malformed.ts'
import { type Hash, sameBytes } from './sha256.ts'
import { assertTileLength, rollUp, type Tile, type TileReader, tileHolding, tilePath } from './tile.ts'
import { emptyRoot, foldSubtrees, subtreeNodes, type TreeHead } from './tree.ts'

/** Bytes by tile path. */
export type TileBytes = ReadonlyMap<string, Uint8Array>

/** The tiles that hold the frontier of a tree, at most one per level. */
export function rightEdge(size: bigint): Tile[] {
  const tiles = new Map(frontierPlaces(size).map(({ tile }) => [tilePath(tile), tile]))
  return [...tiles.values()]
}

/** The root that the tiles at the right edge fold to. @throws MalformedInput `reader-contract` when one is missing */
export function edgeRoot(bytesOf: TileBytes, size: bigint): Hash {
  if (size === 0n) return emptyRoot()
  return foldSubtrees(
    frontierPlaces(size).map(({ tile, offset, count }) => rollUp(readTile(bytesOf, tile), offset, count)),
  )
}

/** @throws MalformedInput `tile-root` when the right edge does not fold to the root */
export function authenticateEdge(bytesOf: TileBytes, { size, root }: TreeHead): void {
  if (sameBytes(edgeRoot(bytesOf, size), root)) return
  const edge = rightEdge(size).map(tilePath).join(', ')
  throw new MalformedInput('tile-root', `tiles at the right edge (${edge}) do not lead to the root at size ${size}`)
}

/** Fetches each tile and checks the lengths. @throws MalformedInput `tile-length`, `reader-contract` */
export async function fetchTiles(tiles: readonly Tile[], readTiles: TileReader): Promise<TileBytes> {
  const given = tiles.length === 0 ? [] : await readTiles(tiles)
  if (given.length !== tiles.length) {
    throw new MalformedInput('reader-contract', `tile reader gave ${given.length} tiles for ${tiles.length}`)
  }
  const bytesOf = new Map<string, Uint8Array>()
  tiles.forEach((tile, at) => {
    const bytes = given[at] as Uint8Array
    assertTileLength(tile, bytes)
    bytesOf.set(tilePath(tile), bytes)
  })
  return bytesOf
}

/** @throws MalformedInput `reader-contract` when the tile was not fetched */
export function readTile(bytesOf: TileBytes, tile: Tile): Uint8Array {
  const bytes = bytesOf.get(tilePath(tile))
  if (bytes === undefined) throw new MalformedInput('reader-contract', `${tilePath(tile)} was not fetched`)
  return bytes
}

function frontierPlaces(size: bigint) {
  return subtreeNodes({ from: 0n, to: size }).map((node) => tileHolding(node, size))
}
