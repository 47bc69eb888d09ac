// How does this room say that bytes are not what they claim to be? With one error class and a closed list of reasons.
// Everything that reads foreign bytes throws this and nothing else, so that a caller can catch one class and report the
// reason; faults of a caller's own reader (a disk, a network) pass through untouched.

/** Why an input was rejected. Stable: callers may switch on it. */
export type MalformedReason =
  | 'not-uint64'
  | 'not-bytes'
  | 'decimal'
  | 'base64'
  | 'utf8'
  | 'control-character'
  | 'hash-length'
  | 'too-large'
  | 'note-structure'
  | 'too-many-signatures'
  | 'signature-length'
  | 'timestamp'
  | 'key-name'
  | 'key-structure'
  | 'key-type'
  | 'key-id'
  | 'key-length'
  | 'duplicate-key'
  | 'quorum'
  | 'origin'
  | 'checkpoint-structure'
  | 'index-outside-tree'
  | 'sizes-out-of-order'
  | 'proof-length'
  | 'proof-structure'
  | 'request-structure'
  | 'tile-path'
  | 'tile-length'
  | 'tile-root'
  | 'entry-too-large'
  | 'entries-structure'
  | 'reader-contract'

export class MalformedInput extends Error {
  override readonly name = 'MalformedInput'
  readonly reason: MalformedReason

  constructor(reason: MalformedReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

const SHOWN_LENGTH_MAX = 80

/** Foreign text made safe for a message: printable ASCII only, the rest escaped, cut at 80 characters, in backticks. */
export function shown(text: string): string {
  const cut = text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}...` : text
  return `\`${cut.replace(/[^ -_a-~]/gu, escapeCharacter)}\``
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
