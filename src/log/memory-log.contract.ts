// A log that lives in memory, for tests: real tiles, real growth, and the ways in which an operator might bend them.
// Also trees of up to 2^64-1 leaves, which no memory holds: all leaves alike but one.

import { utf8 } from './rfc6962.contract.ts'
import { HASH_BYTES, type Hash } from './sha256.ts'
import { type TileReader, tilePath } from './tile.ts'
import { growTiles } from './tile-growth.ts'
import { emptyRoot, type HashReader, leafHash, nodeHash, type TreeHead } from './tree.ts'

export class MemoryLog {
  readonly entries: Uint8Array[] = []
  readonly heads: TreeHead[] = []
  readonly tiles = new Map<string, Uint8Array>()
  head: TreeHead = { size: 0n, root: emptyRoot() }
  /** How often tiles were asked for. */
  reads = 0

  readonly readTiles: TileReader = async (tiles) => {
    this.reads++
    return tiles.map((tile) => {
      const bytes = this.tiles.get(tilePath(tile))
      if (bytes === undefined) throw new Error(`no such tile: ${tilePath(tile)}`)
      return bytes
    })
  }

  async grow(entries: readonly Uint8Array[]): Promise<TreeHead> {
    const { size, root, tiles } = await growTiles(this.head, entries.map(leafHash), this.readTiles)
    for (const { tile, bytes } of tiles) this.tiles.set(tilePath(tile), bytes)
    this.entries.push(...entries)
    this.head = { size, root }
    this.heads.push(this.head)
    return this.head
  }

  /** Rewrites one stored hash of a tile, as somebody with the disk could. */
  forgeTile(path: string, offset: number, hash: Hash): void {
    const bytes = this.tiles.get(path)?.slice()
    if (bytes === undefined) throw new Error(`no such tile: ${path}`)
    bytes.set(hash, offset * HASH_BYTES)
    this.tiles.set(path, bytes)
  }
}

export async function logOf(...batches: readonly (readonly Uint8Array[])[]): Promise<MemoryLog> {
  const log = new MemoryLog()
  for (const batch of batches) await log.grow(batch)
  return log
}

/** Distinct entries of uneven lengths. */
export function entriesFrom(from: number, count: number, label = 'record'): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => utf8(`${label} ${from + at} ${'.'.repeat((from + at) % 7)}`))
}

/** A tree in which every leaf is `common`, except that leaf `index` is `special`. */
export function nearlyUniformTree(common: Hash, special: Hash, index: bigint): HashReader {
  const levels = [common]
  for (let level = 1; level <= 64; level++) {
    const below = levels[level - 1] as Hash
    levels.push(nodeHash(below, below))
  }
  const at = (level: number, node: bigint): Hash => {
    if (index >> BigInt(level) !== node) return levels[level] as Hash
    if (level === 0) return special
    return nodeHash(at(level - 1, node * 2n), at(level - 1, node * 2n + 1n))
  }
  return async (nodes) => nodes.map((node) => at(node.level, node.index))
}
