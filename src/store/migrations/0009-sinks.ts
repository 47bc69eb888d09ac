/**
 * Places of those who send the record on, as it is committed. One process at a time holds a reader's place, for as long as
 * its lease runs, so that nothing is sent twice as a rule and nothing is left out ever.
 */
import { type Kysely, sql } from 'kysely'

export const sinks = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table sink_places (
    sink text primary key,
    position bigint not null check (position >= -1),
    leased_until timestamptz
  )`,
  `comment on table sink_places is 'Position of the last event a sink has taken; -1: none yet.'`,
  `grant select, insert, update on sink_places to countersign_app`,
]
