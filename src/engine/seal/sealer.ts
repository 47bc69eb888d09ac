/**
 * When are events sealed? In batches, by whichever process gets the lock, about half a second after they found their place
 * in the feed. It begins the log, compares at start, and stops for good when the log is not what was signed: then people
 * have to look.
 */
import { systemActor } from '../../core/waiver.ts'
import { formatVerifierKey, type Signer } from '../../log/index.ts'
import { type LogEvent, logStream } from '../../proof/log-record.ts'
import type { Store } from '../../store/contract.ts'
import type { Sealing, StoredCheckpoint } from '../../store/log-contract.ts'
import type { Logger } from '../logger.ts'
import type { Loop } from '../loops.ts'
import { newEvents } from '../rules.ts'
import { KeyMissing, LogBroken } from './broken.ts'
import { assertContinues } from './continuity.ts'
import { readLog } from './record.ts'
import { assertAsSigned } from './start.ts'
import { noTree, sealStep } from './step.ts'

/** The private keys this process may sign with. Asked anew whenever one is needed, so that a new key can arrive. */
export interface LogKeys {
  signers(): Promise<readonly Signer[]>
}

/** The last checkpoint that this machine has signed or seen, kept outside the database. */
export interface LogMemory {
  read(): Promise<string | undefined>
  /** Returns when it is on the disk. */
  write(note: string): Promise<void>
}

export interface SealerParts {
  readonly store: Store
  readonly log: Logger
  /** Name of the log: where it is served, without the scheme. */
  readonly origin: string
  readonly keys: LogKeys
  readonly memory: LogMemory
  /** What else must agree before this process signs for the first time. @returns why to wait. */
  readonly beforeFirst?: () => Promise<string | undefined>
}

export type SealerStatus =
  | { readonly state: 'starting' | 'sealing' }
  /** Nothing is wrong with the log; something this process needs is missing. */
  | { readonly state: 'waiting'; readonly detail: string }
  | { readonly state: 'broken'; readonly broken: LogBroken }

const batchMax = 4_096
const everyMillis = 500

export class Sealer {
  readonly loop: Loop = { name: 'seal', run: () => this.run(), everyMillis, wakes: false }
  readonly #parts: SealerParts
  #status: SealerStatus = { state: 'starting' }
  #compared = false
  #last: StoredCheckpoint | undefined

  constructor(parts: SealerParts) {
    this.#parts = parts
  }

  get status(): SealerStatus {
    return this.#status
  }

  /** One step. @returns whether there is more to seal at once. */
  async run(): Promise<boolean> {
    if (this.#status.state === 'broken') return false
    try {
      const because = this.#status.state === 'sealing' ? undefined : await this.#start()
      if (because !== undefined) return this.#wait(because)
      const more = await this.#step()
      this.#status = { state: 'sealing' }
      return more
    } catch (error) {
      if (error instanceof KeyMissing) return this.#wait(error.message)
      if (!(error instanceof LogBroken)) throw error
      this.stopFor(error)
      return false
    }
  }

  /** For whatever else finds that the log is not what was signed. */
  stopFor(broken: LogBroken): void {
    if (this.#status.state === 'broken') return
    this.#status = { state: 'broken', broken }
    const { finding, index, message } = broken
    const fields = { finding, ...(index === undefined ? {} : { index: String(index) }) }
    this.#parts.log.error(fields, `the log is broken and nothing is sealed any more: ${message}`)
  }

  /** @returns why to wait */
  async #start(): Promise<string | undefined> {
    const { store, origin, memory, beforeFirst } = this.#parts
    if (this.#compared) return undefined
    const known = await readLog(store)
    await assertAsSigned(store, known, await memory.read())
    if (known === undefined) await this.#begin()
    else if (known.record.origin !== origin) {
      throw new LogBroken('origin-differs', `it is \`${known.record.origin}\`, the configuration says \`${origin}\``)
    }
    const because = await beforeFirst?.()
    this.#compared = because === undefined
    return because
  }

  async #begin(): Promise<void> {
    const { store, origin, keys } = this.#parts
    // In a note, the name of the key says which log it is.
    const signer = (await keys.signers()).find(({ key }) => key.name === origin)
    if (signer === undefined) throw new KeyMissing(`this process has no key called \`${origin}\` to begin the log with`)
    const key = formatVerifierKey(signer.key)
    await store.transact(async (tx) => {
      const { now, state, version } = await tx.lockRecord(logStream)
      if (state !== undefined) return
      const began: LogEvent = { type: 'LogBegan', at: now, by: systemActor, origin, key }
      await tx.writeRecord({
        id: logStream,
        kind: 'log',
        version: version + 1,
        status: 'current',
        state: { origin, key },
        dueAt: undefined,
        events: newEvents(logStream, version, [began]),
        revisions: [],
        heads: {},
        thaw: false,
      })
    })
  }

  async #step(): Promise<boolean> {
    const { store, origin } = this.#parts
    let seen: StoredCheckpoint | undefined
    let full = false
    const sealed = await store.log.seal(origin, batchMax, async (sealing) => {
      await this.#assertContinued(sealing)
      seen = sealing.before
      full = sealing.rows.length === batchMax
      return this.#grow(sealing)
    })
    const newest = typeof sealed === 'object' ? sealed : seen
    if (newest !== undefined && newest.size !== this.#last?.size) await this.#remember(newest)
    return typeof sealed === 'object' && full
  }

  async #grow(sealing: Sealing) {
    if (sealing.rows.length === 0) return undefined
    const log = await readLog(this.#parts.store)
    return log === undefined ? undefined : sealStep({ log, signers: await this.#parts.keys.signers() }, sealing)
  }

  /** Another process may have gone on meanwhile, nobody may have gone back. */
  async #assertContinued({ before, readTiles }: Sealing): Promise<void> {
    if (this.#last !== undefined) {
      await assertContinues(this.#last, before ?? noTree, readTiles, 'what this process has seen')
    }
  }

  // After the commit: what is remembered must never be ahead of what is there.
  async #remember(checkpoint: StoredCheckpoint): Promise<void> {
    this.#last = checkpoint
    await this.#parts.memory.write(checkpoint.note)
  }

  #wait(detail: string): false {
    const said = this.#status.state === 'waiting' && this.#status.detail === detail
    if (!said) this.#parts.log.warn({}, `sealing waits: ${detail}`)
    this.#status = { state: 'waiting', detail }
    return false
  }
}
