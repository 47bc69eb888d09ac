/**
 * Does the newer tree continue the older one? Asked of the stored tiles, and answered only with a proof. What was signed
 * and is no longer a beginning of what is there has been cut off or rewritten.
 */
import {
  MalformedInput,
  proveConsistency,
  type TileReader,
  type TreeHead,
  tileHashReader,
  verifyConsistency,
} from '../../log/index.ts'
import { TileMissing } from '../../store/log-contract.ts'
import { LogBroken } from './broken.ts'

/** @param what who remembers the older tree, for the message. @throws LogBroken `tail-cut`, `history-forked`, `tiles-differ` */
export async function assertContinues(
  older: TreeHead,
  newer: TreeHead,
  readTiles: TileReader,
  what: string,
): Promise<void> {
  if (newer.size < older.size) {
    throw new LogBroken('tail-cut', `${what} has ${older.size} leaves, the database ${newer.size}`, newer.size)
  }
  const proof = await tilesHold(() => proveConsistency(older.size, newer.size, tileHashReader(newer, readTiles)))
  if (verifyConsistency({ older, newer, proof })) return
  throw new LogBroken(
    'history-forked',
    `the first ${older.size} leaves are not those that ${what} has; \`countersign audit-log\` names the first of them`,
  )
}

/** Tiles that are missing or lead elsewhere are a finding, not a fault. */
export async function tilesHold<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof MalformedInput || error instanceof TileMissing) {
      throw new LogBroken('tiles-differ', error.message, undefined, { cause: error })
    }
    throw error
  }
}
