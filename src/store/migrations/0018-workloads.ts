/** What did this workload ask for, and when was it last used? Asked for one at a time, newest first. */
import { type Kysely, sql } from 'kysely'

export const workloads = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw('create index waivers_beneficiary on waivers (beneficiary, id)').execute(db)
  },
}
