/**
 * Does the past still stand? Goes through the whole log piece by piece, forever, and compares the rows of events and their
 * bodies with the leaves that were signed, so that an edit of last year is found although nobody asks.
 */
import { leafHash, sameBytes, tileHashReader } from '../../log/index.ts'
import { leafOf } from '../../proof/leaf.ts'
import type { Store } from '../../store/contract.ts'
import type { StoredCheckpoint } from '../../store/log-contract.ts'
import type { Loop } from '../loops.ts'
import { LogBroken } from './broken.ts'
import { tilesHold } from './continuity.ts'

/** Eight tiles a minute: about three million leaves a day. */
const pieceMax = 8 * 256
const everyMillis = 60_000

export interface PatrolParts {
  readonly store: Store
  readonly stopFor: (broken: LogBroken) => void
}

export class Patrol {
  readonly loop: Loop = { name: 'patrol', run: () => this.run(), everyMillis, wakes: false }
  readonly #parts: PatrolParts
  #next = 0n

  constructor(parts: PatrolParts) {
    this.#parts = parts
  }

  /** One piece. Never more at once: it is in no hurry. */
  async run(): Promise<false> {
    const { store, stopFor } = this.#parts
    const head = await store.log.newest()
    if (head === undefined) return false
    if (this.#next >= head.size) this.#next = 0n
    try {
      this.#next = await comparedPiece(store, head, this.#next)
    } catch (error) {
      if (!(error instanceof LogBroken)) throw error
      stopFor(error)
    }
    return false
  }
}

/** @returns where to go on. @throws LogBroken with the first index that does not hold */
async function comparedPiece({ feed, log }: Store, head: StoredCheckpoint, from: bigint): Promise<bigint> {
  const left = head.size - from
  const count = left < pieceMax ? Number(left) : pieceMax
  const indexes = Array.from({ length: count }, (_, offset) => from + BigInt(offset))
  const reader = tileHashReader(head, log.readTiles)
  const sealed = await tilesHold(() => reader(indexes.map((index) => ({ level: 0, index }))))
  const rows = await feed.after(from - 1n, count)
  for (const [offset, index] of indexes.entries()) {
    const row = rows[offset]
    if (row?.position !== index) throw new LogBroken('record-missing', `leaf ${index}`, index)
    if (!sameBytes(leafHash(leafOf(row)), sealed[offset] as Uint8Array)) {
      throw new LogBroken('record-differs', `leaf ${index}`, index)
    }
    if (row.altered) throw new LogBroken('body-differs', `leaf ${index}`, index)
  }
  return from + BigInt(count)
}
