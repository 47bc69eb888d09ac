// Is the newer tree the older one with leaves added behind it? Consistency proofs of RFC 6962 section 2.1.2, verified as
// in RFC 9162 section 2.1.4.2 and C2SP merkle-tree. Nothing is consistent with a claim about an empty tree whose root is
// not the empty root.

import { assertProofLength } from './inclusion.ts'
import { MalformedInput } from './malformed.ts'
import { asHash, type Hash, sameBytes } from './sha256.ts'
import { emptyRoot, type HashReader, type LeafRange, nodeHash, readRanges, splitPoint, type TreeHead } from './tree.ts'
import { asUint64, bitLength, countOnes, trailingZeros } from './uint64.ts'

export interface ConsistencyClaim {
  older: TreeHead
  newer: TreeHead
  proof: readonly Hash[]
}

/** The roots of both trees that a proof leads to. */
interface ImpliedRoots {
  older: Hash
  newer: Hash
}

/**
 * True only when the proof leads to both roots.
 * @throws MalformedInput `not-uint64`, `sizes-out-of-order`, `proof-length`, `hash-length`, saying what is wrong with it
 */
export function checkConsistency({ older, newer, proof }: ConsistencyClaim): boolean {
  assertOrder(older.size, newer.size)
  asHash(older.root, 'the older root')
  asHash(newer.root, 'the newer root')
  if (older.size === 0n) return checkFromEmpty(older, newer, proof)
  if (older.size === newer.size) {
    assertProofLength(proof, 0)
    return sameBytes(older.root, newer.root)
  }
  const implied = rootsFromConsistency(older, newer.size, proof)
  return sameBytes(implied.older, older.root) && sameBytes(implied.newer, newer.root)
}

/** As `checkConsistency`, with false for a malformed claim as well. */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  try {
    return checkConsistency(claim)
  } catch (error) {
    if (error instanceof MalformedInput) return false
    throw error
  }
}

/** @throws MalformedInput `not-uint64`, `sizes-out-of-order`, `reader-contract`, `hash-length` */
export async function proveConsistency(olderSize: bigint, newerSize: bigint, reader: HashReader): Promise<Hash[]> {
  assertOrder(olderSize, newerSize)
  if (olderSize === 0n || olderSize === newerSize) return []
  return readRanges(proofRanges(olderSize, { from: 0n, to: newerSize }), reader)
}

function checkFromEmpty(older: TreeHead, newer: TreeHead, proof: readonly Hash[]): boolean {
  assertProofLength(proof, 0)
  const empty = emptyRoot()
  return sameBytes(older.root, empty) && (newer.size > 0n || sameBytes(newer.root, empty))
}

function rootsFromConsistency(older: TreeHead, newerSize: bigint, proof: readonly Hash[]): ImpliedRoots {
  // The walk starts at the largest perfect subtree at the older tree's right end. When that is the whole older tree,
  // its root is known and the proof leaves it out.
  const startLevel = trailingZeros(older.size)
  const wholeTree = older.size === 1n << BigInt(startLevel)
  const path = (older.size - 1n) >> BigInt(startLevel)
  const inner = bitLength((older.size - 1n) ^ (newerSize - 1n)) - startLevel
  const needed = inner + countOnes(path >> BigInt(inner))
  assertProofLength(proof, wholeTree ? needed : needed + 1)
  const start = wholeTree ? older.root : asHash(proof[0] as Hash, 'proof hash 0')
  return climb(start, wholeTree ? proof : proof.slice(1), path, inner)
}

function climb(start: Hash, siblings: readonly Hash[], path: bigint, inner: number): ImpliedRoots {
  const roots: ImpliedRoots = { older: start, newer: start }
  siblings.forEach((given, at) => {
    const sibling = asHash(given, 'a proof hash')
    const siblingIsNewer = at < inner && ((path >> BigInt(at)) & 1n) === 0n
    if (!siblingIsNewer) roots.older = nodeHash(sibling, roots.older)
    roots.newer = siblingIsNewer ? nodeHash(roots.newer, sibling) : nodeHash(sibling, roots.newer)
  })
  return roots
}

/** SUBPROOF of RFC 6962 section 2.1.2, as the ranges whose roots it lists. */
function proofRanges(olderSize: bigint, range: LeafRange): LeafRange[] {
  const { from, to } = range
  if (olderSize === to) return from === 0n ? [] : [range]
  const middle = from + splitPoint(to - from)
  const left = { from, to: middle }
  const right = { from: middle, to }
  return olderSize <= middle ? [...proofRanges(olderSize, left), right] : [...proofRanges(olderSize, right), left]
}

function assertOrder(olderSize: bigint, newerSize: bigint): void {
  if (asUint64(olderSize, 'older size') <= asUint64(newerSize, 'newer size')) return
  throw new MalformedInput('sizes-out-of-order', `a tree of ${newerSize} leaves cannot follow one of ${olderSize}`)
}
