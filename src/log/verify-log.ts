// Do the records still give the tree that was signed? One pass over a whole log against its checkpoints, keeping only the
// frontier. When they do not, it names the first index that fails: exactly where published tiles lead to the checkpoint,
// else as narrowly as earlier checkpoints allow.

import { LogRun } from './log-run.ts'
import { MalformedInput } from './malformed.ts'
import { asHash, sameBytes } from './sha256.ts'
import type { TileReader } from './tile.ts'
import { TileComparison } from './tile-comparison.ts'
import { emptyRoot, leafHash, type TreeHead } from './tree.ts'
import { asUint64 } from './uint64.ts'

export type LogFault =
  /** Records end before the checkpoint does: a cut tail, or an older copy put back. */
  | 'record-missing'
  /** There are records behind the checkpoint. */
  | 'record-unsealed'
  /** A record is not the one that was sealed at its index. */
  | 'record-differs'
  /** Records give the checkpoint's root, a published tile does not. */
  | 'tile-differs'
  /** Records give one of the heads but not another that they should give too: two histories were signed. */
  | 'history-differs'

/** Leaf indexes, both included. Equal when the place is known exactly. */
export interface Place {
  firstIndex: bigint
  lastIndex: bigint
}

/** The first index that does not hold is in the place named. */
export type LogVerdict = { holds: true; size: bigint } | ({ holds: false; fault: LogFault } & Place)

export type Batches = AsyncIterable<readonly Uint8Array[]> | Iterable<readonly Uint8Array[]>

/** The whole log in order, in batches of any size: the entries themselves, or their leaf hashes. */
export type LogLeaves = { entries: Batches } | { leafHashes: Batches }

export interface LogClaim {
  /** Heads of verified checkpoints, the one to prove last. Earlier ones of the same log narrow down a fault. */
  heads: readonly TreeHead[]
  leaves: LogLeaves
  /** The published tiles. With them every leaf is compared, and a fault is named exactly. */
  readTiles?: TileReader
}

/**
 * Stops reading at the first leaf behind the checkpoint.
 * @throws MalformedInput `checkpoint-structure`, `sizes-out-of-order`, `not-uint64`, `hash-length`, `tile-length`,
 * `reader-contract`; what the readers throw passes through
 */
export async function verifyLog({ heads, leaves, readTiles }: LogClaim): Promise<LogVerdict> {
  const target = assertHeads(heads)
  const run = new LogRun(heads)
  const tiles = readTiles && new TileComparison(target, readTiles)
  for await (const batch of 'entries' in leaves ? leaves.entries : leaves.leafHashes) {
    const hashes = 'leafHashes' in leaves ? batch : tiles && batch.map(leafHash)
    const taken = hashes === undefined ? run.addEntries(batch) : run.add(hashes)
    if (hashes !== undefined) await tiles?.compare(hashes.slice(0, taken))
    if (taken < batch.length) return conclude(run, target, tiles, true)
  }
  return conclude(run, target, tiles, false)
}

async function conclude(run: LogRun, target: TreeHead, tiles: TileComparison | undefined, more: boolean) {
  if (run.targetHolds) return concludeHeld(run, target, tiles, more)
  const proven = await tiles?.provenDifference()
  if (proven !== undefined) return fault('record-differs', proven)
  if (run.broken !== undefined) return fault(run.forked ? 'history-differs' : 'record-differs', run.broken)
  const allProven = await tiles?.containsPrefix({ size: run.size, root: run.root() })
  return fault('record-missing', { firstIndex: allProven ? run.size : run.heldSize, lastIndex: run.size })
}

function concludeHeld(run: LogRun, { size }: TreeHead, tiles: TileComparison | undefined, more: boolean): LogVerdict {
  if (run.broken !== undefined) return fault('history-differs', run.broken)
  if (more) return fault('record-unsealed', { firstIndex: size, lastIndex: size })
  const index = tiles?.firstDifference()
  return index === undefined ? { holds: true, size } : fault('tile-differs', { firstIndex: index, lastIndex: index })
}

function fault(name: LogFault, place: Place): LogVerdict {
  return { holds: false, fault: name, ...place }
}

/** The last head. @throws MalformedInput as `verifyLog` */
function assertHeads(heads: readonly TreeHead[]): TreeHead {
  let before = 0n
  for (const head of heads) {
    if (asUint64(head.size, 'tree size') < before) {
      throw new MalformedInput('sizes-out-of-order', `a head of ${head.size} leaves stands behind one of ${before}`)
    }
    const root = asHash(head.root, 'the root')
    if (head.size === 0n && !sameBytes(root, emptyRoot())) {
      throw new MalformedInput('checkpoint-structure', 'a head without leaves has the root of a tree with some')
    }
    before = head.size
  }
  const target = heads.at(-1)
  if (target === undefined) throw new MalformedInput('checkpoint-structure', 'there is no head to verify against')
  return target
}
