/**
 * One waiver with everything somebody needs to check it without us: events with what opens their leaves, the facts and rules
 * they rested on, what put those into force, the way from each leaf to a signed head, and who signed. It proves nothing
 * itself; `proof/bundle` does, elsewhere.
 */
import type { Change } from '../core/change.ts'
import type { Founding } from '../core/founding.ts'
import type { WaiverId } from '../core/waiver.ts'
import {
  encodeBase64,
  formatVerifierKey,
  type HashReader,
  keyLabel,
  proveConsistency,
  proveInclusion,
  type TileReader,
  type TreeHead,
  tileHashReader,
  tilePath,
} from '../log/index.ts'
import { enrolmentsStream, signedActs } from '../proof/bundle/enrolments.ts'
import { citationsIn } from '../proof/bundle/rests-on.ts'
import { type Bundle, type BundledEvent, bundleVersion, logStream } from '../proof/index.ts'
import { newestKey } from '../proof/log-record.ts'
import { countIn, isRoot, namesBelow } from '../proof/parts/index.ts'
import { directoryStream, foundingStream } from '../proof/rules-in-force.ts'
import type { Store } from '../store/contract.ts'
import type { OpenedEvent, StoredCheckpoint } from '../store/log-contract.ts'
import { tilesHold } from './seal/continuity.ts'
import type { Witnessing } from './seal/published.ts'
import { readLog } from './seal/record.ts'

export interface BundleOptions {
  readonly witnessing: Witnessing
  /** Leaves out directories, which name everybody in the organisation; then decisions cannot be decided again. */
  readonly withoutDirectory?: boolean
}

/** The directories in it are more than one file can hold. */
export class BundleTooLarge extends Error {
  override readonly name = 'BundleTooLarge'
}

/**
 * @returns `not-sealed` while its newest events have no leaf yet; undefined when there is no such record.
 * @throws BundleTooLarge
 */
export async function bundleOf(
  store: Store,
  id: WaiverId,
  options: BundleOptions,
): Promise<Bundle | 'not-sealed' | undefined> {
  const events = await store.log.opened([id])
  if (events.length === 0) return undefined
  const known = await readLog(store)
  const head = known && (await headFor(store, known.record.origin, events, options.witnessing))
  if (known === undefined || head === undefined) return 'not-sealed'
  const tiles = remembering(store.log.readTiles)
  const reader = tileHashReader(head, tiles)
  const plain = events.map((event) => bundled(event, []))
  const citations = citationsIn(plain)
  const cited = (kind: string) => [...new Set(citations.filter((one) => one.kind === kind).map(({ digest }) => digest))]
  const support = [
    ...(await supportFor(store, cited('policy'), cited('directory'))),
    ...(await enrolmentsFor(store, plain)),
  ]
  const revisions = await revisionsFor(
    store,
    [...cited('policy'), ...cited('circumstances')],
    options.withoutDirectory ? [] : cited('directory'),
  )
  const { witnesses, required } = options.witnessing
  return {
    countersign: bundleVersion,
    waiver: id,
    log: {
      origin: known.record.origin,
      key: newestKey({ ...known.record, rotations: sealedRotations(known, head.size) }),
      witnesses: witnesses.map(formatVerifierKey),
      required,
    },
    checkpoint: await withCosignatures(store, head),
    events: await included(events, head, reader),
    support: await included(support, head, reader),
    handovers: await handovers(store, known, head, tiles),
    revisions,
  }
}

type Known = NonNullable<Awaited<ReturnType<typeof readLog>>>

/** The newest head that enough witnesses have seen, if it has all of the waiver; else the newest there is. */
async function headFor(
  { log }: Store,
  origin: string,
  events: readonly OpenedEvent[],
  { witnesses, required }: Witnessing,
): Promise<StoredCheckpoint | undefined> {
  const covers = (head: StoredCheckpoint | undefined) =>
    head !== undefined && events.every(({ position }) => position !== undefined && position < head.size)
  const cosigned = await log.newestCosigned(origin, witnesses.map(keyLabel), required)
  if (covers(cosigned)) return cosigned
  const newest = await log.newestCosigned(origin, [], 0)
  return covers(newest) ? newest : undefined
}

async function withCosignatures({ log }: Store, { origin, size, note }: StoredCheckpoint): Promise<string> {
  return note + (await log.cosignatures(origin, size)).map(({ line }) => line).join('')
}

/** What put the rules and directories into force: the first event that did so. */
async function supportFor(
  store: Store,
  policies: readonly string[],
  directories: readonly string[],
): Promise<readonly OpenedEvent[]> {
  const founding = (await store.records.find('founding')) as Founding | undefined
  const changes = (await store.records.list('change', changesMax)) as readonly (Change | null)[]
  const streams = policies.map((digest) => {
    if (founding?.policy === digest) return foundingStream
    // Newest first: the oldest of those that brought the same rules.
    return changes.findLast((change) => change?.proposed === digest && change.status === 'effective')?.id
  })
  const rules = await store.log.opened(streams.filter((stream) => stream !== undefined))
  const readings = await store.log.opened([directoryStream])
  const first = directories.flatMap((digest) => readings.find(({ body }) => digestIn(body) === digest) ?? [])
  return [...upToEffect(rules), ...first]
}

