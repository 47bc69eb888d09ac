/**
 * Others see what we sign. Every new head is brought to each witness with the proof that it continues what that witness saw
 * last; its cosignature is checked and kept. A witness that has seen more than there is here, or something else, ends all
 * sealing: an older copy was put back, or two histories were signed.
 */
import {
  formatAddCheckpoint,
  formatSignatureLines,
  isFrom,
  keyLabel,
  MalformedInput,
  type NoteSignature,
  parseNote,
  parseSignatureLines,
  parseTreeSize,
  proveConsistency,
  tileHashReader,
  type VerifierKey,
  verifyNote,
} from '../../log/index.ts'
import type { Store } from '../../store/contract.ts'
import type { StoredCheckpoint } from '../../store/log-contract.ts'
import type { Logger } from '../logger.ts'
import type { Loop } from '../loops.ts'
import { LogBroken } from './broken.ts'
import { tilesHold } from './continuity.ts'

export interface WitnessContact {
  readonly key: VerifierKey
  /** Sends the body of `add-checkpoint`; throws when no answer came. */
  ask(body: string): Promise<{ readonly status: number; readonly body: string }>
}

export interface WitnessesParts {
  readonly store: Store
  readonly log: Logger
  readonly origin: string
  readonly contacts: readonly WitnessContact[]
  readonly required: number
  /** Ends all sealing. */
  readonly stopFor: (broken: LogBroken) => void
  readonly nowMillis?: () => number
}

export interface WitnessStatus {
  readonly witness: string
  /** Of the largest head it has cosigned, as far as is known here. */
  readonly size: bigint
  /** Why it did not cosign the newest one; absent when it did. */
  readonly trouble?: string
}

const everyMillis = 1_000
const pauseMillisMax = 60_000

/** What this process knows of one witness. */
interface Acquaintance {
  readonly contact: WitnessContact
  readonly label: string
  size: bigint
  /** By this process; what the database says of it may be from before it was put back. */
  asked: boolean
  failures: number
  notBefore: number
  trouble: string | undefined
}

export class Witnesses {
  readonly loop: Loop = { name: 'witnesses', run: () => this.run(), everyMillis, wakes: false }
  readonly #parts: WitnessesParts
  readonly #known: readonly Acquaintance[]
  readonly #now: () => number
  #primed = false

