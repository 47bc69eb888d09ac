/**
 * Is a whole log what was signed? Derives it again from its entries, leaf by leaf, against every signed head, every tile and
 * whatever heads somebody kept elsewhere, and names the first index that does not hold. It believes the source nothing but
 * its bytes; where the entries come from, a database or a server of tiles, is the source's affair.
 */
import {
  type Checkpoint,
  encodeBase64,
  formatVerifierKey,
  keyLabel,
  type LogFault,
  leafHash,
  MalformedInput,
  type Outcome,
  parseCheckpoint,
  parseNote,
  sameBytes,
  type TileReader,
  type TreeHead,
  tileHashReader,
  treeHash,
  type VerifierKey,
  verifyLog,
  verifyQuorum,
} from '../../log/index.ts'
import { type KeyHistory, KeysDiffer, keyHistory, type PublishedKeys, signedHead } from './keys.ts'

export interface LogSource {
  keys(): Promise<PublishedKeys>
  /** The newest note, with cosignatures. */
  checkpoint(): Promise<string>
  /** Other notes the log has signed, in any order. */
  earlier(): AsyncIterable<string>
  /** Rejects with `SourceGap` where a tile is not there. */
  readonly readTiles: TileReader
  /** Every entry from the first on, in order and without a gap; ends where there is none. */
  entries(size: bigint): AsyncIterable<readonly Uint8Array[]>
  /** What this source alone can find, after all entries were read: bodies that do not fit, facts that are missing. */
  doubts?(): Promise<Doubt | undefined>
}

/** A part of the signed tree that the source does not have: a finding, where a source that cannot be reached is none. */
export class SourceGap extends Error {
  override readonly name = 'SourceGap'
}

export interface Doubt {
  readonly finding: 'body-differs' | 'facts-missing' | 'facts-differ'
  readonly index?: bigint
  readonly detail: string
}

export interface AuditTrust {
  /** Keys of the log that were given beforehand; any one suffices. Empty: the source's own word is taken, and said to be. */
  readonly keys: readonly VerifierKey[]
  readonly witnesses: readonly VerifierKey[]
  readonly required: number
  /** Notes of this log that somebody kept: the log must continue each of them. */
  readonly kept: readonly string[]
  readonly progress?: (leaves: bigint, size: bigint) => void
}

/** With what it says; `docs/log.md` lists them. */
export const auditFindings = {
  'record-missing': 'entries end before the signed tree does: a cut tail, an older copy, a row that was removed',
  'record-differs': 'an entry is not the one that was sealed at its index',
  'tile-differs': 'the entries give the signed root, a published tile does not',
  'tile-missing': 'a tile of the signed tree is not there or has another length',
  'history-differs': 'a head that was signed is not a beginning of this log: two histories, or its end is gone',
  'keys-differ': 'a signature or a change of key does not hold',
  'body-differs': 'a body is not the one whose hash was sealed',
  'facts-missing': 'facts that a decision cites are not there',
  'facts-differ': 'facts do not have the content they are named after',
} as const

export type AuditFinding = keyof typeof auditFindings

export interface AuditVerdict {
  readonly outcome: Outcome
  readonly origin: string
  /** Leaves of the newest signed head. */
  readonly size: string
  /** Base64. */
  readonly root: string
  /** Verifier key that signs now, and who named it. */
  readonly key: string
  readonly keyNamedBy: 'verifier' | 'source'
  /** How many signed heads were compared. */
  readonly headsCount: number
  readonly finding?: AuditFinding
  /** The first index that does not hold lies between these, both included; the same when it is known exactly. */
  readonly firstIndex?: string
  readonly lastIndex?: string
  readonly detail: string
  /** The newest note, to be kept for the next time. */
  readonly note: string
}

/** @throws what the source throws when it cannot be read */
export async function auditLog(source: LogSource, trust: AuditTrust): Promise<AuditVerdict> {
  const note = await source.checkpoint()
  const claimed = parsed(note)
  const base = {
    origin: claimed?.origin ?? '',
    key: '',
    keyNamedBy: trust.keys.length > 0 ? ('verifier' as const) : ('source' as const),
    note,
    headsCount: 0,
    size: String(claimed?.size ?? 0n),
    root: claimed === undefined ? '' : encodeBase64(claimed.root),
  }
  try {
    const published = await source.keys()
    const history = await keyHistory(published)
    assertKnown(history, trust)
    const head = await signedHead(history, note)
    const about = { ...base, origin: published.origin, key: published.key }
    const heads = [...(await headsOf(source, history, head, trust)), ...history.heads].filter(
      ({ size }) => size <= head.size,
    )
    const kept = await Promise.all(trust.kept.map((text) => signedHead(history, text)))
    const found =
      (await derive(source, history, head, heads, trust)) ??
      (await keptDiffers(source, head, kept)) ??
      (await witnessed(note, trust, head))
    return { ...about, headsCount: heads.length + kept.length + 1, ...found }
  } catch (error) {
    if (!(error instanceof KeysDiffer)) throw error
    return { ...base, ...(await unsigned(source, claimed, trust, error)) }
  }
}

/** Nobody vouches for the head, so nothing is proven; where the entries do not even lead to it, that says more. */
async function unsigned(
  source: LogSource,
  head: TreeHead | undefined,
  trust: AuditTrust,
  { message }: KeysDiffer,
): Promise<Found> {
  const plain: Found = { outcome: 'disproven', finding: 'keys-differ', detail: message }
  if (head === undefined) return plain
  const found = await derive(source, { origin: '', keys: [], leaves: [], heads: [] }, head, [], trust)
  return found === undefined ? plain : { ...found, detail: `${found.detail}; and ${message}` }
}

