// May a witness cosign this checkpoint? The C2SP tlog-witness protocol without its HTTP: bodies and the decision. The
// caller holds the latest head per origin and must check, store and answer under one lock, storing before it signs;
// otherwise two requests at once could roll the witness back.

import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { verifyConsistency } from './consistency.ts'
import type { VerifierKey } from './key.ts'
import { MalformedInput } from './malformed.ts'
import { formatNote, type Note, parseNote, verifyNote } from './note.ts'
import { formatHashLines, parseHashLines } from './proof.ts'
import { type Hash, sameBytes } from './sha256.ts'
import { emptyRoot, type TreeHead } from './tree.ts'
import { asUint64, parseDecimal } from './uint64.ts'
import { asText } from './utf8.ts'

/** What the protocol allows; enough for every tree of up to 2^62 leaves. */
export const CONSISTENCY_LINES_MAX = 63

export interface AddCheckpoint {
  /** The size that the asker believes the witness cosigned last. */
  oldSize: bigint
  consistency: readonly Hash[]
  note: Note
}

/** The answer and the HTTP status that the protocol gives it. Only the first may be followed by a cosignature. */
export type WitnessAnswer =
  | { answer: 'cosign'; status: 200; checkpoint: Checkpoint }
  | { answer: 'old-size-too-large'; status: 400 }
  | { answer: 'not-signed-by-log'; status: 403 }
  | { answer: 'unknown-log'; status: 404 }
  | { answer: 'conflict'; status: 409; size: bigint }
  | { answer: 'inconsistent'; status: 422 }

export interface WitnessState {
  /** The keys trusted for the checkpoint's origin; undefined when the origin is unknown. */
  logKeys: readonly VerifierKey[] | undefined
  /** The head cosigned last for the origin; undefined when there was none. */
  latest: TreeHead | undefined
}

export function formatAddCheckpoint({ oldSize, consistency, note }: AddCheckpoint): string {
  const lines = [`old ${asUint64(oldSize, 'old size')}`, ...formatHashLines(consistency)]
  return `${lines.join('\n')}\n\n${formatNote(note)}`
}

/**
 * Reads the request and its checkpoint, whose origin says which state to look up. A malformed one is answered with 400.
 * @throws MalformedInput `request-structure`, `decimal`, `proof-length`, `hash-length`, as `parseNote`, `parseCheckpoint`
 */
export function parseAddCheckpoint(body: string | Uint8Array): AddCheckpoint & { checkpoint: Checkpoint } {
  const text = asText(body)
  const split = text.indexOf('\n\n')
  const [old, ...hashes] = text.slice(0, Math.max(split, 0)).split('\n')
  if (!old?.startsWith('old ')) {
    throw new MalformedInput('request-structure', 'request does not start with an `old` line and a proof')
  }
  const note = parseNote(text.slice(split + 2))
  return {
    oldSize: parseDecimal(old.slice('old '.length), 'old size'),
    consistency: parseHashLines(hashes, CONSISTENCY_LINES_MAX),
    note,
    checkpoint: parseCheckpoint(note.text),
  }
}

/** The decision for a request that parsed, checks in the order of the specification. @throws MalformedInput `duplicate-key` */
export async function decideCosignature(request: AddCheckpoint, state: WitnessState): Promise<WitnessAnswer> {
  const checkpoint = parseCheckpoint(request.note.text)
  if (state.logKeys === undefined) return { answer: 'unknown-log', status: 404 }
  const verdict = await verifyNote(request.note, state.logKeys)
  if (!verdict.signed) return { answer: 'not-signed-by-log', status: 403 }
  if (request.oldSize > checkpoint.size) return { answer: 'old-size-too-large', status: 400 }
  return decideForHead(request, checkpoint, state.latest ?? { size: 0n, root: emptyRoot() })
}

function decideForHead(request: AddCheckpoint, checkpoint: Checkpoint, latest: TreeHead): WitnessAnswer {
  const sameSize = checkpoint.size === latest.size
  if (request.oldSize !== latest.size || (sameSize && !sameBytes(checkpoint.root, latest.root))) {
    return { answer: 'conflict', status: 409, size: latest.size }
  }
  const proven = verifyConsistency({ older: latest, newer: checkpoint, proof: request.consistency })
  return proven ? { answer: 'cosign', status: 200, checkpoint } : { answer: 'inconsistent', status: 422 }
}

/** The body of a 409: the size of the latest cosigned checkpoint, for `Content-Type: text/x.tlog.size`. */
export function formatTreeSize(size: bigint): string {
  return `${asUint64(size, 'tree size')}\n`
}

/** @throws MalformedInput `request-structure`, `decimal`, `not-uint64` */
export function parseTreeSize(body: string | Uint8Array): bigint {
  const text = asText(body)
  if (text.endsWith('\n')) return parseDecimal(text.slice(0, -1), 'tree size')
  throw new MalformedInput('request-structure', 'tree size does not end with a newline')
}
