/** A log over a whole installation: sealers as if each were a process, with a key and a memory that a test can look at. */

import { randomBytes } from 'node:crypto'
import { handle } from '../../../src/engine/handle.ts'
import { silent } from '../../../src/engine/logger.ts'
import { type LogMemory, Sealer, type SealerParts } from '../../../src/engine/seal/sealer.ts'
import {
  KEY_TYPE,
  makeSigner,
  parseCheckpoint,
  parseNote,
  proveConsistency,
  type Signer,
  tileHashReader,
  verifyConsistency,
  verifyLog,
  verifyNote,
} from '../../../src/log/index.ts'
import { leafOf } from '../../../src/proof/leaf.ts'
import type { Store } from '../../../src/store/contract.ts'
import type { StoredCheckpoint } from '../../../src/store/log-contract.ts'
import type { World } from '../../support/world.ts'

export const origin = 'countersign.example/log'

/** What is on the disk of one machine. */
export interface Disk extends LogMemory {
  note: string | undefined
}

export function emptyDisk(): Disk {
  const disk: Disk = {
    note: undefined,
    read: async () => disk.note,
    async write(note) {
      disk.note = note
    },
  }
  return disk
}

export function newSigner(name = origin): Promise<Signer> {
  return makeSigner(name, KEY_TYPE.ed25519, new Uint8Array(randomBytes(32)))
}

export interface SealedWorld {
  readonly world: World
  readonly signer: Signer
  readonly disk: Disk
  /** A process that has just started. */
  process(parts?: Partial<SealerParts>): Sealer
  /** Everything that was committed finds its place and is sealed. */
  seal(): Promise<StoredCheckpoint>
}

export async function sealedWorld(world: World, disk = emptyDisk()): Promise<SealedWorld> {
  const signer = await newSigner()
  const process = (parts: Partial<SealerParts> = {}) =>
    new Sealer({
      store: world.store,
      log: silent,
      origin,
      keys: { signers: async () => [signer] },
      memory: disk,
      ...parts,
    })
  const sealer = process()
  return {
    world,
    signer,
    disk,
    process,
    async seal() {
      await world.settle()
      await drain(world.store, sealer)
      const newest = await world.store.log.newest()
      if (newest === undefined) throw new Error(`nothing was sealed: ${JSON.stringify(sealer.status)}`)
      return newest
    },
  }
}

/** Until everything committed is sealed, or the sealer has stopped. */
export async function drain({ feed, log }: Store, sealer: Sealer): Promise<void> {
  for (let rounds = 0; rounds < 200; rounds++) {
    await sealer.run()
    const moved = await feed.sequence(1_000)
    const [last, newest] = [await feed.last(), await log.newest()]
    if (sealer.status.state !== 'sealing' || (moved === 0 && newest?.size === last + 1n)) return
  }
  throw new Error(`the log never caught up: ${JSON.stringify(sealer.status)}`)
}

/** Every checkpoint ever committed is signed, continues the one before, and the last one is the tree of the events. */
export async function oneHistory({ feed, log }: Store, signer: Signer): Promise<StoredCheckpoint[]> {
  const all = [...(await log.checkpoints(origin, 0n, 10_000))]
  const newest = all.at(-1)
  if (newest === undefined) throw new Error('nothing was sealed')
  const reader = tileHashReader(newest, log.readTiles)
  for (const checkpoint of all) {
    const note = parseNote(checkpoint.note)
    if (!(await verifyNote(note, [signer.key])).signed) throw new Error(`checkpoint ${checkpoint.size} is not signed`)
    const { size, root } = parseCheckpoint(note.text)
    if (size !== checkpoint.size) throw new Error('a checkpoint stands under another size')
    const proof = await proveConsistency(size, newest.size, reader)
    if (!verifyConsistency({ older: { size, root }, newer: newest, proof })) throw new Error(`a fork at ${size}`)
  }
  const rows = await log.leaves(0n, 100_000)
  const verdict = await verifyLog({ heads: all, leaves: { entries: [rows.map(leafOf)] }, readTiles: log.readTiles })
  if (!verdict.holds || verdict.size !== (await feed.last()) + 1n) throw new Error(`it does not hold: ${verdict.holds}`)
  return all
}

/** As a superuser who knows how: triggers do not fire. */
export async function tamper({ query }: Pick<World, 'query'>, sql: string, params: unknown[] = []): Promise<void> {
  await query('set session_replication_role = replica')
  try {
    await query(sql, params)
  } finally {
    await query('set session_replication_role = origin')
  }
}

/** One more event of a waiver: somebody on the same side tries, is refused, and it is on the record. */
export async function attempt(world: World, waiver: string): Promise<void> {
  const { digest } = await world.waiver(waiver)
  const command = { type: 'countersign', digest, acknowledges: [] } as const
  const handled = await handle(world.app.machinery, { actor: world.person('per_asker'), command, waiver })
  if (handled.outcome !== 'refused') throw new Error('an asker must not countersign')
}