function parsed(note: string): Checkpoint | undefined {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch (error) {
    if (error instanceof MalformedInput) return undefined
    throw error
  }
}

type Found = Pick<AuditVerdict, 'outcome' | 'detail' | 'finding' | 'firstIndex' | 'lastIndex'>

function assertKnown({ keys }: KeyHistory, trust: AuditTrust): void {
  const given = new Set(trust.keys.map(formatVerifierKey))
  if (given.size === 0 || keys.some((key) => given.has(formatVerifierKey(key)))) return
  throw new KeysDiffer(`\`${keyLabel(keys.at(-1) as VerifierKey)}\` signs, which is none of the keys that were given`)
}

async function headsOf(
  source: LogSource,
  history: KeyHistory,
  newest: TreeHead,
  trust: AuditTrust,
): Promise<TreeHead[]> {
  const heads: TreeHead[] = []
  for await (const text of source.earlier()) heads.push(await signedHead(history, text))
  trust.progress?.(0n, newest.size)
  return heads
}

/** Each head that somebody kept must be a beginning of this log. What holds up to one of them holds up to there. */
async function keptDiffers(source: LogSource, head: TreeHead, kept: readonly TreeHead[]): Promise<Found | undefined> {
  const reader = tileHashReader(head, source.readTiles)
  let held = 0n
  for (const { size, root } of inOrder(kept)) {
    const place = { firstIndex: size > head.size ? head.size : held, lastIndex: size - 1n }
    if (size > head.size || !sameBytes(await treeHash(size, reader), root)) return differs('history-differs', place)
    held = size
  }
  return undefined
}

function inOrder(heads: readonly TreeHead[]): TreeHead[] {
  return heads.toSorted((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0))
}

/** @returns what does not hold; undefined when everything does */
async function derive(
  source: LogSource,
  history: KeyHistory,
  head: TreeHead,
  heads: readonly TreeHead[],
  trust: AuditTrust,
): Promise<Found | undefined> {
  const watched = watch(source.entries(head.size), history, head.size, trust)
  try {
    const claim = {
      heads: [...inOrder(heads), head],
      leaves: { entries: watched.entries },
      readTiles: source.readTiles,
    }
    const verdict = await verifyLog(claim)
    if (!verdict.holds) return differs(findingOf[verdict.fault], verdict)
  } catch (error) {
    if (!(error instanceof MalformedInput) && !(error instanceof SourceGap)) throw error
    return { outcome: 'disproven', finding: 'tile-missing', detail: error.message }
  }
  const stray = watched.stray()
  if (stray !== undefined) return differs('keys-differ', { firstIndex: stray, lastIndex: stray })
  const doubt = await source.doubts?.()
  return doubt && { outcome: 'disproven', ...doubtful(doubt) }
}

const findingOf: Readonly<Record<LogFault, AuditFinding>> = {
  'record-missing': 'record-missing',
  'record-unsealed': 'record-differs',
  'record-differs': 'record-differs',
  'tile-differs': 'tile-differs',
  'history-differs': 'history-differs',
}

function differs(finding: AuditFinding, place: { firstIndex: bigint; lastIndex: bigint }): Found {
  const { firstIndex, lastIndex } = place
  const where = firstIndex === lastIndex ? `index ${firstIndex}` : `an index from ${firstIndex} to ${lastIndex}`
  return {
    outcome: 'disproven',
    finding,
    firstIndex: String(firstIndex),
    lastIndex: String(lastIndex),
    detail: `the first that does not hold is ${where}: ${auditFindings[finding]}`,
  }
}

function doubtful({ finding, index, detail }: Doubt) {
  const place = index === undefined ? {} : { firstIndex: String(index), lastIndex: String(index) }
  return { finding, detail, ...place }
}

/** Looks at the entries as they pass: the changes of key must be among them. */
function watch(entries: AsyncIterable<readonly Uint8Array[]>, { leaves }: KeyHistory, size: bigint, trust: AuditTrust) {
  const wanted = new Map(leaves.map(({ index, hash }) => [index, hash]))
  let stray: bigint | undefined
  let at = 0n
  async function* passing() {
    for await (const batch of entries) {
      const next = at + BigInt(batch.length)
      for (const [index, hash] of wanted) {
        const entry = index >= at && index < next ? batch[Number(index - at)] : undefined
        if (entry !== undefined && !sameBytes(leafHash(entry), hash)) stray ??= index
      }
      at = next
      trust.progress?.(at, size)
      yield batch
    }
  }
  return { entries: passing(), stray: () => stray }
}

async function witnessed(text: string, { witnesses, required }: AuditTrust, { size }: TreeHead): Promise<Found> {
  const holds = `all ${size} leaves give the tree that was signed`
  if (witnesses.length === 0) return { outcome: 'proven', detail: holds }
  const verdict = await verifyQuorum(parseNote(text), { witnesses, required })
  const counts = `${verdict.votes.length} of ${witnesses.length} witnesses cosigned, ${required} are required`
  if (verdict.reached) return { outcome: 'proven', detail: `${holds}; ${counts}` }
  if (verdict.fault === 'too-few') return { outcome: 'incomplete', detail: `${holds}; ${counts}` }
  return {
    outcome: 'disproven',
    finding: 'keys-differ',
    detail: `the cosignature of \`${keyLabel(verdict.key)}\` is wrong`,
  }
}
