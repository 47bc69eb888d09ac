/** Reading waivers: one, a page of them, and the events they follow from. Reads never lock and never decide. */
import { type Kysely, sql } from 'kysely'
import type { Waiver, WaiverId } from '../core/waiver.ts'
import type { WaiverReads } from './contract.ts'
import type { Database } from './database.ts'
import { eventRows, storedEvent } from './feed.ts'
import { gathered } from './gathered.ts'
import { stateOf } from './rows.ts'
import { activityOn } from './rule-activity.ts'
import { waitingOn } from './waiting.ts'

export function waiversOn(db: Kysely<Database>): WaiverReads {
  return {
    find: gathered((ids: readonly WaiverId[]) => found(db, ids)),
    async list(filter) {
      const { status, system, beneficiary, requester, open, kind, after } = filter
      let query = db.selectFrom('waivers').select('state').orderBy('id', 'desc').limit(filter.limit)
      if (status !== undefined) query = query.where('status', 'in', [...status])
      if (system !== undefined) query = query.where('system', '=', system)
      if (beneficiary !== undefined) query = query.where('beneficiary', '=', beneficiary)
      if (requester !== undefined) query = query.where('requester', '=', requester)
      if (open !== undefined) query = query.where('open', '=', open)
      if (kind !== undefined) query = query.where('kind', '=', kind)
      if (after !== undefined) query = query.where('id', '<', after)
      return (await query.execute()).map(({ state }) => stateOf(state))
    },
    async openReviews({ after, limit }) {
      const { rows } = await sql<{ state: unknown }>`
        select state from waivers
        where review_due_at is not null
          and (review_due_at, id) > (${after?.dueAt ?? '-infinity'}::timestamptz, ${after?.id ?? ''}::text)
        order by review_due_at, id limit ${limit}`.execute(db)
      return rows.map(({ state }) => stateOf(state))
    },
    async withReference(reference) {
      const rows = await db
        .selectFrom('waivers')
        .select('id')
        .where('open', '=', true)
        .where('reference', '=', reference)
        .execute()
      return rows.map(({ id }) => id)
    },
    async events(stream) {
      const { rows } = await eventRows(db, sql`e.stream = ${stream} order by e.version`)
      return rows.map(storedEvent)
    },
    async started(after, limit) {
      const { rows } = await sql<{ state: unknown }>`
        select state from waivers where open and state -> 'activation' is not null and id > ${after}
        order by id limit ${limit}`.execute(db)
      return rows.map(({ state }) => stateOf(state))
    },
    async openBeneficiaries() {
      const { rows } = await sql<{ id: string }>`
        select beneficiary as id from waivers where open
        union select state -> 'activation' ->> 'by' from waivers where open and kind = 'break-glass' and state -> 'activation' is not null`.execute(
        db,
      )
      return rows.map(({ id }) => id)
    },
    async openOf({ users, system }) {
      const of =
        users === undefined
          ? sql`system = ${system ?? ''}`
          : sql`
        (beneficiary = any(${[...users]}) or (kind = 'break-glass' and state -> 'activation' ->> 'by' = any(${[...users]})))`
      const { rows } = await sql<{ id: string }>`select id from waivers where open and ${of} order by id`.execute(db)
      return rows.map(({ id }) => id)
    },
    async findAll(ids) {
      const { rows } = await sql<{ state: unknown }>`
        select state from waivers where id = any(${[...ids]}) order by id`.execute(db)
      return rows.map(({ state }) => stateOf(state))
    },
    async decisionsCount(since) {
      const { rows } = await sql<{ countersigner: string; count: string }>`
        select countersigner, count(*) as count from decisions where at > ${since}::timestamptz group by countersigner`.execute(
        db,
      )
      return new Map(rows.map(({ countersigner, count }) => [countersigner, Number(count)]))
    },
    ...waitingOn(db),
    activity: (since, limit) => activityOn(db, since, limit),
  }
}

async function found(db: Kysely<Database>, ids: readonly WaiverId[]): Promise<readonly (Waiver | undefined)[]> {
  const { rows } = await sql<{ id: string; state: unknown }>`
    select w.id, w.state from unnest(${[...new Set(ids)]}::text[]) as ask (id)
           cross join lateral (select id, state from waivers where id = ask.id offset 0) w`.execute(db)
  const states = new Map(rows.map(({ id, state }) => [id, stateOf(state)]))
  return ids.map((id) => states.get(id))
}
