/**
 * Which key must have signed a tree of that size? Follows the changes of key that a log publishes: each is a leaf that can
 * be opened, and the first checkpoint that contains it is signed by both keys. Whoever knows one of them can follow.
 */
import { saltedDigest } from '../../lib/digest.ts'
import {
  decodeBase64,
  formatCheckpoint,
  formatVerifierKey,
  keyLabel,
  leafHash,
  MalformedInput,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type TreeHead,
  type VerifierKey,
  verifyNote,
} from '../../log/index.ts'
import { readLeaf } from '../leaf.ts'
import { type LogEvent, logStream } from '../log-record.ts'

/** A change of key as a leaf that can be opened, and the first checkpoint that contains it, signed by both keys. */
export interface PublishedChange {
  readonly index: number
  readonly from: string
  readonly to: string
  /** The leaf, as text. */
  readonly leaf: string
  /** The body whose salted hash is in the leaf, and the salt in base64. */
  readonly body: string
  readonly salt: string
  readonly checkpoint: string
}

export interface PublishedKeys {
  readonly origin: string
  readonly key: string
  readonly changes: readonly PublishedChange[]
}

/** What is published of the keys does not hold. */
export class KeysDiffer extends Error {
  override readonly name = 'KeysDiffer'
}

export interface KeyHistory {
  readonly origin: string
  /** In the order in which they signed. */
  readonly keys: readonly VerifierKey[]
  /** Leaves at these indexes must have these hashes. */
  readonly leaves: readonly { readonly index: bigint; readonly hash: Uint8Array }[]
  /** Signed by both keys of a change. */
  readonly heads: readonly TreeHead[]
}

/** @throws KeysDiffer */
export async function keyHistory({ origin, key, changes }: PublishedKeys): Promise<KeyHistory> {
  const first = keyIn(changes[0]?.from ?? key, origin)
  const history = {
    origin,
    keys: [first],
    leaves: [] as { index: bigint; hash: Uint8Array }[],
    heads: [] as TreeHead[],
  }
  for (const change of changes) {
    const from = history.keys.at(-1) as VerifierKey
    if (formatVerifierKey(from) !== change.from) throw new KeysDiffer('the changes of key do not follow each other')
    const to = keyIn(change.to, origin)
    assertSays(change)
    history.heads.push(await signedByBoth(change, origin, from, to))
    history.leaves.push({ index: BigInt(change.index), hash: leafHash(new TextEncoder().encode(change.leaf)) })
    history.keys.push(to)
  }
  if (formatVerifierKey(history.keys.at(-1) as VerifierKey) !== key)
    throw new KeysDiffer('the last change is to another key')
  return history
}

/** The key that signs a tree of that size. */
export function keyAt({ keys, leaves }: KeyHistory, size: bigint): VerifierKey {
  return keys[leaves.filter(({ index }) => index < size).length] as VerifierKey
}

/** The head in a note that is signed as it must be; extensions are nobody's. @throws KeysDiffer */
export async function signedHead(history: KeyHistory, text: string): Promise<TreeHead> {
  return sound('a checkpoint', async () => {
    const note = parseNote(text)
    const { origin, size, root } = parseCheckpoint(note.text)
    if (origin !== history.origin)
      throw new KeysDiffer(`a checkpoint is of \`${origin}\`, not of \`${history.origin}\``)
    const key = keyAt(history, size)
    const plain = note.text === formatCheckpoint({ origin, size, root, extensions: [] })
    if (plain && (await verifyNote(note, [key])).signed) return { size, root }
    throw new KeysDiffer(`the checkpoint of ${size} leaves is not signed by \`${keyLabel(key)}\``)
  })
}

async function signedByBoth(change: PublishedChange, origin: string, from: VerifierKey, to: VerifierKey) {
  return sound('a change of key', async () => {
    const note = parseNote(change.checkpoint)
    const { origin: named, size, root } = parseCheckpoint(note.text)
    const verdict = await verifyNote(note, [from, to])
    const both = verdict.signed && verdict.by.length === 2
    if (both && named === origin && size === BigInt(change.index) + 1n) return { size, root }
    throw new KeysDiffer(`the change to \`${keyLabel(to)}\` is not signed by both keys`)
  })
}

/** @throws KeysDiffer unless the leaf has the hash of the body, and the body says this change */
function assertSays({ leaf, body, salt, from, to }: PublishedChange): void {
  const event = readLeaf(new TextEncoder().encode(leaf))
  const said = bodyIn(body)
  const opens = event?.bodyHash === saltedDigest(saltIn(salt), body)
  const same = event?.stream === logStream && event.type === 'LogKeyRotated' && said?.type === event.type
  if (opens && same && said.from === from && said.to === to) return
  throw new KeysDiffer('a change of key is not what its leaf says')
}

function saltIn(salt: string): Uint8Array {
  const bytes = soundly('a salt', () => decodeBase64(salt, 'salt'))
  if (bytes.length === 16) return bytes
  throw new KeysDiffer('a salt does not have 16 bytes')
}

function bodyIn(body: string): Extract<LogEvent, { type: 'LogKeyRotated' }> | undefined {
  try {
    return JSON.parse(body) as Extract<LogEvent, { type: 'LogKeyRotated' }>
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function keyIn(text: string, origin: string): VerifierKey {
  const key = soundly('a key', () => parseVerifierKey(text))
  if (key.name === origin) return key
  throw new KeysDiffer(`a key is called \`${key.name}\`, the log \`${origin}\``)
}

function soundly<Value>(what: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
    throw new KeysDiffer(`${what}: ${error.message}`)
  }
}

async function sound<Value>(what: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error
    throw new KeysDiffer(`${what}: ${error.message}`)
  }
}
