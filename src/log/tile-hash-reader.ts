// Can hashes from tiles be believed? Only after the tiles were shown to lead to the root of a checkpoint. This reader
// fetches the tiles a proof needs together with those that vouch for them, and hands out nothing unproven.

import { MalformedInput } from './malformed.ts'
import { authenticateEdge, fetchTiles, readTile, rightEdge, type TileBytes } from './right-edge.ts'
import { sameBytes } from './sha256.ts'
import { hashAt, rollUp, TILE_WIDTH, type Tile, type TileReader, tileAt, tileHolding, tilePath } from './tile.ts'
import type { HashReader, TreeHead } from './tree.ts'

/**
 * A HashReader over tiles that checks every tile it uses against the head, with one call to the tile reader.
 * It throws MalformedInput `tile-root` when they do not lead there, `tile-length`, `reader-contract`,
 * `index-outside-tree`; what the tile reader itself throws passes through.
 */
export function tileHashReader(head: TreeHead, readTiles: TileReader): HashReader {
  return async (nodes) => {
    const places = nodes.map((node) => tileHolding(node, head.size))
    const edge = rightEdge(head.size)
    const vouched = vouchedTiles(
      places.map((place) => place.tile),
      edge,
      head.size,
    )
    const bytesOf = await fetchTiles([...edge, ...vouched], readTiles)
    authenticateEdge(bytesOf, head)
    for (const tile of vouched) authenticateFull(tile, bytesOf, head.size)
    // Copies, so that a proof neither keeps whole tiles alive nor changes with them.
    return places.map(({ tile, offset, count }) => new Uint8Array(rollUp(readTile(bytesOf, tile), offset, count)))
  }
}

/** The wanted tiles off the right edge, each with the chain of full tiles above it; parents before children. */
function vouchedTiles(wanted: readonly Tile[], edge: readonly Tile[], size: bigint): Tile[] {
  const known = new Set(edge.map(tilePath))
  const tiles: Tile[] = []
  for (const tile of wanted) {
    const chain: Tile[] = []
    for (let above = tile; !known.has(tilePath(above)); above = parentOf(above, size)) chain.unshift(above)
    for (const link of chain) known.add(tilePath(link))
    tiles.push(...chain)
  }
  return tiles
}

/** Only full tiles have a parent, and a tile off the right edge is always full. */
function parentOf(tile: Tile, size: bigint): Tile {
  return tileAt(tile.level + 1, tile.index / BigInt(TILE_WIDTH), size)
}

function authenticateFull(tile: Tile, bytesOf: TileBytes, size: bigint): void {
  const parent = parentOf(tile, size)
  const vouched = hashAt(readTile(bytesOf, parent), Number(tile.index % BigInt(TILE_WIDTH)))
  if (sameBytes(rollUp(readTile(bytesOf, tile), 0, TILE_WIDTH), vouched)) return
  throw new MalformedInput('tile-root', `${tilePath(tile)} is not the tile that ${tilePath(parent)} stands on`)
}
