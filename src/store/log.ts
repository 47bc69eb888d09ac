/** The transparency log on PostgreSQL: one step of sealing under a lock and a fence, and what is read of it. */
import { type Kysely, type Transaction as KyselyTransaction, sql } from 'kysely'
import { type Tile, type TileReader, tilePath, type WrittenTile } from '../log/index.ts'
import { type Database, instantText } from './database.ts'
import { StoreFault } from './fault.ts'
import {
  type LeafRow,
  type LogStore,
  type OpenedEvent,
  type Sealed,
  type StoredCheckpoint,
  TileMissing,
} from './log-contract.ts'

type Db = Kysely<Database> | KyselyTransaction<Database>

export function logOn(db: Kysely<Database>): LogStore {
  return {
    seal: (origin, limit, step) =>
      db.transaction().execute(async (tx) => {
        if (!(await isAlone(tx))) return 'busy'
        const [before] = await checkpointRows(tx, sql`origin = ${origin} order by size desc limit 1`)
        const rows = await leafRows(tx, before?.size ?? 0n, limit)
        const sealed = await step({ before, rows, readTiles: tileReaderOn(tx) })
        if (sealed === undefined) return undefined
        await writeTiles(tx, sealed.tiles)
        return writeCheckpoint(tx, origin, before?.size ?? 0n, sealed)
      }),
    async newest() {
      const [newest] = await checkpointRows(db, sql`true order by at desc, size desc limit 1`)
      return newest
    },
    async newestCosigned(origin, witnesses, countMin) {
      const [newest] = await checkpointRows(
        db,
        sql`origin = ${origin} and (
          select count(*) from log_cosignatures s
          where s.origin = c.origin and s.size = c.size and s.witness = any(${[...witnesses]})
        ) >= ${countMin} order by size desc limit 1`,
      )
      return newest
    },
    async checkpoint(origin, size) {
      const [found] = await checkpointRows(db, sql`origin = ${origin} and size = ${String(size)}::bigint`)
      return found
    },
    checkpoints: (origin, after, limit) =>
      checkpointRows(db, sql`origin = ${origin} and size > ${String(after)}::bigint order by size limit ${limit}`),
    readTiles: tileReaderOn(db),
    leaves: (from, limit) => leafRows(db, from, limit),
    opened: (streams) => openedRows(db, streams),
    async cosignatures(origin, size) {
      const { rows } = await sql<{ witness: string; line: string }>`
        select witness, line from log_cosignatures
        where origin = ${origin} and size = ${String(size)}::bigint order by witness`.execute(db)
      return rows
    },
    async addCosignatures(origin, size, added) {
      await sql`
        insert into log_cosignatures (origin, size, witness, line, at)
        select ${origin}, ${String(size)}::bigint, witness, line, clock()
        from unnest(${added.map(({ witness }) => witness)}::text[], ${added.map(({ line }) => line)}::text[]) as added (witness, line)
        on conflict do nothing`.execute(db)
    },
    async cosignedSizes(origin) {
      const { rows } = await sql<{ witness: string; size: string }>`
        select witness, max(size) as size from log_cosignatures where origin = ${origin} group by witness`.execute(db)
      return new Map(rows.map(({ witness, size }) => [witness, BigInt(size)]))
    },
    async lagSeconds() {
      const { rows } = await sql<{ lag: number | null }>`
        select extract(epoch from clock() - (
          select e.at from feed f join events e on e.seq = f.seq
          where f.position = coalesce((select size from log_checkpoints order by at desc, size desc limit 1), 0)))::float8 as lag`.execute(
        db,
      )
      return Math.max(0, rows[0]?.lag ?? 0)
    },
  }
}

