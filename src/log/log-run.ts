// Which signed heads does a stream of leaves pass through? Follows the tree leaf by leaf and checks each head at its own
// size. It counts down to the next head in plain numbers, because a bigint comparison per leaf would show in a log of
// millions.

import { Frontier } from './frontier.ts'
import { type Hash, sameBytes } from './sha256.ts'
import type { TreeHead } from './tree.ts'
import type { Place } from './verify-log.ts'

const COUNTDOWN_MAX = 2n ** 52n

export class LogRun {
  /** The leaves among which the first head that does not hold was lost. */
  broken: Place | undefined
  /** Whether a head broke where another one of the same size held. */
  forked = false
  /** The largest size of a head that holds. */
  heldSize = 0n
  /** Whether the last head was reached and holds. */
  targetHolds = false
  readonly #frontier = new Frontier()
  readonly #heads: readonly TreeHead[]
  #next = 0
  #countdown = 0

  /** Heads in ascending order of size, at least one. */
  constructor(heads: readonly TreeHead[]) {
    this.#heads = heads
    this.#checkHeads()
  }

  get size(): bigint {
    return this.#frontier.size
  }

  root(): Hash {
    return this.#frontier.root()
  }

  /** Takes leaf hashes up to the last head and says how many. @throws MalformedInput `hash-length` */
  add(leafHashes: readonly Hash[]): number {
    return this.#take(leafHashes, (leaf) => this.#frontier.append(leaf))
  }

  /** Takes entries up to the last head and says how many. */
  addEntries(entries: readonly Uint8Array[]): number {
    return this.#take(entries, (entry) => this.#frontier.appendEntry(entry))
  }

  #take(leaves: readonly Uint8Array[], append: (leaf: Uint8Array) => void): number {
    let taken = 0
    for (const leaf of leaves) {
      if (this.#countdown === 0) return taken
      append(leaf)
      taken++
      this.#countdown--
      if (this.#countdown === 0) this.#checkHeads()
    }
    return taken
  }

  #checkHeads(): void {
    let head = this.#heads[this.#next]
    while (head !== undefined && head.size === this.size) {
      this.#checkHead(head)
      this.#next++
      head = this.#heads[this.#next]
    }
    const left = (head?.size ?? this.size) - this.size
    this.#countdown = Number(left < COUNTDOWN_MAX ? left : COUNTDOWN_MAX)
  }

  #checkHead(head: TreeHead): void {
    const holds = sameBytes(this.root(), head.root)
    if (holds) this.heldSize = head.size
    else if (this.broken === undefined) this.#breakAt(head.size)
    if (this.#next === this.#heads.length - 1) this.targetHolds = holds
  }

  #breakAt(size: bigint): void {
    this.forked = this.heldSize === size
    this.broken = { firstIndex: this.forked ? 0n : this.heldSize, lastIndex: size - 1n }
  }
}
