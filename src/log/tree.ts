// What is the Merkle tree over the records? RFC 6962 section 2.1 (the same tree as RFC 9162 and C2SP): leaves and inner
// nodes hashed under different first bytes, and every subtree root a fold of stored, perfect subtrees. This file knows
// where a node is, never where it is kept: that is a HashReader.

import { MalformedInput } from './malformed.ts'
import { asHash, HASH_BYTES, type Hash, sha256, sha256Into } from './sha256.ts'
import { asUint64, bitLength } from './uint64.ts'

const LEAF_PREFIX = 0x00
export const NODE_PREFIX = 0x01

/** The root of the perfect subtree over leaves `index * 2^level` up to `(index + 1) * 2^level`, exclusive. */
export interface TreeNode {
  level: number
  index: bigint
}

/** Leaves `from` up to `to`, exclusive. */
export interface LeafRange {
  from: bigint
  to: bigint
}

/** What a checkpoint says of a tree. */
export interface TreeHead {
  size: bigint
  root: Hash
}

/** Gives the hashes of the nodes, in the order asked. Called once per proof, so that it can fetch everything at once. */
export type HashReader = (nodes: readonly TreeNode[]) => Promise<readonly Hash[]>

const leafBuffer = new Uint8Array(1 + 0xffff)
const nodeBuffer = new Uint8Array(1 + 2 * HASH_BYTES)
leafBuffer[0] = LEAF_PREFIX
nodeBuffer[0] = NODE_PREFIX

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Hash {
  return sha256(new Uint8Array())
}

export function leafHash(entry: Uint8Array): Hash {
  const hash = new Uint8Array(HASH_BYTES)
  leafHashInto(entry, hash, 0)
  return hash
}

/** As `leafHash`, without an allocation for the bytes of an entry of up to 65,535 bytes. */
export function leafHashInto(entry: Uint8Array, out: Uint8Array, at: number): void {
  const length = entry.length + 1
  const framed = length <= leafBuffer.length ? leafBuffer.subarray(0, length) : new Uint8Array(length)
  framed.set(entry, 1)
  sha256Into(framed, out, at)
}

/** Trusts both hashes to be 32 bytes: foreign ones go through `asHash` first. */
export function nodeHash(left: Hash, right: Hash): Hash {
  nodeBuffer.set(left, 1)
  nodeBuffer.set(right, 1 + HASH_BYTES)
  return sha256(nodeBuffer)
}

/** The largest power of two smaller than `count`, which must be at least 2: where RFC 6962 splits a tree. */
export function splitPoint(count: bigint): bigint {
  return 1n << BigInt(bitLength(count - 1n) - 1)
}

/** The perfect subtrees that make up a range the tree splits into, left to right. */
export function subtreeNodes({ from, to }: LeafRange): TreeNode[] {
  const nodes: TreeNode[] = []
  for (let at = from; at < to; ) {
    const level = bitLength(to - at) - 1
    nodes.push({ level, index: at >> BigInt(level) })
    at += 1n << BigInt(level)
  }
  return nodes
}

/** The root over adjacent subtrees given left to right, each at least as large as the next. At least one. */
export function foldSubtrees(hashes: readonly Hash[]): Hash {
  return hashes.reduceRight((right, left) => nodeHash(left, right))
}

/** The subtree roots of several ranges, with one read. @throws MalformedInput `reader-contract`, `hash-length` */
export async function readRanges(ranges: readonly LeafRange[], reader: HashReader): Promise<Hash[]> {
  const nodesOf = ranges.map(subtreeNodes)
  const wanted = nodesOf.flat()
  const hashes = wanted.length === 0 ? [] : await reader(wanted)
  if (hashes.length !== wanted.length) {
    throw new MalformedInput('reader-contract', `hash reader gave ${hashes.length} hashes for ${wanted.length} nodes`)
  }
  const left = hashes.map((hash) => asHash(hash, 'a hash from the reader'))
  return nodesOf.map((nodes) => foldSubtrees(left.splice(0, nodes.length)))
}

/** The root of the tree of that size. @throws MalformedInput `not-uint64`, `reader-contract`, `hash-length` */
export async function treeHash(size: bigint, reader: HashReader): Promise<Hash> {
  if (asUint64(size, 'tree size') === 0n) return emptyRoot()
  const [root] = await readRanges([{ from: 0n, to: size }], reader)
  return root as Hash
}
