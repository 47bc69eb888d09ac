/** Who answers checks, and how far each has read: what "effective everywhere" is told from. */
import { type Kysely, sql } from 'kysely'
import type { Processes } from './contract.ts'
import type { Database } from './database.ts'

export function processesOn(db: Kysely<Database>): Processes {
  return {
    async report(process, position) {
      await sql`
        insert into runtime_processes (process, position, seen_at) values (${process}, ${String(position)}::bigint, clock_timestamp())
        on conflict (process) do update set position = excluded.position, seen_at = excluded.seen_at`.execute(db)
      await sql`delete from runtime_processes where seen_at < clock_timestamp() - interval '1 minute'`.execute(db)
    },
    async behind(position, silentMillis) {
      const { rows } = await sql<{ count: string }>`
        select count(*) as count from runtime_processes
        where position < ${String(position)}::bigint and seen_at > clock_timestamp() - make_interval(secs => ${silentMillis / 1000})`.execute(
        db,
      )
      return Number(rows[0]?.count ?? 0)
    },
  }
}
