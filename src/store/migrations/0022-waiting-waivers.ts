/** Waivers that wait for a decision, the one that can wait least first: an inbox asks for those of its reader's pools. */
import { type Kysely, sql } from 'kysely'

const decideBy = `state -> 'proposal' ->> 'decideBy'`

export const waitingWaivers = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Instants are written alike, so that their text sorts as they do.
    await sql
      .raw(`create index waivers_waiting on waivers ((${decideBy}), id) where open and ${decideBy} is not null`)
      .execute(db)
  },
}
