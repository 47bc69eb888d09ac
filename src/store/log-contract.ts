/**
 * What we remember of the transparency log. Obligations of every implementation:
 * - `seal` gives a step the newest checkpoint and the events behind it, and commits tiles and checkpoint together or not at
 *   all. One process at a time: whoever comes second is told `busy`, and whoever was overtaken commits nothing.
 * - A checkpoint, once committed, never changes; a tile only gets longer.
 * - Nothing is checked here that `src/log` checks: tiles and checkpoints are bytes, and may be wrong if somebody edited them.
 */
import type { TileReader, TreeHead, WrittenTile } from '../log/index.ts'
import type { SealedEvent } from '../proof/leaf.ts'

export interface StoredCheckpoint extends TreeHead {
  readonly origin: string
  /** The signed note, with the signatures of the log alone. */
  readonly note: string
}

/** An event at its place in the feed, as far as it is sealed. */
export interface LeafRow extends SealedEvent {
  readonly position: bigint
}

/** An event with what opens its leaf. */
export interface OpenedEvent extends SealedEvent {
  /** Absent for the moment until it is sequenced. */
  readonly position?: bigint
  readonly salt: Uint8Array
  /** The very text that was hashed; absent once it was erased. */
  readonly body?: string
}

export interface Sealing {
  readonly before: StoredCheckpoint | undefined
  /** What follows in the feed, in order. */
  readonly rows: readonly LeafRow[]
  readonly readTiles: TileReader
}

export interface Sealed extends TreeHead {
  readonly note: string
  readonly tiles: readonly WrittenTile[]
}

export interface Cosignature {
  /** Name and id of the witness's key. */
  readonly witness: string
  /** One signature line of a note, with its newline. */
  readonly line: string
}

export interface LogStore {
  /** @returns the new checkpoint; `undefined` when the step made none; `busy` when another process is at it. */
  seal(
    origin: string,
    limit: number,
    step: (sealing: Sealing) => Promise<Sealed | undefined>,
  ): Promise<StoredCheckpoint | 'busy' | undefined>
  /** The last one signed, of whatever origin it is. */
  newest(): Promise<StoredCheckpoint | undefined>
  /** The newest of that origin that has at least so many cosignatures by these witnesses. */
  newestCosigned(origin: string, witnesses: readonly string[], countMin: number): Promise<StoredCheckpoint | undefined>
  checkpoint(origin: string, size: bigint): Promise<StoredCheckpoint | undefined>
  /** In order of size, those larger than `after`. */
  checkpoints(origin: string, after: bigint, limit: number): Promise<readonly StoredCheckpoint[]>
  /** Rejects with `TileMissing`. */
  readonly readTiles: TileReader
  /** Events from that position on, in order, without their bodies. */
  leaves(from: bigint, limit: number): Promise<readonly LeafRow[]>
  /** Every event of these streams, by stream and version. */
  opened(streams: readonly string[]): Promise<readonly OpenedEvent[]>
  cosignatures(origin: string, size: bigint): Promise<readonly Cosignature[]>
  addCosignatures(origin: string, size: bigint, added: readonly Cosignature[]): Promise<void>
  /** The largest size each witness has cosigned. */
  cosignedSizes(origin: string): Promise<ReadonlyMap<string, bigint>>
  /** How long the oldest event has waited that is sequenced and not sealed, in seconds. */
  lagSeconds(): Promise<number>
}

export class TileMissing extends Error {
  override readonly name = 'TileMissing'
  readonly path: string

  constructor(path: string) {
    super(`\`${path}\` is not in the database`)
    this.path = path
  }
}
