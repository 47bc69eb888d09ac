/** Which proofs were used already, by any process. One that two show at the same moment is new to one of them. */
import { type Kysely, sql } from 'kysely'
import type { SeenProofKeys } from './contract.ts'
import type { Database } from './database.ts'

const forgottenMax = 20_000

export function seenProofKeysOn(db: Kysely<Database>): SeenProofKeys {
  return {
    async remember(keys, seconds) {
      // In one order, so that two processes that remember the same ones wait for each other and never in a circle.
      const { rows } = await sql<{ key: string }>`
        insert into seen_proofs (key, until)
        select key, steady_clock() + make_interval(secs => ${seconds})
        from unnest(${[...keys]}::text[]) as key order by key collate "C"
        on conflict do nothing returning key`.execute(db)
      return new Set(rows.map(({ key }) => key))
    },
    async forget() {
      const { numAffectedRows = 0n } = await sql`
        delete from seen_proofs where key in (
          select key from seen_proofs where until < steady_clock() order by until limit ${forgottenMax})`.execute(db)
      return Number(numAffectedRows) === forgottenMax
    },
  }
}
