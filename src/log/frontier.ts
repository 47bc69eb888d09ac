// What must be remembered to add a leaf? Only the roots of the perfect subtrees so far, at most 64 of them: the tree's
// frontier. Used to follow a whole log in one pass; it never keeps the leaves. The roots lie side by side in one buffer,
// so that two of them are hashed where they lie: following a million leaves then costs little more than their hashing.

import { MalformedInput } from './malformed.ts'
import { asHash, HASH_BYTES, type Hash, sha256Into } from './sha256.ts'
import { emptyRoot, foldSubtrees, leafHashInto, NODE_PREFIX, subtreeNodes } from './tree.ts'
import { asUint64, MAX_UINT64 } from './uint64.ts'

const COUNT_MAX = 2 ** 32
const DEPTH_MAX = 64

export class Frontier {
  // Leaves since `#base`, counted in plain numbers because a bigint addition per leaf would show in a log of millions.
  #added = 0
  #room = 0
  #base: bigint
  #depth = 0
  /** The level of each root, left to right, `#depth` of them. */
  readonly #levels = new Uint8Array(DEPTH_MAX + 1)
  /** One byte for the node prefix, then the roots left to right, with room for a leaf not yet merged. */
  readonly #roots = new Uint8Array(1 + (DEPTH_MAX + 1) * HASH_BYTES)
  /** Each two neighbours with the byte before them, which becomes the node prefix while they are hashed. */
  readonly #pairs = Array.from({ length: DEPTH_MAX }, (_, depth) => this.#roots.subarray(at(depth) - 1, at(depth + 2)))

  /**
   * An empty tree, or one resumed from its size and the roots of its perfect subtrees, left to right.
   * @throws MalformedInput `not-uint64`, `hash-length`, `proof-length`
   */
  constructor(size = 0n, subtreeHashes: readonly Hash[] = []) {
    const nodes = subtreeNodes({ from: 0n, to: asUint64(size, 'tree size') })
    if (nodes.length !== subtreeHashes.length) {
      const counts = `${nodes.length} subtrees, not ${subtreeHashes.length}`
      throw new MalformedInput('proof-length', `a tree of ${size} leaves has ${counts}`)
    }
    this.#base = size
    this.#depth = nodes.length
    this.#levels.set(nodes.map((node) => node.level))
    subtreeHashes.forEach((hash, depth) => {
      this.#roots.set(asHash(hash, 'a subtree hash'), at(depth))
    })
  }

  get size(): bigint {
    return this.#base + BigInt(this.#added)
  }

  /** @throws MalformedInput `hash-length`, `not-uint64` when the tree is full */
  append(leafHash: Hash): void {
    this.#roots.set(asHash(leafHash, 'a leaf hash'), at(this.#depth))
    this.#grow()
  }

  /** Adds the leaf of these bytes. @throws MalformedInput `not-uint64` when the tree is full */
  appendEntry(entry: Uint8Array): void {
    leafHashInto(entry, this.#roots, at(this.#depth))
    this.#grow()
  }

  root(): Hash {
    if (this.#depth === 0) return emptyRoot()
    const depths = Array.from({ length: this.#depth }, (_, depth) => depth)
    return foldSubtrees(depths.map((depth) => this.#roots.slice(at(depth), at(depth + 1))))
  }

  /** Takes the hash behind the last root as a leaf and merges what has become perfect. */
  #grow(): void {
    this.#count()
    let level = 0
    let depth = this.#depth
    while (depth > 0 && this.#levels[depth - 1] === level) {
      depth--
      level++
      this.#merge(depth)
    }
    this.#levels[depth] = level
    this.#depth = depth + 1
  }

  #merge(depth: number): void {
    const roots = this.#roots
    const before = roots[at(depth) - 1] as number
    roots[at(depth) - 1] = NODE_PREFIX
    sha256Into(this.#pairs[depth] as Uint8Array, roots, at(depth))
    roots[at(depth) - 1] = before
  }

  #count(): void {
    if (this.#room === 0) this.#makeRoom()
    this.#room--
    this.#added++
  }

  #makeRoom(): void {
    this.#base = this.size
    this.#added = 0
    const left = MAX_UINT64 - this.#base
    if (left === 0n) throw new MalformedInput('not-uint64', 'the tree has 2^64-1 leaves and takes no more')
    this.#room = left < COUNT_MAX ? Number(left) : COUNT_MAX
  }
}

function at(depth: number): number {
  return 1 + depth * HASH_BYTES
}
