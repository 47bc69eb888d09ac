/**
 * The one gapless order of everything that was committed. Transactions commit side by side and leave their events in a
 * queue; one sequencer at a time gives them positions. An event that is not yet committed is not in the queue it sees,
 * so positions follow commits and nothing is ever inserted behind what was already read.
 */
import { type Kysely, sql } from 'kysely'
import { saltedDigest } from '../lib/digest.ts'
import type { Feed, FeedBackwards, FeedStretch, PlacedEvent, StoredEvent } from './contract.ts'
import { type Database, instantText } from './database.ts'
import { StoreFault } from './fault.ts'

export function feedOn(db: Kysely<Database>): Feed {
  return {
    async sequence(limit) {
      try {
        return await db.transaction().execute(async (tx) => {
          // Released with the transaction, so a sequencer that dies leaves no lock behind.
          const { rows } = await sql<{
            mine: boolean
          }>`select pg_try_advisory_xact_lock(hashtextextended('countersign:sequencer', 0)) as mine`.execute(tx)
          if (rows[0]?.mine !== true) return 0
          const moved = await sql<{ position: string }>`
            with taken as (delete from unsequenced where seq in (select seq from unsequenced order by seq limit ${limit}) returning seq),
                 start as (select coalesce(max(position) + 1, 0) as position from feed)
            insert into feed (position, seq)
            select start.position + row_number() over (order by seq) - 1, seq from taken, start returning position`.execute(
            tx,
          )
          return moved.rows.length
        })
      } catch (error) {
        throw StoreFault.from(error)
      }
    },
    async after(position, limit) {
      const { rows } = await eventRows(
        db,
        sql`f.position > ${String(position)}::bigint order by f.position limit ${limit}`,
      )
      return rows.map(placedEvent)
    },
    before: (asked) => backwards(db, asked),
    async at(position) {
      const { rows } = await eventRows(db, sql`f.position = ${String(position)}::bigint`)
      const [row] = rows
      if (row === undefined) return undefined
      const text = row.body === null ? {} : { text: row.body }
      return { event: placedEvent(row), salt: new Uint8Array(row.salt), ...text }
    },
    async isPlaced(waiting) {
      const { rows } = await sql<{ placed: boolean }>`
        select not exists (select from unsequenced where seq <= ${String(waiting)}::bigint) as placed`.execute(db)
      return rows[0]?.placed === true
    },
    async last() {
      const { rows } = await sql<{ last: string | null }>`select max(position) as last from feed`.execute(db)
      return BigInt(rows[0]?.last ?? -1)
    },
  }
}

/** However rare it is what somebody looks for, one question looks at no more than this. */
const stretchMax = 10_000n

async function backwards(
  db: Kysely<Database>,
  { before, stream, by, type, limit }: FeedBackwards,
): Promise<FeedStretch> {
  const { rows: ends } = await sql<{ end: string | null }>`select max(position) + 1 as end from feed`.execute(db)
  const newest = BigInt(ends[0]?.end ?? 0)
  const end = before === undefined || before > newest ? newest : before
  // A stream is found by its own index, wherever it lies.
  const begin = stream !== undefined || end < stretchMax ? 0n : end - stretchMax
  const { rows } = await eventRows(
    db,
    sql`f.position >= ${String(begin)}::bigint and f.position < ${String(end)}::bigint
      and (${stream ?? null}::text is null or e.stream = ${stream ?? null})
      and (${by ?? null}::text is null or e.actor = ${by ?? null})
      and (${type ?? null}::text is null or strpos(lower(e.type), lower(${type ?? null})) > 0)
      order by f.position desc limit ${limit}`,
  )
  const events = rows.map(placedEvent)
  const next = events.length === limit ? events.at(-1)?.position : begin
  return next === undefined || next <= 0n ? { events } : { events, next }
}

function placedEvent(row: EventRow): PlacedEvent {
  return { ...storedEvent(row), position: BigInt(row.position ?? -1) }
}

interface EventRow {
  position: string | null
  id: string
  stream: string
  version: number
  type: string
  at: string
  actor: string
  body: string | null
  salt: Buffer
  body_hash: string
}

export function eventRows(db: Kysely<Database>, where: ReturnType<typeof sql>) {
  return sql<EventRow>`
    select f.position, e.id, e.stream, e.version, e.type, ${instantText(sql`e.at`)} as at, e.actor, b.body, b.salt, e.body_hash
    from events e join event_bodies b on b.event = e.id left join feed f on f.seq = e.seq where ${where}`.execute(db)
}

export function storedEvent(row: EventRow): StoredEvent {
  return {
    id: row.id,
    stream: row.stream,
    version: row.version,
    type: row.type,
    at: row.at,
    by: row.actor,
    bodyHash: row.body_hash,
    ...(row.position === null ? {} : { position: BigInt(row.position) }),
    ...(row.body === null ? {} : { body: JSON.parse(row.body) as unknown }),
    ...(row.body === null || saltedDigest(row.salt, row.body) === row.body_hash ? {} : { altered: true as const }),
  }
}
