/** What of the log is shown to whoever asks: never more than was signed, and where witnesses are required, than they saw. */
import {
  encodeEntries,
  keyLabel,
  parseTilePath,
  TILE_HEIGHT,
  TILE_WIDTH,
  type Tile,
  tileAt,
  type VerifierKey,
} from '../../log/index.ts'
import type { PublishedChange, PublishedKeys } from '../../proof/audit/keys.ts'
import { leafOf } from '../../proof/leaf.ts'
import { logStream } from '../../proof/log-record.ts'
import type { Store } from '../../store/contract.ts'
import { LogBroken } from './broken.ts'
import { tilesHold } from './continuity.ts'
import { readLog } from './record.ts'

/** Who must have cosigned. */
export interface Witnessing {
  readonly witnesses: readonly VerifierKey[]
  readonly required: number
}

export const noWitnesses: Witnessing = { witnesses: [], required: 0 }

/** The newest checkpoint that enough witnesses have cosigned, with their lines; undefined when there is none. */
export async function publishedCheckpoint(
  { log }: Pick<Store, 'log'>,
  { witnesses, required }: Witnessing,
): Promise<string | undefined> {
  const newest = await log.newest()
  if (newest === undefined) return undefined
  const shown = await log.newestCosigned(newest.origin, witnesses.map(keyLabel), required)
  if (shown === undefined) return undefined
  const lines = await log.cosignatures(shown.origin, shown.size)
  return shown.note + lines.map(({ line }) => line).join('')
}

/** @returns undefined when no signed tree has it. @throws MalformedInput for what is no path of a tile */
export async function publishedTile({ log }: Pick<Store, 'log'>, path: string): Promise<Uint8Array | undefined> {
  const parsed = parseTilePath(path)
  const size = (await log.newest())?.size ?? 0n
  const wanted = parsed.kind === 'tile' ? parsed.tile : { level: 0, ...parsed.bundle }
  if (!isThere(wanted, size)) return undefined
  if (parsed.kind === 'tile') return (await tilesHold(() => log.readTiles([parsed.tile])))[0]
  const first = wanted.index * BigInt(TILE_WIDTH)
  const rows = await log.leaves(first, wanted.width)
  for (let offset = 0; offset < wanted.width; offset++) {
    const index = first + BigInt(offset)
    if (rows[offset]?.position !== index) throw new LogBroken('record-missing', `leaf ${index}`, index)
  }
  return encodeEntries(rows.map(leafOf))
}

function isThere({ level, index, width }: Tile, size: bigint): boolean {
  const hashes = size >> BigInt(TILE_HEIGHT * level)
  return hashes > index * BigInt(TILE_WIDTH) && width <= tileAt(level, index, size).width
}

export async function publishedKeys(store: Pick<Store, 'log' | 'waivers'>): Promise<PublishedKeys | undefined> {
  const known = await readLog(store)
  if (known === undefined) return undefined
  const { record, positions } = known
  const opened = new Map((await store.log.opened([logStream])).map((event) => [event.version, event]))
  const changes: PublishedChange[] = []
  for (const { version, from, to } of record.rotations) {
    const [index, event] = [positions.get(version), opened.get(version)]
    const signed = index === undefined ? undefined : await store.log.checkpoint(record.origin, index + 1n)
    if (index === undefined || event?.body === undefined || signed === undefined) continue
    const leaf = new TextDecoder().decode(leafOf(event))
    const salt = Buffer.from(event.salt).toString('base64')
    changes.push({ index: Number(index), from, to, leaf, body: event.body, salt, checkpoint: signed.note })
  }
  return { origin: record.origin, key: changes.at(-1)?.to ?? record.firstKey, changes }
}
