/**
 * Before the first signature of a process: is the log still the one that was signed last? Compared with the last signed
 * checkpoint, its tiles and newest events, and with what this machine remembers having signed, which a database that was
 * put back from an older copy does not.
 */
import { leafHash, parseCheckpoint, parseNote, type TreeHead, tileHashReader, treeHash } from '../../log/index.ts'
import { leafOf } from '../../proof/leaf.ts'
import type { Store } from '../../store/contract.ts'
import type { StoredCheckpoint } from '../../store/log-contract.ts'
import { LogBroken } from './broken.ts'
import { assertContinues, tilesHold } from './continuity.ts'
import type { ReadLog } from './record.ts'
import { assertSigned, noTree } from './step.ts'

/** Newest events that are compared one by one; a full comparison is the patrol's and `audit-log`'s. */
const newestCount = 256n

/** @param remembered the last note this machine has signed or seen. @throws LogBroken */
export async function assertAsSigned(store: Store, log: ReadLog | undefined, remembered: string | undefined) {
  const memory = remembered === undefined ? undefined : headIn(remembered)
  if (log === undefined) {
    if (memory === undefined) return
    throw new LogBroken('tail-cut', `this machine has signed ${memory.size} leaves, the database has no log`, 0n)
  }
  const newest = await newestOf(store, log)
  if (newest !== undefined) await assertHolds(store, log, newest)
  if (memory === undefined || memory.origin !== log.record.origin) return
  await assertContinues(memory, newest ?? noTree, store.log.readTiles, 'what this machine remembers')
}

export function headIn(note: string): TreeHead & { readonly origin: string } {
  return parseCheckpoint(parseNote(note).text)
}

export async function newestOf(
  { log }: Pick<Store, 'log'>,
  { record }: ReadLog,
): Promise<StoredCheckpoint | undefined> {
  return log.newestCosigned(record.origin, [], 0)
}

async function assertHolds(store: Store, log: ReadLog, newest: StoredCheckpoint): Promise<void> {
  await assertSigned(newest, log)
  const reader = tileHashReader(newest, store.log.readTiles)
  await tilesHold(() => treeHash(newest.size, reader))
  const last = await store.feed.last()
  if (last + 1n < newest.size) {
    throw new LogBroken('tail-cut', `${newest.size} leaves were signed, the feed has ${last + 1n}`, last + 1n)
  }
  const from = newest.size > newestCount ? newest.size - newestCount : 0n
  const rows = await store.log.leaves(from, Number(newest.size - from))
  const nodes = rows.map(({ position }) => ({ level: 0, index: position }))
  const sealed = await tilesHold(() => reader(nodes))
  rows.forEach((row, at) => {
    const wanted = from + BigInt(at)
    if (row.position !== wanted) throw new LogBroken('record-missing', `leaf ${wanted}`, wanted)
    if (!same(leafHash(leafOf(row)), sealed[at])) throw new LogBroken('record-differs', `leaf ${wanted}`, wanted)
  })
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.every((byte, at) => byte === b?.[at])
}
