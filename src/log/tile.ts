// Which file holds which hashes? C2SP tlog-tiles: tiles of 256 hashes, each level of tiles standing on the roots of the
// full tiles below, under paths that are immutable once full. This file does arithmetic and names; it reads nothing.

import { MalformedInput, shown } from './malformed.ts'
import { HASH_BYTES, type Hash } from './sha256.ts'
import { nodeHash, type TreeNode } from './tree.ts'
import { asUint64, MAX_UINT64 } from './uint64.ts'

export const TILE_HEIGHT = 8
export const TILE_WIDTH = 256

/** What a path may name; a tree of fewer than 2^64 leaves only reaches level 7. */
const LEVEL_MAX = 63
const HEIGHT = BigInt(TILE_HEIGHT)
const WIDTH = BigInt(TILE_WIDTH)

/** `width` hashes of tree level `8 * level`, the first of them node `256 * index` of that level. */
export interface Tile {
  level: number
  index: bigint
  /** 1 to 256; 256 is a full tile. */
  width: number
}

/** The `width` entries whose leaf hashes are in the level 0 tile of the same index. */
export interface EntryBundle {
  index: bigint
  width: number
}

export type TilePath = { kind: 'tile'; tile: Tile } | { kind: 'entries'; bundle: EntryBundle }

/**
 * Fetches tiles, each `32 * width` bytes, in the order asked. Contract: it may take a wider tile and cut it; it returns
 * bytes unverified and keeps nothing that has not been verified; it rejects when it cannot tell, and never invents.
 */
export type TileReader = (tiles: readonly Tile[]) => Promise<readonly Uint8Array[]>

/** `tile/<L>/<N>[.p/<W>]` */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${indexPath(index)}${widthSuffix(width)}`
}

/** `tile/entries/<N>[.p/<W>]` */
export function bundlePath({ index, width }: EntryBundle): string {
  return `tile/entries/${indexPath(index)}${widthSuffix(width)}`
}

const PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,6}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/

/** Reads both kinds of path, in their one canonical spelling. @throws MalformedInput `tile-path` */
export function parseTilePath(path: string): TilePath {
  const [, level, digits, partial] = PATH.exec(path) ?? []
  if (level === undefined || digits === undefined) throw badPath(path)
  const index = BigInt(digits.replace(/[x/]/g, ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  const parsed: TilePath =
    level === 'entries'
      ? { kind: 'entries', bundle: { index, width } }
      : { kind: 'tile', tile: { level: Number(level), index, width } }
  const canonical = parsed.kind === 'entries' ? bundlePath(parsed.bundle) : tilePath(parsed.tile)
  const inRange = width >= 1 && width <= TILE_WIDTH && index <= MAX_UINT64 && !(Number(level) > LEVEL_MAX)
  if (canonical !== path || !inRange) throw badPath(path)
  return parsed
}

/** How many hashes the tiles of that level hold for a tree of that size. */
export function hashesAtLevel(level: number, size: bigint): bigint {
  return size >> (HEIGHT * BigInt(level))
}

/** The tile as a tree of that size has it. @throws MalformedInput `index-outside-tree` */
export function tileAt(level: number, index: bigint, size: bigint): Tile {
  const left = hashesAtLevel(level, size) - index * WIDTH
  if (index >= 0n && left > 0n) return { level, index, width: left < WIDTH ? Number(left) : TILE_WIDTH }
  throw new MalformedInput('index-outside-tree', `tile ${level}/${index} is not in a tree of ${size} leaves`)
}

/** The tile that holds a node, and which of its hashes the node stands on. */
export function tileHolding(node: TreeNode, size: bigint): { tile: Tile; offset: number; count: number } {
  const level = Math.floor(node.level / TILE_HEIGHT)
  const height = BigInt(node.level - level * TILE_HEIGHT)
  const first = node.index << height
  const tile = tileAt(level, first / WIDTH, size)
  const offset = Number(first % WIDTH)
  const count = Number(1n << height)
  if (offset + count <= tile.width) return { tile, offset, count }
  throw new MalformedInput('index-outside-tree', `node ${node.level}/${node.index} is not in a tree of ${size} leaves`)
}

/**
 * The tiles to publish when a tree grows, full ones and at most one partial one per level; from 0, all tiles of a tree.
 * @throws MalformedInput `not-uint64`
 */
export function* tilesBetween(olderSize: bigint, newerSize: bigint): Generator<Tile> {
  asUint64(olderSize, 'older size')
  asUint64(newerSize, 'newer size')
  for (let level = 0; hashesAtLevel(level, newerSize) > hashesAtLevel(level, olderSize); level++) {
    const end = hashesAtLevel(level, newerSize)
    for (let index = hashesAtLevel(level, olderSize) / WIDTH; index * WIDTH < end; index++) {
      yield tileAt(level, index, newerSize)
    }
  }
}

/** The entry bundles to publish when a tree grows; from 0, all bundles of a log. @throws MalformedInput `not-uint64` */
export function* bundlesBetween(olderSize: bigint, newerSize: bigint): Generator<EntryBundle> {
  for (const { level, index, width } of tilesBetween(olderSize, newerSize)) {
    if (level > 0) return
    yield { index, width }
  }
}

/** @throws MalformedInput `tile-length` */
export function assertTileLength(tile: Tile, bytes: Uint8Array): void {
  if (bytes instanceof Uint8Array && bytes.length === tile.width * HASH_BYTES) return
  const needed = `${tile.width * HASH_BYTES} bytes`
  throw new MalformedInput('tile-length', `${tilePath(tile)} has ${bytes?.length} bytes where it needs ${needed}`)
}

export function hashAt(bytes: Uint8Array, offset: number): Hash {
  return bytes.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES)
}

/** The root of the perfect subtree over `count` (a power of two) hashes of a tile. */
export function rollUp(bytes: Uint8Array, offset: number, count: number): Hash {
  if (count === 1) return hashAt(bytes, offset)
  const half = count / 2
  return nodeHash(rollUp(bytes, offset, half), rollUp(bytes, offset + half, half))
}

function indexPath(index: bigint): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) ?? []
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
}

function widthSuffix(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`
}

function badPath(path: string): MalformedInput {
  return new MalformedInput('tile-path', `${shown(path)} is not a tile path such as \`tile/0/x001/234.p/56\``)
}