  constructor(parts: WitnessesParts) {
    this.#parts = parts
    this.#now = parts.nowMillis ?? Date.now
    this.#known = parts.contacts.map((contact) => ({
      contact,
      label: keyLabel(contact.key),
      size: 0n,
      asked: false,
      failures: 0,
      notBefore: 0,
      trouble: undefined,
    }))
  }

  get status(): readonly WitnessStatus[] {
    return this.#known.map(({ label, size, trouble }) => ({
      witness: label,
      size,
      ...(trouble === undefined ? {} : { trouble }),
    }))
  }

  async run(): Promise<boolean> {
    const head = await this.#head()
    if (head === undefined) return false
    try {
      await Promise.all(this.#due(head).map((one) => this.#bring(one, head)))
    } catch (error) {
      if (!(error instanceof LogBroken)) throw error
      this.#parts.stopFor(error)
    }
    return false
  }

  /**
   * Before this process signs for the first time: does what is here continue what the witnesses have seen? Where some are
   * required, so many must answer that any quorum there ever was has one of them in it.
   * @returns why to wait. @throws LogBroken
   */
  async agree(): Promise<string | undefined> {
    const head = await this.#head()
    if (head === undefined || this.#known.length === 0) return undefined
    await Promise.all(this.#due(head).map((one) => this.#bring(one, head)))
    const { required } = this.#parts
    const needed = required === 0 ? 0 : this.#known.length - required + 1
    const agreed = this.#known.filter(({ size, asked }) => asked && size === head.size).length
    if (agreed >= needed) return undefined
    return `${agreed} of ${this.#known.length} witnesses confirm what was signed last, ${needed} are needed before more is signed`
  }

  #due(head: StoredCheckpoint): readonly Acquaintance[] {
    const now = this.#now()
    return this.#known.filter(({ size, notBefore, asked }) => (size < head.size || !asked) && notBefore <= now)
  }

  async #head(): Promise<StoredCheckpoint | undefined> {
    const { store, origin } = this.#parts
    if (!this.#primed) {
      const sizes = await store.log.cosignedSizes(origin)
      for (const one of this.#known) one.size = sizes.get(one.label) ?? 0n
      this.#primed = true
    }
    return store.log.newestCosigned(origin, [], 0)
  }

  /** What fails is tried again later; what is found is thrown. */
  async #bring(one: Acquaintance, head: StoredCheckpoint): Promise<void> {
    try {
      const line = await this.#ask(one, head)
      await this.#parts.store.log.addCosignatures(head.origin, head.size, [{ witness: one.label, line }])
      if (one.trouble !== undefined) this.#parts.log.info({ witness: one.label }, 'a witness cosigns again')
      Object.assign(one, { size: head.size, asked: true, failures: 0, notBefore: 0, trouble: undefined })
    } catch (error) {
      if (error instanceof LogBroken) throw error
      const trouble = messageOf(error)
      if (one.trouble !== trouble) this.#parts.log.warn({ witness: one.label }, `a witness did not cosign: ${trouble}`)
      const pause = Math.min(pauseMillisMax, everyMillis * 2 ** one.failures)
      Object.assign(one, { failures: one.failures + 1, notBefore: this.#now() + pause, trouble })
    }
  }

  /** A witness that stands elsewhere says where; it is asked once more from there. */
  async #ask(one: Acquaintance, head: StoredCheckpoint): Promise<string> {
    const first = await this.#send(one, head, one.size)
    if (first.status === 200) return cosignatureIn(first.body, one.contact.key, head)
    if (first.status === 422) throw forked(one.label, one.size)
    if (first.status !== 409) throw refusedBy(first)
    const size = sizeIn(first.body)
    if (size > head.size) throw await this.#behind(one, size)
    const second = await this.#send(one, head, size)
    if (second.status === 200) return cosignatureIn(second.body, one.contact.key, head)
    if (second.status === 409 && sizeIn(second.body) === head.size && size === head.size) throw forked(one.label, size)
    if (second.status === 422) throw forked(one.label, size)
    throw refusedBy(second)
  }

  async #send({ contact }: Acquaintance, head: StoredCheckpoint, oldSize: bigint) {
    const reader = tileHashReader(head, this.#parts.store.log.readTiles)
    const consistency = await tilesHold(() => proveConsistency(oldSize, head.size, reader))
    return contact.ask(formatAddCheckpoint({ oldSize, consistency, note: parseNote(head.note) }))
  }

  /** Another process may have sealed and brought more meanwhile; only what is nowhere here was lost here. */
  async #behind({ label }: Acquaintance, size: bigint): Promise<Error> {
    const newest = await this.#head()
    if (newest !== undefined && size <= newest.size) return new Error('another process was faster')
    const there = newest?.size ?? 0n
    const detail = `\`${label}\` has cosigned ${size} leaves, the database has ${there}`
    return new LogBroken('tail-cut', detail, there)
  }
}

function forked(label: string, size: bigint): LogBroken {
  return new LogBroken('history-forked', `the first ${size} leaves are not those that \`${label}\` has cosigned`)
}

/** @throws when it is not a good cosignature of that witness */
async function cosignatureIn(body: string, key: VerifierKey, head: StoredCheckpoint): Promise<string> {
  const signatures: readonly NoteSignature[] = parseSignatureLines(body).filter((line) => isFrom(line, key))
  const verdict = await verifyNote({ text: parseNote(head.note).text, signatures }, [key])
  if (verdict.signed) return formatSignatureLines(signatures.slice(0, 1))
  throw new Error('its answer has no cosignature under its key')
}

function sizeIn(body: string): bigint {
  try {
    return parseTreeSize(body)
  } catch (error) {
    if (error instanceof MalformedInput) throw new Error(`its answer is not understood: ${error.message}`)
    throw error
  }
}

function refusedBy({ status, body }: { readonly status: number; readonly body: string }): Error {
  return new Error(`it answered ${status}: ${body.slice(0, 200).trim()}`)
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
