// Is this leaf at this index of the tree with this root? Audit paths of RFC 6962 section 2.1.1, verified as in RFC 9162
// section 2.1.3.2. A path never says where the leaf is; the index and the size do, and they decide its exact length.

import { MalformedInput } from './malformed.ts'
import { asHash, type Hash, sameBytes } from './sha256.ts'
import { type HashReader, type LeafRange, nodeHash, readRanges, splitPoint } from './tree.ts'
import { asUint64, bitLength, countOnes } from './uint64.ts'

export interface InclusionPath {
  index: bigint
  size: bigint
  leafHash: Hash
  /** From the leaf's sibling up to the root's child. */
  proof: readonly Hash[]
}

/**
 * The root that this path leads to, to be compared with the root of a checkpoint.
 * @throws MalformedInput `not-uint64`, `index-outside-tree`, `proof-length`, `hash-length`
 */
export function rootFromInclusion({ index, size, leafHash, proof }: InclusionPath): Hash {
  assertIndex(index, size)
  // Up to `inner` the leaf's path and the last leaf's path differ, and the index says on which side the sibling is.
  // Above it the path runs along the tree's right edge, where only left siblings are hashed in.
  const inner = bitLength(index ^ (size - 1n))
  assertProofLength(proof, inner + countOnes(index >> BigInt(inner)))
  return proof.reduce(
    (hash, given, at) => {
      const sibling = asHash(given, `proof hash ${at}`)
      const onLeft = at < inner && ((index >> BigInt(at)) & 1n) === 0n
      return onLeft ? nodeHash(hash, sibling) : nodeHash(sibling, hash)
    },
    asHash(leafHash, 'the leaf hash'),
  )
}

/** True only when the path leads to the root; false for a path that leads elsewhere or is malformed. */
export function verifyInclusion(path: InclusionPath, root: Hash): boolean {
  try {
    return sameBytes(rootFromInclusion(path), asHash(root, 'the root'))
  } catch (error) {
    if (error instanceof MalformedInput) return false
    throw error
  }
}

/** @throws MalformedInput `not-uint64`, `index-outside-tree`, `reader-contract`, `hash-length` */
export async function proveInclusion(index: bigint, size: bigint, reader: HashReader): Promise<Hash[]> {
  assertIndex(index, size)
  return readRanges(siblingRanges(index, { from: 0n, to: size }), reader)
}

/** PATH of RFC 6962 section 2.1.1, as the ranges whose roots it lists. */
function siblingRanges(index: bigint, { from, to }: LeafRange): LeafRange[] {
  if (to - from === 1n) return []
  const middle = from + splitPoint(to - from)
  const left = { from, to: middle }
  const right = { from: middle, to }
  return index < middle ? [...siblingRanges(index, left), right] : [...siblingRanges(index, right), left]
}

function assertIndex(index: bigint, size: bigint): void {
  if (asUint64(index, 'leaf index') < asUint64(size, 'tree size')) return
  throw new MalformedInput('index-outside-tree', `leaf index ${index} is not inside a tree of ${size} leaves`)
}

/** @throws MalformedInput `proof-length` */
export function assertProofLength(proof: readonly Hash[], needed: number): void {
  if (proof.length === needed) return
  throw new MalformedInput('proof-length', `proof has ${proof.length} hashes where exactly ${needed} are needed`)
}