/** Whose passkeys signed: the record of each signer's enrolments, up to their last act here. */
async function enrolmentsFor({ log }: Store, events: readonly BundledEvent[]): Promise<readonly OpenedEvent[]> {
  const last = new Map(signedActs(events).map(({ by, index }) => [enrolmentsStream(by), BigInt(index)]))
  if (last.size === 0) return []
  const opened = await log.opened([...last.keys()])
  return opened.filter(({ stream, position }) => position !== undefined && position < (last.get(stream) ?? 0n))
}

const changesMax = 10_000

function digestIn(body: string | undefined): unknown {
  return body === undefined ? undefined : (JSON.parse(body) as { digest?: unknown }).digest
}

/** What came after the rules were in force, such as a word about the clock, supports nothing. */
function upToEffect(events: readonly OpenedEvent[]): readonly OpenedEvent[] {
  return [...Map.groupBy(events, ({ stream }) => stream).values()].flatMap((own) => {
    const at = own.findIndex(({ type }) => type === 'Founded' || type === 'ChangeTookEffect')
    return own.slice(0, at + 1)
  })
}

async function included(
  events: readonly OpenedEvent[],
  { size }: TreeHead,
  reader: HashReader,
): Promise<BundledEvent[]> {
  return tilesHold(() =>
    Promise.all(
      events.map(async (event) => bundled(event, await proveInclusion(event.position as bigint, size, reader))),
    ),
  )
}

function bundled(event: OpenedEvent, inclusion: readonly Uint8Array[]): BundledEvent {
  const { position = 0n, id, stream, version, type, at, by, salt, body, bodyHash } = event
  const opening =
    body === undefined ? { bodyHash } : { salt: encodeBase64(salt), body: JSON.parse(body) as Record<string, unknown> }
  return {
    index: String(position),
    id,
    stream,
    version,
    type,
    at,
    by,
    ...opening,
    inclusion: inclusion.map(encodeBase64),
  }
}

function sealedRotations({ record, positions }: Known, size: bigint) {
  return record.rotations.filter(({ version }) => (positions.get(version) ?? size) < size)
}

/** Each change of key with the checkpoint that both keys signed, and the way from there to the head. */
async function handovers(store: Store, known: Known, head: StoredCheckpoint, tiles: TileReader) {
  const opened = new Map((await store.log.opened([logStream])).map((event) => [event.version, event]))
  const found: Bundle['handovers'] = []
  for (const { version } of sealedRotations(known, head.size)) {
    const event = opened.get(version)
    const size = (event?.position ?? 0n) + 1n
    const signed = await store.log.checkpoint(head.origin, size)
    if (event === undefined || signed === undefined)
      throw new Error(`bug: change ${version} of the key has no checkpoint`)
    const [inOwn] = await included([event], signed, tileHashReader(signed, tiles))
    const consistency = await tilesHold(() => proveConsistency(size, head.size, tileHashReader(head, tiles)))
    found.push({
      event: inOwn as BundledEvent,
      checkpoint: signed.note,
      consistency: consistency.map(encodeBase64),
    })
  }
  return found
}

/** About a hundred megabytes of file; a text much longer than that is more than a program can hold. */
const factsMax = 300_000

async function revisionsFor(
  { revisions }: Store,
  digests: readonly string[],
  directories: readonly string[],
): Promise<Bundle['revisions']> {
  const found = new Map(await revisions.contents([...digests, ...directories]))
  const roots = directories.map((digest) => found.get(digest)).filter(isRoot)
  if (roots.reduce((sum, root) => sum + countIn(root), 0) > factsMax)
    throw new BundleTooLarge('it rests on a directory of very many facts')
  for (const root of roots) {
    const names: string[] = []
    for await (const name of namesBelow(root, revisions.contents)) names.push(name)
    for (const [digest, content] of await revisions.contents(names.filter((name) => !found.has(name))))
      found.set(digest, content)
  }
  return Object.fromEntries(found)
}

/** A tile is fetched once for all the leaves that need it. */
function remembering(readTiles: TileReader): TileReader {
  const kept = new Map<string, Promise<Uint8Array>>()
  return (tiles) =>
    Promise.all(
      tiles.map((tile) => {
        const known = kept.get(tilePath(tile)) ?? readTiles([tile]).then(([bytes]) => bytes as Uint8Array)
        kept.set(tilePath(tile), known)
        return known
      }),
    )
}
