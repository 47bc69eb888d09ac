/**
 * What is in force, and what time it is. The clock keeps the highest time it has shown: standing behind that by more than
 * a second means that it went backwards, and then nothing is given until the founders have confirmed the time. What must
 * be taken away goes by the highest time shown, so that it never waits for a clock.
 */
import { type Kysely, sql } from 'kysely'
import type { Heads, Newest } from './contract.ts'
import { clock, type Database, instantText } from './database.ts'

export interface HeadRow {
  directory: string | null
  freshness: Record<string, string> | null
  policy: string | null
  policy_since: string
  frozen: boolean
  jumps: number
}

/** One that nobody has noted yet counts already. */
const jumps = sql`jumps + (coalesce(shown, '-infinity') > clock() + interval '1 second')::int`

export const headColumns = sql`
  (select digest from heads where name = 'directory') as directory,
  (select state -> 'freshness' from records where id = 'directory') as freshness,
  (select digest from heads where name = 'policy') as policy,
  (select ${instantText(sql`at`)} from heads where name = 'policy') as policy_since,
  (select frozen or at > clock() + interval '1 second' from heads where name = 'clock') as frozen,
  (select ${jumps} from heads where name = 'clock') as jumps`

export function headsOf(row: HeadRow): Heads {
  return {
    freshness: row.freshness ?? {},
    ...(row.directory === null ? {} : { directory: row.directory }),
    ...(row.policy === null ? {} : { policy: row.policy, policySince: row.policy_since }),
    clock: row.frozen ? 'went-backwards' : 'steady',
    clockJumps: row.jumps,
  }
}

export async function readHeads(db: Kysely<Database>) {
  const { rows } = await sql<{ now: string } & HeadRow>`select ${instantText(clock)} as now, ${headColumns}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Error('bug: the heads returned no row')
  return { ...headsOf(row), now: row.now }
}

export async function readNewest(db: Kysely<Database>): Promise<Newest> {
  const { rows } = await sql<{ now: string; last: string | null; waiting: string | null } & HeadRow>`
    select ${instantText(clock)} as now, (select max(position) from feed) as last,
           (select max(seq) from unsequenced) as waiting, ${headColumns}`.execute(db)
  const row = rows[0]
  if (row === undefined) throw new Error('bug: the newest state returned no row')
  const waiting = row.waiting === null ? {} : { waiting: BigInt(row.waiting) }
  return { ...headsOf(row), now: row.now, last: BigInt(row.last ?? -1), ...waiting }
}

export async function watchClock(db: Kysely<Database>): Promise<Heads['clock']> {
  const { rows } = await sql<{ frozen: boolean }>`
    update heads set frozen = frozen or at > clock() + interval '1 second', at = greatest(at, clock()),
      jumps = ${jumps}, shown = clock()
    where name = 'clock' returning frozen`.execute(db)
  return rows[0]?.frozen === false ? 'steady' : 'went-backwards'
}

export async function readLag(db: Kysely<Database>): Promise<{ sweepSeconds: number; sequenceSeconds: number }> {
  const { rows } = await sql<{ sweep: number | null; sequence: number | null }>`
    select extract(epoch from clock() - (select min(due_at) from waivers where due_at is not null))::float8 as sweep,
           extract(epoch from clock() - (select e.at from events e where e.seq = (select min(seq) from unsequenced)))::float8 as sequence`.execute(
    db,
  )
  return { sweepSeconds: Math.max(0, rows[0]?.sweep ?? 0), sequenceSeconds: Math.max(0, rows[0]?.sequence ?? 0) }
}
