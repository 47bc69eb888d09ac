// Which leaf is not the one its tile shows? Compares a stream of leaf hashes with the level 0 tiles of a tree. A tile is
// only believed against a record once it was shown to lead to the checkpoint; before that, either may be the wrong one.

import { MalformedInput } from './malformed.ts'
import { fetchTiles, readTile } from './right-edge.ts'
import { type Hash, sameBytes } from './sha256.ts'
import { hashAt, TILE_WIDTH, type Tile, type TileReader, tileAt } from './tile.ts'
import { tileHashReader } from './tile-hash-reader.ts'
import { type TreeHead, treeHash } from './tree.ts'
import type { Place } from './verify-log.ts'

/** One difference is remembered per tile, and of so many tiles; far more than anyone needs to find the first. */
const DIFFERENCES_MAX = 10_000

const WIDTH = BigInt(TILE_WIDTH)

export class TileComparison {
  readonly #head: TreeHead
  readonly #readTiles: TileReader
  readonly #differences: { index: bigint; leaf: Hash }[] = []
  #tile: { tile: Tile; bytes: Uint8Array; differs: boolean } | undefined
  #tilesSeen = 0n
  #offset = TILE_WIDTH

  constructor(head: TreeHead, readTiles: TileReader) {
    this.#head = head
    this.#readTiles = readTiles
  }

  /** The next leaves; never more in all than the tree has. */
  async compare(leaves: readonly Hash[]): Promise<void> {
    for (const leaf of leaves) {
      if (this.#offset === TILE_WIDTH) await this.#open()
      this.#compareLeaf(leaf)
      this.#offset++
    }
  }

  /** The first index at which record and tile differ, whichever of them is wrong. */
  firstDifference(): bigint | undefined {
    return this.#differences[0]?.index
  }

  /**
   * Where the checkpoint itself, through its tiles, contradicts a record. Not exact when a tile before that place could
   * not be believed: then its records may be wrong as well.
   */
  async provenDifference(): Promise<Place | undefined> {
    const reader = tileHashReader(this.#head, this.#readTiles)
    let doubtFrom: bigint | undefined
    for (const { index, leaf } of this.#differences) {
      const sealed = await provenOrNothing(reader([{ level: 0, index }]))
      if (sealed === undefined) doubtFrom ??= index - (index % WIDTH)
      else if (!sameBytes(sealed[0] as Hash, leaf)) return { firstIndex: doubtFrom ?? index, lastIndex: index }
    }
    return undefined
  }

  /** Whether the checkpoint, through its tiles, begins with that smaller tree. */
  async containsPrefix({ size, root }: TreeHead): Promise<boolean> {
    const sealed = await provenOrNothing(treeHash(size, tileHashReader(this.#head, this.#readTiles)))
    return sealed !== undefined && sameBytes(sealed, root)
  }

  async #open(): Promise<void> {
    const tile = tileAt(0, this.#tilesSeen, this.#head.size)
    const bytesOf = await fetchTiles([tile], this.#readTiles)
    this.#tile = { tile, bytes: readTile(bytesOf, tile), differs: false }
    this.#tilesSeen++
    this.#offset = 0
  }

  #compareLeaf(leaf: Hash): void {
    const open = this.#tile
    if (open === undefined || open.differs || sameBytes(leaf, hashAt(open.bytes, this.#offset))) return
    open.differs = true
    if (this.#differences.length < DIFFERENCES_MAX) {
      this.#differences.push({ index: open.tile.index * WIDTH + BigInt(this.#offset), leaf })
    }
  }
}

/** Nothing from tiles that do not lead to the checkpoint. */
async function provenOrNothing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (error instanceof MalformedInput) return undefined
    throw error
  }
}
