/** Open waivers, the newest first: an inbox looks at them however many have ended since. */
import { type Kysely, sql } from 'kysely'

export const openWaivers = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw('create index waivers_open_newest on waivers (id) where open').execute(db)
  },
}
