/**
 * The installation's own aggregates (founding, changes to the rules, the directory), and which revisions are in force.
 * A revision comes into force in the same commit as the event that says so.
 */
import { type Kysely, type Transaction as KyselyTransaction, sql } from 'kysely'
import type { LockedRecord, Records, RecordWrite, Revision } from './contract.ts'
import { clock, type Database, instantText } from './database.ts'
import { type HeadRow, headColumns, headsOf } from './heads.ts'
import { eventParts, revisionsPart } from './write.ts'

type Tx = KyselyTransaction<Database>

/** An advisory lock, since the record may not exist yet. */
export async function lockRecord(tx: Tx, id: string): Promise<LockedRecord> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`record:${id}`}, 0))`.execute(tx)
  const { rows } = await sql<{ now: string; version: number | null; state: unknown } & HeadRow>`
    select ${instantText(clock)} as now, ${headColumns}, r.version, r.state
    from (select 1) one left join records r on r.id = ${id}`.execute(tx)
  const row = rows[0]
  if (row === undefined) throw new Error('bug: the lock returned no row')
  return {
    now: row.now,
    heads: headsOf(row),
    version: row.version ?? 0,
    ...(row.state === null ? {} : { state: row.state }),
  }
}

export async function keepRevisions(tx: Tx, revisions: readonly Revision[]): Promise<void> {
  const stored = revisionsPart(revisions)
  if (stored.length > 0) await sql`with ${sql.join(stored)} select 1`.execute(tx)
}

export async function writeRecord(tx: Tx, write: RecordWrite): Promise<string | undefined> {
  const { id, kind, version, status, state, dueAt } = write
  // Revisions first: heads refer to them.
  await keepRevisions(tx, write.revisions)
  const parts = [
    ...eventParts(write.events),
    ...(state === undefined
      ? []
      : [
          sql`new_record as (
      insert into records (id, kind, version, status, state, due_at)
      values (${id}, ${kind}, ${version}, ${status}, ${JSON.stringify(state)}::json, ${dueAt ?? null}::timestamptz)
      on conflict (id) do update set version = excluded.version, status = excluded.status, state = excluded.state, due_at = excluded.due_at)`,
        ]),
    ...Object.entries(write.heads).map(
      ([name, digest]) =>
        sql`${sql.id(`new_${name}`)} as (update heads set digest = ${digest}, at = clock() where name = ${name})`,
    ),
    ...(write.thaw ? thawParts : []),
  ]
  const { rows } = await sql<{ id: string }>`with ${sql.join(parts)} select pg_current_xact_id()::text as id`.execute(
    tx,
  )
  return rows[0]?.id
}

/**
 * The time is right again; what a clock that ran ahead has put off is looked at now. A lease keeps what was left of it:
 * whoever works on a grant goes on alone, and what a dead process had taken does not stay away until that other time.
 */
const thawParts = [
  sql`old_clock as (select greatest(at, clock()) as at from heads where name = 'clock')`,
  sql`new_clock as (update heads set frozen = false, at = clock(), shown = clock() where name = 'clock')`,
  sql`new_schedule as (
    update grants set next_at = least(next_at, clock()), claimed_until = clock() + (claimed_until - old_clock.at)
    from old_clock where next_at > clock() or claimed_until > clock())`,
]

export function recordsOn(db: Kysely<Database>): Records {
  return {
    async find(id) {
      return (await db.selectFrom('records').select('state').where('id', '=', id).executeTakeFirst())?.state
    },
    async list(kind, limit, status) {
      const rows = await db
        .selectFrom('records')
        .select('state')
        .where('kind', '=', kind)
        .$if(status !== undefined, (query) => query.where('status', '=', status ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ state }) => state)
    },
    async due(limit) {
      const { rows } = await sql<{
        id: string
      }>`select id from records where due_at <= steady_clock() order by due_at limit ${limit}`.execute(db)
      return rows.map(({ id }) => id)
    },
  }
}
