// How does one record's proof travel? As the text of C2SP tlog-proof: index, audit path and cosigned checkpoint, enough
// to check the record offline. The record itself is not in it, and the extra data is signed by nobody.

import { decodeBase64, encodeBase64 } from './base64.ts'
import { MalformedInput, shown } from './malformed.ts'
import { formatNote, type Note, parseNote } from './note.ts'
import { asHash, type Hash } from './sha256.ts'
import { asUint64, parseDecimal } from './uint64.ts'
import { asText } from './utf8.ts'

/** A tree of fewer than 2^64 leaves has no longer audit path. */
export const PROOF_HASHES_MAX = 64

const HEADER = 'c2sp.org/tlog-proof@v1'

export interface RecordProof {
  index: bigint
  inclusion: readonly Hash[]
  /** The checkpoint with its signatures, unverified. */
  note: Note
  /** Application data beside the proof, authenticated by nothing. */
  extra?: Uint8Array
}

/** @throws MalformedInput `not-uint64`, `hash-length`, and as `formatNote` */
export function formatProof({ index, inclusion, note, extra }: RecordProof): string {
  const extraLines = extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]
  const head = [HEADER, ...extraLines, `index ${asUint64(index, 'leaf index')}`]
  return `${[...head, ...formatHashLines(inclusion)].join('\n')}\n\n${formatNote(note)}`
}

/** @throws MalformedInput `proof-structure`, `decimal`, `not-uint64`, `base64`, `hash-length`, and as `parseNote` */
export function parseProof(input: string | Uint8Array): RecordProof {
  const text = asText(input)
  const split = text.indexOf('\n\n')
  const [header, ...lines] = text.slice(0, Math.max(split, 0)).split('\n')
  if (header !== HEADER) throw broken(`proof does not start with ${shown(HEADER)}`)
  const extra = lines[0]?.startsWith('extra ') ? lines.shift() : undefined
  const [index, ...hashes] = lines
  if (!index?.startsWith('index ')) throw broken('proof has no index line')
  return {
    index: parseDecimal(index.slice('index '.length), 'leaf index'),
    inclusion: parseHashLines(hashes, PROOF_HASHES_MAX),
    note: parseNote(text.slice(split + 2)),
    ...(extra !== undefined && { extra: decodeBase64(extra.slice('extra '.length), 'extra data') }),
  }
}

/** One hash a line in base64, as proofs and witness requests carry them. @throws MalformedInput `hash-length` */
export function formatHashLines(hashes: readonly Hash[]): string[] {
  return hashes.map((hash, at) => encodeBase64(asHash(hash, `proof hash ${at}`)))
}

/** @throws MalformedInput `proof-length`, `base64`, `hash-length` */
export function parseHashLines(lines: readonly string[], countMax: number): Hash[] {
  if (lines.length > countMax) {
    throw new MalformedInput('proof-length', `proof has ${lines.length} hashes where at most ${countMax} can be`)
  }
  return lines.map((line, at) => asHash(decodeBase64(line, `proof hash ${at}`), `proof hash ${at}`))
}

function broken(message: string): MalformedInput {
  return new MalformedInput('proof-structure', message)
}
