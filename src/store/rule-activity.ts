/** What was asked under each rule lately, and what came of it: counted where the waivers are, over a bounded stretch of them. */
import { type Kysely, sql } from 'kysely'
import { type Instant, millisOf } from '../core/time.ts'
import { newId } from '../lib/id.ts'
import type { RuleActivity } from './contract.ts'
import type { Database } from './database.ts'

interface ActivityRow {
  readonly of: RuleActivity['of']
  readonly id: string
  readonly asked: string
  readonly given: string
  readonly denied: string
  readonly lapsed: string
  readonly live: string
  readonly refused: string
  readonly latest: string
}

/** Ids begin with their time, so the newest are one stretch of the primary key. Each state is read once. */
export async function activityOn(db: Kysely<Database>, since: Instant, limit: number) {
  const first = newId('wvr', millisOf(since)).slice(0, 'wvr_'.length + 10)
  const { rows } = await sql<ActivityRow & { readonly counted: string }>`
    with recent as materialized (
      select w.id, w.kind, w.system, w.entitlement, w.status, s.state
      from (select * from waivers where id >= ${first} order by id desc limit ${limit}) w,
           lateral (select w.state::jsonb as state) s),
    facts as materialized (
      select id, kind, system || ' ' || entitlement as entitlement,
             state -> 'obligations' ->> 'tier' as tier, state -> 'terms' -> 'exception' ->> 'rule' as rule,
             jsonb_array_length(state -> 'approvals') > 0 as given, state -> 'end' ->> 'cause' as cause,
             status in ('active', 'suspended') as live, (state ->> 'refusalsCount')::int as refused
      from recent),
    named as (
      select 'tier' as of, tier as name, facts.* from facts
      union all select 'entitlement', entitlement, facts.* from facts
      union all select 'kind', kind, facts.* from facts
      union all select 'duty-rule', rule, facts.* from facts where rule is not null)
    select of, name as id, count(*) as asked, count(*) filter (where given) as given,
           count(*) filter (where cause = 'denied') as denied,
           count(*) filter (where cause in ('lapsed', 'not-activated', 'withdrawn')) as lapsed,
           count(*) filter (where live) as live, coalesce(sum(refused), 0) as refused, max(named.id) as latest,
           (select count(*) from recent) as counted
    from named group by of, name order by of, name`.execute(db)
  const rules = rows.map(
    ({ of, id, latest, asked, given, denied, lapsed, live, refused }): RuleActivity => ({
      of,
      id,
      latest,
      asked: Number(asked),
      given: Number(given),
      denied: Number(denied),
      lapsed: Number(lapsed),
      live: Number(live),
      refused: Number(refused),
    }),
  )
  return { rules, complete: Number(rows[0]?.counted ?? 0) < limit }
}
