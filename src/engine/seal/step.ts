/**
 * One step of sealing: the events that follow become leaves, the tree grows, the new head is signed. It signs nothing it
 * could not derive from what was signed before, and it is the only place that signs a checkpoint.
 */
import {
  emptyRoot,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  growTiles,
  leafHash,
  MalformedInput,
  parseNote,
  parseVerifierKey,
  type Signer,
  signNote,
  type TreeHead,
  verifyNote,
} from '../../log/index.ts'
import { leafOf } from '../../proof/leaf.ts'
import type { LeafRow, Sealed, Sealing, StoredCheckpoint } from '../../store/log-contract.ts'
import { KeyMissing, LogBroken } from './broken.ts'
import { tilesHold } from './continuity.ts'
import { keyOfTree, type ReadLog, rotationAt } from './record.ts'

export interface StepParts {
  readonly log: ReadLog
  readonly signers: readonly Signer[]
}

export const noTree: TreeHead = { size: 0n, root: emptyRoot() }

/** @throws LogBroken, KeyMissing */
export async function sealStep({ log, signers }: StepParts, sealing: Sealing): Promise<Sealed | undefined> {
  const { before, readTiles } = sealing
  const older = before ?? noTree
  if (before !== undefined) await assertSigned(before, log)
  const rows = upToRotation(inOrder(sealing.rows, older.size), log)
  if (rows.length === 0) return undefined
  const hashes = rows.map((row) => leafHash(leafOf(row)))
  const { size, root, tiles } = await tilesHold(() => growTiles(older, hashes, readTiles))
  const text = formatCheckpoint({ origin: log.record.origin, size, root, extensions: [] })
  let note = await signNote({ text, signatures: [] }, signerOf(signers, keyOfTree(log, older.size)))
  // The first tree that contains a change of key is signed by both keys: whoever knows the old one learns the new one.
  if (keyOfTree(log, size) !== keyOfTree(log, older.size)) {
    note = await signNote(note, signerOf(signers, keyOfTree(log, size)))
  }
  return { size, root, tiles, note: formatNote(note) }
}

/** @throws LogBroken `checkpoint-differs` */
export async function assertSigned(checkpoint: StoredCheckpoint, log: ReadLog): Promise<void> {
  const { origin, size, root, note } = checkpoint
  const key = parseVerifierKey(keyOfTree(log, size))
  try {
    const { text, signatures } = parseNote(note)
    const isItself = text === formatCheckpoint({ origin, size, root, extensions: [] })
    if (isItself && (await verifyNote({ text, signatures }, [key])).signed) return
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
  }
  throw new LogBroken('checkpoint-differs', `that of ${size} leaves`)
}

/** @throws LogBroken `feed-gap` */
function inOrder(rows: readonly LeafRow[], from: bigint): readonly LeafRow[] {
  rows.forEach((row, offset) => {
    const wanted = from + BigInt(offset)
    if (row.position !== wanted) throw new LogBroken('feed-gap', `position ${wanted} is missing`, wanted)
  })
  return rows
}

/** A change of key ends its batch, so that the tree it completes is signed by both keys. */
function upToRotation(rows: readonly LeafRow[], log: ReadLog): readonly LeafRow[] {
  const at = rows.findIndex(({ position }) => rotationAt(log, position) !== undefined)
  return at < 0 ? rows : rows.slice(0, at + 1)
}

function signerOf(signers: readonly Signer[], key: string): Signer {
  const signer = signers.find((one) => formatVerifierKey(one.key) === key)
  if (signer !== undefined) return signer
  throw new KeyMissing(`this process does not have the private key of \`${key}\`, which signs the log now`)
}
