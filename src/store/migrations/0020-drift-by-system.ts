/** What is open on one target? Asked at every look at it. */
import { type Kysely, sql } from 'kysely'

export const driftBySystem = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `create index records_drift_system on records ((state -> 'drift' ->> 'system'), (state ->> 'since'), id)
         where kind = 'drift' and status = 'open'`,
      )
      .execute(db)
  },
}