/** Given back with the transaction, so that a sealer that dies leaves no lock behind. */
async function isAlone(tx: Db): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('countersign:sealer', 0)) as mine`.execute(tx)
  return rows[0]?.mine === true
}

async function checkpointRows(db: Db, where: ReturnType<typeof sql>): Promise<StoredCheckpoint[]> {
  const { rows } = await sql<{ origin: string; size: string; root: Buffer; note: string }>`
    select c.origin, c.size, c.root, c.note from log_checkpoints c where ${where}`.execute(db)
  return rows.map(({ origin, size, root, note }) => ({ origin, size: BigInt(size), root: new Uint8Array(root), note }))
}

async function leafRows(db: Db, from: bigint, limit: number): Promise<LeafRow[]> {
  const { rows } = await sql<{
    position: string
    id: string
    stream: string
    version: number
    type: string
    at: string
    actor: string
    body_hash: string
  }>`
    select f.position, e.id, e.stream, e.version, e.type, ${instantText(sql`e.at`)} as at, e.actor, e.body_hash
    from feed f join events e on e.seq = f.seq
    where f.position >= ${String(from)}::bigint order by f.position limit ${limit}`.execute(db)
  return rows.map(({ position, actor, body_hash, ...row }) => ({
    ...row,
    position: BigInt(position),
    by: actor,
    bodyHash: body_hash,
  }))
}

async function openedRows(db: Db, streams: readonly string[]): Promise<OpenedEvent[]> {
  const { rows } = await sql<{
    position: string | null
    id: string
    stream: string
    version: number
    type: string
    at: string
    actor: string
    body_hash: string
    salt: Buffer
    body: string | null
  }>`
    select f.position, e.id, e.stream, e.version, e.type, ${instantText(sql`e.at`)} as at, e.actor, e.body_hash, b.salt, b.body
    from events e join event_bodies b on b.event = e.id left join feed f on f.seq = e.seq
    where e.stream = any(${[...streams]}) order by e.stream, e.version`.execute(db)
  return rows.map(({ position, actor, body_hash, salt, body, ...row }) => ({
    ...row,
    by: actor,
    bodyHash: body_hash,
    salt: new Uint8Array(salt),
    ...(position === null ? {} : { position: BigInt(position) }),
    ...(body === null ? {} : { body }),
  }))
}

function tileReaderOn(db: Db): TileReader {
  return async (tiles) => {
    if (tiles.length === 0) return []
    const { rows } = await sql<{ level: number; index: string; hashes: Buffer }>`
      select t.level, t.index, t.hashes from log_tiles t
      join unnest(${tiles.map(({ level }) => level)}::smallint[], ${tiles.map(({ index }) => String(index))}::bigint[])
        as wanted (level, index) on wanted.level = t.level and wanted.index = t.index`.execute(db)
    const found = new Map(rows.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]))
    return tiles.map((tile) => cut(tile, found.get(`${tile.level}/${tile.index}`)))
  }
}

/** A narrower tile is the beginning of a wider one. */
function cut(tile: Tile, hashes: Uint8Array | undefined): Uint8Array {
  const bytes = tile.width * 32
  if (hashes === undefined || hashes.length < bytes) throw new TileMissing(tilePath(tile))
  return new Uint8Array(hashes.subarray(0, bytes))
}

async function writeTiles(tx: Db, tiles: readonly WrittenTile[]): Promise<void> {
  if (tiles.length === 0) return
  await sql`
    insert into log_tiles (level, index, hashes)
    select * from unnest(${tiles.map(({ tile }) => tile.level)}::smallint[], ${tiles.map(({ tile }) => String(tile.index))}::bigint[],
                         ${tiles.map(({ bytes }) => bytes)}::bytea[])
    on conflict (level, index) do update set hashes = excluded.hashes
    where octet_length(excluded.hashes) >= octet_length(log_tiles.hashes)`.execute(tx)
}

/** The fence: whoever grew another tree than the newest one commits nothing, lock or no lock. */
async function writeCheckpoint(
  tx: Db,
  origin: string,
  before: bigint,
  { size, root, note }: Sealed,
): Promise<StoredCheckpoint> {
  const { rows } = await sql<{ size: string }>`
    insert into log_checkpoints (origin, size, root, note, at)
    select ${origin}, ${String(size)}::bigint, ${root}::bytea, ${note}, clock()
    where coalesce((select max(size) from log_checkpoints where origin = ${origin}), 0) = ${String(before)}::bigint
    returning size`.execute(tx)
  if (rows.length === 0) throw new StoreFault('conflict', 'another process sealed meanwhile', true)
  return { origin, size, root, note }
}
