/** How often the clock has gone backwards: a founder's word about the time is about the time since the last of these. */
import { type Kysely, sql } from 'kysely'

export const clockJumps = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `alter table heads add column shown timestamptz, add column jumps integer not null default 0`,
  `comment on column heads.shown is 'Of the clock: what it showed when it was last looked at; null before that.'`,
  `comment on column heads.jumps is 'Of the clock: how often it was found to have gone backwards since the look before.'`,
]
