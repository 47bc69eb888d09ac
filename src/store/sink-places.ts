/** How far each sink has got. Taking a place is one statement, so of many processes one gets it; time is the database's. */
import { type Kysely, sql } from 'kysely'
import type { SinkPlaces } from './contract.ts'
import type { Database } from './database.ts'

export function sinkPlacesOn(db: Kysely<Database>): SinkPlaces {
  return {
    async take(sink, leaseSeconds) {
      await sql`insert into sink_places (sink, position) values (${sink}, -1) on conflict do nothing`.execute(db)
      const { rows } = await sql<{ position: string }>`
        update sink_places set leased_until = steady_clock() + make_interval(secs => ${leaseSeconds})
        where sink = ${sink} and (leased_until is null or leased_until <= steady_clock())
        returning position`.execute(db)
      const position = rows[0]?.position
      return position === undefined ? undefined : BigInt(position)
    },
    async leave(sink, from, to) {
      await sql`
        update sink_places set position = ${String(to)}::bigint, leased_until = null
        where sink = ${sink} and position = ${String(from)}::bigint`.execute(db)
    },
    async all() {
      const { rows } = await sql<{ sink: string; position: string }>`
        select sink, position from sink_places order by sink`.execute(db)
      return rows.map(({ sink, position }) => ({ sink, position: BigInt(position) }))
    },
  }
}
