/** What an inbox is made of: waivers that wait for a decision of some pools, and open ones that somebody asked for. */
import { type Kysely, sql } from 'kysely'
import { targetOwners } from '../core/policy.ts'
import type { WaitingReads } from './contract.ts'
import type { Database } from './database.ts'
import { stateOf } from './rows.ts'

const decideBy = sql`(state -> 'proposal' ->> 'decideBy')`
const pools = (of: 'pools' | 'endorsePools') => sql`json_array_elements_text(state -> 'obligations' -> ${sql.lit(of)})`

export function waitingOn(db: Kysely<Database>): WaitingReads {
  return {
    async waiting({ deciders, owned, after, limit }) {
      const { rows } = await sql<{ state: unknown; total: string }>`
        select state, count(*) over () as total from waivers
        where open and ${decideBy} is not null
          and (${decideBy}, id) > (${after?.decideBy ?? ''}::text, ${after?.id ?? ''}::text)
          and (exists (select from ${pools('pools')} pool where pool = any(${[...deciders]}))
            or exists (select from ${pools('endorsePools')} pool where pool = any(${[...deciders]})
                                                                    or (pool = ${targetOwners} and system = any(${[...owned]}))))
        order by ${decideBy}, id limit ${limit}`.execute(db)
      return { waivers: rows.map(({ state }) => stateOf(state)), total: Number(rows[0]?.total ?? 0) }
    },
    async asked({ person, beneficiaries, limit }) {
      const { rows } = await sql<{ state: unknown; total: string }>`
        select state, count(*) over () as total from waivers
        where open and people && ${[person, ...beneficiaries]}::text[]
          and (requester = ${person} or beneficiary = any(${[person, ...beneficiaries]})
            or exists (select from json_array_elements_text(state -> 'chain') link where link = ${person}))
        order by id desc limit ${limit}`.execute(db)
      return { waivers: rows.map(({ state }) => stateOf(state)), total: Number(rows[0]?.total ?? 0) }
    },
  }
}
