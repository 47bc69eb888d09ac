// What does a signed note say, and who signed it? C2SP signed-note, byte for byte that of Go's sumdb/note: text, a blank
// line, signature lines. Signatures of unknown keys are carried along and mean nothing; a wrong signature under a known
// key condemns the note, since somebody tried.

import { decodeBase64, encodeBase64 } from './base64.ts'
import { cosignatureMessage, splitCosignature } from './cosignature.ts'
import { verifyEd25519 } from './ed25519.ts'
import { asKeyName, KEY_TYPE, keyLabel, type Signer, type VerifierKey } from './key.ts'
import { MalformedInput, shown } from './malformed.ts'
import { sameBytes } from './sha256.ts'
import { asText, encodeUtf8, hasControlCharacter } from './utf8.ts'

/** As in sumdb/note; the specification asks for at least 16. */
export const NOTE_SIGNATURES_MAX = 100
export const NOTE_CHARACTERS_MAX = 1_000_000

const KEY_ID_BYTES = 4
const KEY_ID_MAX = 0xffff_ffff
const SIGNATURE_MARK = '\u2014 '

export interface NoteSignature {
  name: string
  id: number
  /** What follows the key id: for a cosignature the timestamp is part of it. */
  signature: Uint8Array
}

export interface Note {
  /** Ends with a newline; without the blank line. */
  text: string
  signatures: readonly NoteSignature[]
}

export type NoteVerdict =
  | { signed: true; by: readonly VerifierKey[] }
  | { signed: false; fault: 'no-known-key' }
  | { signed: false; fault: 'wrong-signature'; key: VerifierKey }

/** @throws MalformedInput `utf8`, `control-character`, `note-structure`, `too-large`, `too-many-signatures`, `key-name` */
export function parseNote(input: string | Uint8Array): Note {
  if (input.length > NOTE_CHARACTERS_MAX) throw new MalformedInput('too-large', 'note is larger than a million bytes')
  const note = asText(input)
  const split = note.lastIndexOf('\n\n')
  if (split < 0) throw broken('note has no blank line before its signatures')
  const text = asNoteText(note.slice(0, split + 1))
  return { text, signatures: parseSignatureLines(note.slice(split + 2)) }
}

export function formatNote({ text, signatures }: Note): string {
  return `${asNoteText(text)}\n${formatSignatureLines(signatures)}`
}

/** One line each, all ended by a newline; at least one. @throws MalformedInput as `parseNote` */
export function parseSignatureLines(text: string): NoteSignature[] {
  if (!text.endsWith('\n')) throw broken('signature lines do not end with a newline')
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > NOTE_SIGNATURES_MAX) {
    throw new MalformedInput('too-many-signatures', `note has more than ${NOTE_SIGNATURES_MAX} signatures`)
  }
  return lines.map(parseSignatureLine)
}

export function formatSignatureLines(signatures: readonly NoteSignature[]): string {
  return signatures.map(formatSignatureLine).join('')
}

/** Checks every signature that one of the keys claims. @throws MalformedInput `duplicate-key` for an ambiguous list */
export async function verifyNote(note: Note, keys: readonly VerifierKey[]): Promise<NoteVerdict> {
  assertDistinctLabels(keys)
  const by = new Set<VerifierKey>()
  for (const signature of note.signatures) {
    const key = keys.find((candidate) => isFrom(signature, candidate))
    if (key === undefined) continue
    if (!(await verifySignature(note.text, signature, key))) return { signed: false, fault: 'wrong-signature', key }
    by.add(key)
  }
  return by.size > 0 ? { signed: true, by: [...by] } : { signed: false, fault: 'no-known-key' }
}

/** The note with one more signature; an earlier one of the same key is replaced. @throws MalformedInput `key-type` */
export async function signNote(note: Note, { key, sign }: Signer): Promise<Note> {
  if (key.type !== KEY_TYPE.ed25519) {
    throw new MalformedInput('key-type', `${keyLabel(key)} makes timestamped cosignatures, use \`cosign\``)
  }
  const text = asNoteText(note.text)
  return addSignature(note, { name: key.name, id: key.id, signature: await sign(encodeUtf8(text)) })
}

export function addSignature({ text, signatures }: Note, added: NoteSignature): Note {
  return { text, signatures: [...signatures.filter((signature) => !isFrom(signature, added)), added] }
}

/** The text of a note: ends with a newline, no other control character. @throws MalformedInput as `parseNote` */
export function asNoteText(text: string): string {
  if (!asText(text).endsWith('\n')) throw broken('note text does not end with a newline')
  if (!hasControlCharacter(text)) return text
  throw new MalformedInput('control-character', 'note text has a control character other than newline')
}

export function isFrom(signature: NoteSignature, key: { name: string; id: number }): boolean {
  return signature.id === key.id && signature.name === key.name
}

async function verifySignature(text: string, { signature }: NoteSignature, key: VerifierKey): Promise<boolean> {
  switch (key.type) {
    case KEY_TYPE.ed25519:
      return verifyEd25519(key.publicKey, encodeUtf8(text), signature)
    case KEY_TYPE.cosignature: {
      const parts = splitCosignature(signature)
      if (parts === undefined) return false
      return verifyEd25519(key.publicKey, cosignatureMessage(text, parts.timeSeconds), parts.signature)
    }
    default:
      throw new MalformedInput('key-type', `key type ${key.type satisfies never} cannot be verified`)
  }
}

function parseSignatureLine(line: string): NoteSignature {
  if (!line.startsWith(SIGNATURE_MARK)) throw broken(`${shown(line)} is not a signature line`)
  const [name = '', base64 = '', ...rest] = line.slice(SIGNATURE_MARK.length).split(' ')
  if (rest.length > 0 || hasControlCharacter(line)) throw broken(`${shown(line)} is not a signature line`)
  const bytes = decodeBase64(base64, 'signature')
  if (bytes.length <= KEY_ID_BYTES) throw broken('signature is not longer than its key id')
  return {
    name: asKeyName(name),
    id: new DataView(bytes.buffer).getUint32(0),
    signature: bytes.subarray(KEY_ID_BYTES),
  }
}

function formatSignatureLine({ name, id, signature }: NoteSignature): string {
  if (!(id >= 0 && id <= KEY_ID_MAX)) throw new MalformedInput('key-id', `key id ${id} is not a number of 32 bits`)
  const bytes = new Uint8Array(KEY_ID_BYTES + signature.length)
  new DataView(bytes.buffer).setUint32(0, id)
  bytes.set(signature, KEY_ID_BYTES)
  return `${SIGNATURE_MARK}${asKeyName(name)} ${encodeBase64(bytes)}\n`
}

/** Two keys under one name and id would leave open which of them must verify. */
function assertDistinctLabels(keys: readonly VerifierKey[]): void {
  const seen = new Map<string, VerifierKey>()
  for (const key of keys) {
    const other = seen.get(keyLabel(key)) ?? key
    if (other.type !== key.type || !sameBytes(other.publicKey, key.publicKey)) {
      throw new MalformedInput('duplicate-key', `two different keys are called ${shown(keyLabel(key))}`)
    }
    seen.set(keyLabel(key), other)
  }
}

function broken(message: string): MalformedInput {
  return new MalformedInput('note-structure', message)
}
