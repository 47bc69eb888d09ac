/**
 * Grants as a schedule: each row says what shall be true on a target and when it is looked at next. Claiming hides a row
 * for a while instead of holding a lock over a slow target; a claim that is never reported comes back by itself.
 */
import { type Kysely, sql } from 'kysely'
import type { WantedGrant } from '../core/plan.ts'
import type { Grants, GrantView } from './contract.ts'
import { type Database, type GrantsTable, instantText } from './database.ts'
import { StoreFault } from './fault.ts'

export function grantsOn(db: Kysely<Database>): Grants {
  return {
    async claim(limit, perSystem, leaseSeconds, without = []) {
      // A loose scan over the systems, so that a thousand grants of a dead target cost no more than one of another.
      const { rows } = await sql<GrantsTable>`
        with recursive systems (system) as (
               (select system from grants where next_at is not null order by system limit 1)
               union all
               select (select system from grants where next_at is not null and system > s.system order by system limit 1)
               from systems s where s.system is not null),
             due as materialized (
               select g.id from systems s cross join lateral (
                 select id, next_at from grants where system = s.system and next_at <= steady_clock() and (claimed_until is null or claimed_until <= steady_clock())
                 order by next_at
                 limit least(${perSystem}::int, greatest(1, ${limit}::int / greatest(1, (select count(*)::int from systems where system is not null))))
                 for update skip locked) g
               where s.system is not null and s.system <> all(${[...without]}::text[]) order by g.next_at limit ${limit})
        update grants set claimed_until = steady_clock() + make_interval(secs => ${leaseSeconds}), claimed_generation = generation
        where id in (select id from due) returning *`.execute(db)
      return rows.map(rowOf)
    },
    async report(reports) {
      if (reports.length === 0) return
      // Whoever worked on an older generation lets go of the grant, and says nothing about the new one.
      await sql`
        update grants set claimed_until = null
        from unnest(${reports.map((r) => r.grant)}::text[], ${reports.map((r) => r.generation)}::int[]) as old (id, generation)
        where grants.id = old.id and grants.claimed_generation = old.generation and grants.generation <> old.generation`.execute(
        db,
      )
      const column = (value: (report: (typeof reports)[number]) => unknown) => reports.map(value)
      await sql`
        update grants set settled = fresh.settled, attempts = fresh.attempts, last_error = fresh.last_error, claimed_until = null,
          next_at = case when fresh.next_in is null then null else steady_clock() + make_interval(secs => fresh.next_in) end,
          observed = coalesce(fresh.observed, grants.observed),
          observed_at = case when fresh.observed is null then grants.observed_at else clock() end,
          used_at = case when fresh.use = 'seen' then coalesce(grants.used_at, clock()) else grants.used_at end,
          use_asked = grants.use_asked or fresh.use is not null
        from unnest(${column((r) => r.grant)}::text[], ${column((r) => r.generation)}::int[], ${column((r) => r.settled)}::boolean[],
                    ${column((r) => (Number.isFinite(r.nextInSeconds) ? r.nextInSeconds : null))}::float8[], ${column((r) => r.attempts)}::int[],
                    ${column((r) => r.lastError ?? null)}::text[],
                    ${column((r) => (r.observed === undefined ? null : JSON.stringify(r.observed)))}::json[],
                    ${column((r) => r.use ?? null)}::text[])
          as fresh (id, generation, settled, next_in, attempts, last_error, observed, use)
        where grants.id = fresh.id and grants.generation = fresh.generation`
        .execute(db)
        .catch((error: unknown) => {
          throw StoreFault.from(error)
        })
    },
    async find(grant) {
      const { rows } = await selectViews(db, sql`id = ${grant}`)
      return rows[0] === undefined ? undefined : viewOf(rows[0])
    },
    async list({ system, settled, after, limit }) {
      const where = sql`(${system ?? null}::text is null or system = ${system ?? null})
        and (${settled ?? null}::boolean is null or settled = ${settled ?? null})
        and (${after ?? null}::text is null or id < ${after ?? null}) order by id desc limit ${limit}`
      const { rows } = await selectViews(db, where)
      return rows.map(viewOf)
    },
  }
}

type ViewRow = GrantsTable & { next: string | null; seen: string | null }

function selectViews(db: Kysely<Database>, where: ReturnType<typeof sql>) {
  return sql<ViewRow>`select *, ${instantText(sql`next_at`)} as next, ${instantText(sql`observed_at`)} as seen from grants where ${where}`.execute(
    db,
  )
}

function rowOf(row: GrantsTable) {
  return {
    wanted: row.wanted as WantedGrant,
    waiver: row.waiver,
    attempts: row.attempts,
    settled: row.settled,
    ...(row.last_error === null ? {} : { lastError: row.last_error }),
  }
}

function viewOf(row: ViewRow): GrantView {
  return {
    ...rowOf(row),
    ...(row.next === null ? {} : { nextAt: row.next }),
    ...(row.seen === null ? {} : { observedAt: row.seen }),
    ...(row.observed === null ? {} : { observed: row.observed }),
  }
}
