/**
 * Does this record, exactly as it is shown here, stand in the log? Its leaf is made of what is shown and of nothing else, so
 * whoever shows another record shows another leaf, and its path leads to another root.
 */

import type { RecordDetail, RecordedEvent } from '../../src/client/index.ts'
import { saltedDigest } from '../../src/lib/digest.ts'
import {
  bundlePath,
  decodeBase64,
  decodeEntries,
  encodeBase64,
  type Hash,
  leafHash,
  MalformedInput,
  nodeHash,
  proveInclusion,
  rootFromInclusion,
  sameBytes,
  TILE_WIDTH,
  type TreeHead,
  tileAt,
  tileHashReader,
  verifyInclusion,
} from '../../src/log/index.ts'
import { bitLength } from '../../src/log/uint64.ts'
import { leafOf, readLeaf } from '../../src/proof/leaf.ts'
import { api, yes } from '../app/api.ts'
import { tilesOver } from './head.ts'
import { failed, type Step, step } from './step.ts'

/** One hash joined to what came up from below. */
export interface Rung {
  readonly side: 'left' | 'right'
  readonly sibling: string
  readonly above: string
}

export interface Checked {
  readonly steps: readonly Step[]
  readonly leaf: string
  readonly leafHash: string
  readonly rungs: readonly Rung[]
  /** What stands in the log instead, member by member; only where it is another record. */
  readonly instead: readonly { readonly member: string; readonly shown: string; readonly sealed: string }[]
}

export async function checkRecord(detail: RecordDetail, head: TreeHead, signal: AbortSignal): Promise<Checked> {
  const { record } = detail
  const leaf = leafOf(record)
  const hash = leafHash(leaf)
  const shown = { leaf: new TextDecoder().decode(leaf), leafHash: encodeBase64(hash) }
  const body = bodyStep(detail)
  const index = BigInt(record.position ?? -1)
  const title = 'Its path leads to the root of the head'
  if (index < 0n || index >= head.size) {
    const waits = step('incomplete', title, 'the log has not sealed it yet; that takes about a second')
    return { ...shown, steps: [body, waits], rungs: [], instead: [] }
  }
  try {
    const proof = await proveInclusion(index, head.size, tileHashReader(head, tilesOver(signal)))
    const implied = rootFromInclusion({ index, size: head.size, leafHash: hash, proof })
    const holds = sameBytes(implied, head.root)
    const path = holds
      ? step('proven', title, `leaf ${index} of ${head.size}: ${proof.length} hashes lead from it to the root`)
      : step('disproven', title, 'what is shown is not what was sealed: its path leads to another root')
    const instead = holds ? [] : await sealedInstead(record, head, proof, signal)
    return { ...shown, steps: [body, path], rungs: rungsOf(index, head.size, hash, proof), instead }
  } catch (error) {
    return { ...shown, steps: [body, failed(title, error)], rungs: [], instead: [] }
  }
}

function bodyStep({ record, opening }: RecordDetail): Step {
  const title = 'Its body has the hash that stands in the leaf'
  if (opening === undefined)
    return record.body === undefined
      ? step('proven', title, 'the body was erased; its hash still stands in the leaf', 'erased')
      : step('incomplete', title, 'some of the body is not yours to see, so you cannot hash it')
  try {
    const salt = decodeBase64(opening.salt, 'salt')
    if (salt.length !== 16 || saltedDigest(salt, opening.body) !== record.bodyHash)
      return step('disproven', title, 'the body is another one than was sealed')
    const { type, at, by } = JSON.parse(opening.body) as Record<string, unknown>
    return type === record.type && at === record.at && by === record.by
      ? step('proven', title, 'SHA-256 of its salt and its canonical text')
      : step('disproven', title, 'the body says something else than its record')
  } catch (error) {
    if (!(error instanceof MalformedInput || error instanceof SyntaxError)) throw error
    return step('disproven', title, error.message)
  }
}

/** As `rootFromInclusion` walks, with every hash on the way. */
function rungsOf(index: bigint, size: bigint, leaf: Hash, proof: readonly Hash[]): Rung[] {
  const inner = bitLength(index ^ (size - 1n))
  let hash = leaf
  return proof.map((sibling, at) => {
    const side = at < inner && ((index >> BigInt(at)) & 1n) === 0n ? 'right' : 'left'
    hash = side === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
    return { side, sibling: encodeBase64(sibling), above: encodeBase64(hash) }
  })
}

/** What the log has at this place, itself shown to lead to the root; nothing when that cannot be shown either. */
async function sealedInstead(
  record: RecordedEvent,
  { size, root }: TreeHead,
  proof: readonly Hash[],
  signal: AbortSignal,
): Promise<Checked['instead']> {
  const index = BigInt(record.position ?? 0)
  const { index: bundle, width } = tileAt(0, index / BigInt(TILE_WIDTH), size)
  const bytes = await yes(api.logTile(bundlePath({ index: bundle, width }), { signal }))
  const entry = decodeEntries(bytes, width)[Number(index % BigInt(TILE_WIDTH))] ?? new Uint8Array()
  const sealed = readLeaf(entry)
  if (sealed === undefined || !verifyInclusion({ index, size, leafHash: leafHash(entry), proof }, root)) return []
  return (['id', 'stream', 'version', 'type', 'at', 'by', 'bodyHash'] as const)
    .filter((member) => sealed[member] !== record[member])
    .map((member) => ({ member, shown: String(record[member]), sealed: String(sealed[member]) }))
}
