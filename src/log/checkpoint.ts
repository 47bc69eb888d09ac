// What does a log commit to? C2SP tlog-checkpoint: origin, size and root, the text of a signed note. Parsing is strict,
// so that one commitment has one spelling; a checkpoint is worth nothing before its signatures are verified.

import { decodeBase64, encodeBase64 } from './base64.ts'
import { MalformedInput, shown } from './malformed.ts'
import { asNoteText } from './note.ts'
import { asHash } from './sha256.ts'
import type { TreeHead } from './tree.ts'
import { asUint64, parseDecimal } from './uint64.ts'

export interface Checkpoint extends TreeHead {
  /** Which log: not empty, one line. */
  origin: string
  /** Opaque further lines; signed, but no witness makes a statement about them. */
  extensions: readonly string[]
}

/** The text of the note to sign. @throws MalformedInput `origin`, `not-uint64`, `hash-length`, `checkpoint-structure` */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  if (extensions.some((line) => !isLine(line))) throw broken('extension is not a single line with text')
  const head = [asOrigin(origin), asUint64(size, 'tree size'), encodeBase64(asHash(root, 'the root'))]
  return asNoteText(`${[...head, ...extensions].join('\n')}\n`)
}

/**
 * Reads the text of a note.
 * @throws MalformedInput `checkpoint-structure`, `decimal`, `not-uint64`, `base64`, `hash-length`, as `asNoteText`
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = asNoteText(text).slice(0, -1).split('\n')
  const [origin, size, root, ...extensions] = lines
  if (origin === undefined || size === undefined || root === undefined || lines.includes('')) {
    throw broken('checkpoint does not have three lines or more, all with text')
  }
  return {
    origin,
    size: parseDecimal(size, 'tree size'),
    root: asHash(decodeBase64(root, 'root'), 'the root'),
    extensions,
  }
}

/** @throws MalformedInput `origin` */
export function asOrigin(origin: string): string {
  if (isLine(origin)) return origin
  throw new MalformedInput('origin', `origin ${shown(origin)} is not a single line with text`)
}

function isLine(text: string): boolean {
  return text !== '' && !text.includes('\n')
}

function broken(message: string): MalformedInput {
  return new MalformedInput('checkpoint-structure', message)
}
