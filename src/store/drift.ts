/** When targets are looked at as a whole, what was found there, and what waivers come to over time. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { DriftFinding } from '../core/drift.ts'
import { type Database, instantText } from './database.ts'
import type { DriftCount, DriftFilter, DriftStore, EndedGrant, Habit, Reading } from './drift-contract.ts'

export function driftOn(db: Kysely<Database>): DriftStore {
  return { ...readingsOn(db), ...findingsOn(db), ...habitsOn(db) }
}

type Readings = Pick<DriftStore, 'keepReadings' | 'claimReadings' | 'reportReading' | 'readings' | 'hurryReadings'>

function readingsOn(db: Kysely<Database>): Readings {
  return {
    async keepReadings(subjects) {
      await sql`
        with gone as (delete from readings where subject <> all(${[...subjects]}::text[]))
        insert into readings (subject, next_at) select s, steady_clock() from unnest(${[...subjects]}::text[]) s
        on conflict do nothing`.execute(db)
    },
    async claimReadings(limit, leaseSeconds) {
      const { rows } = await sql<{ subject: string; attempts: number; claim: string }>`
        with due as (
          select subject from readings
          where next_at <= steady_clock() and (claimed_until is null or claimed_until <= steady_clock())
          order by next_at limit ${limit} for update skip locked)
        update readings set claimed_until = steady_clock() + make_interval(secs => ${leaseSeconds}), tried_at = clock()
        where subject in (select subject from due)
        returning subject, attempts, claimed_until::text as claim`.execute(db)
      return rows
    },
    async reportReading(report) {
      const { subject, claim, nextInSeconds, attempts } = report
      const outcome =
        'failure' in report
          ? sql`failure = ${report.failure}, attempts = ${attempts + 1}`
          : sql`failure = null, attempts = 0, read_at = ${report.readAt}::timestamptz, content = ${JSON.stringify(report.content)}::json`
      await sql`
        update readings set claimed_until = null, next_at = steady_clock() + make_interval(secs => ${nextInSeconds}), ${outcome}
        where subject = ${subject} and claimed_until = ${claim}::timestamptz`.execute(db)
    },
    async readings() {
      const { rows } = await sql<ReadingRow>`
        select subject, ${instantText(sql`next_at`)} as next, ${instantText(sql`tried_at`)} as tried,
          ${instantText(sql`read_at`)} as read, failure, content from readings order by subject`.execute(db)
      return rows.map(readingOf)
    },
    async hurryReadings(subjects) {
      const these = subjects === undefined ? sql`true` : sql`subject = any(${[...subjects]}::text[])`
      const { numAffectedRows } = await sql`
        update readings set next_at = least(next_at, steady_clock()) where ${these}`.execute(db)
      return Number(numAffectedRows ?? 0)
    },
  }
}

interface ReadingRow {
  subject: string
  next: string
  tried: string | null
  read: string | null
  failure: string | null
  content: unknown
}

function readingOf({ subject, next, tried, read, failure, content }: ReadingRow): Reading {
  return {
    subject,
    nextAt: next,
    ...(tried === null ? {} : { triedAt: tried }),
    ...(read === null ? {} : { readAt: read }),
    ...(failure === null ? {} : { failure }),
    ...(content === null ? {} : { content }),
  }
}

function findingsOn(db: Kysely<Database>): Pick<DriftStore, 'findings' | 'counts'> {
  return {
    async findings({ status, system, kind, kinds, after, limit }: DriftFilter) {
      const conditions: RawBuilder<unknown>[] = [sql`kind = 'drift'`]
      if (status !== undefined) conditions.push(status === 'open' ? sql`status = 'open'` : sql`status = ${status}`)
      if (system !== undefined) conditions.push(sql`state -> 'drift' ->> 'system' = ${system}`)
      if (kind !== undefined) conditions.push(sql`state -> 'drift' ->> 'kind' = ${kind}`)
      if (kinds !== undefined) conditions.push(sql`state -> 'drift' ->> 'kind' = any(${[...kinds]}::text[])`)
      if (after !== undefined)
        conditions.push(sql`(state ->> 'since', id) < (select state ->> 'since', id from records where id = ${after})`)
      const { rows } = await sql<{ state: unknown }>`
        select state from records where ${sql.join(conditions, sql` and `)}
        order by state ->> 'since' desc, id desc limit ${limit}`.execute(db)
      return rows.map(({ state }) => state as DriftFinding)
    },
    async counts() {
      const { rows } = await sql<DriftCount & { open: string; unreviewed: string }>`
        select drift_system as system, drift_kind as kind, count(*) as open,
          count(*) filter (where not drift_reviewed) as unreviewed
        from records where drift_system is not null group by 1, 2 order by 1, 2`.execute(db)
      return rows.map((row) => ({ ...row, open: Number(row.open), unreviewed: Number(row.unreviewed) }))
    },
  }
}

/** Access that was really given, with its waiver, in windows that ended lately or have not ended. */
const given = (since: string) => sql`
  given as materialized (
    select w.id, w.system, w.entitlement, w.beneficiary, w.open, g.use_seen
    from waivers w join grants g on g.waiver = w.id where w.window_end > ${since}::timestamptz)`

function habitsOn(
  db: Kysely<Database>,
): Pick<DriftStore, 'repeated' | 'neverUsed' | 'lastUseOf' | 'unjudged' | 'judge'> {
  return {
    async repeated(since, from, waiversMax) {
      // Several accounts or workloads of one person do not make a habit of one person several smaller ones.
      const { rows } = await sql<HabitRow>`
        with ${given(since)},
          by_beneficiary as (
            select beneficiary as holder, system, entitlement, count(*) as count,
              (array_agg(id order by id desc))[1:${waiversMax}::int] as waivers
            from given group by 1, 2, 3 having count(*) >= ${from}),
          by_person as (
            select p.person as holder, g.system, g.entitlement, count(*) as count,
              (array_agg(g.id order by g.id desc))[1:${waiversMax}::int] as waivers
            from given g join waiver_persons p on p.waiver = g.id
            group by 1, 2, 3 having count(*) >= ${from} and count(distinct g.beneficiary) > 1)
        select distinct on (holder, system, entitlement) * from (table by_beneficiary union all table by_person) x
        order by holder, system, entitlement, count desc`.execute(db)
      return rows.map(habitOf)
    },
    async neverUsed(since, waiversMax) {
      const { rows } = await sql<HabitRow>`
        with ${given(since)}
        select beneficiary as holder, system, entitlement, count(*) filter (where use_seen = 'unused') as count,
          (array_agg(id order by id desc) filter (where use_seen = 'unused'))[1:${waiversMax}::int] as waivers
        from given group by 1, 2, 3
        having bool_and(use_seen is not distinct from 'unused' or open) and bool_or(use_seen = 'unused')`.execute(db)
      return rows.map(habitOf)
    },
    async lastUseOf(beneficiary) {
      const { rows } = await sql<{ at: string | null }>`
        select ${instantText(sql`greatest(max(g.used_at), max(e.at))`)} as at
        from waivers w left join grants g on g.waiver = w.id left join events e on e.stream = w.id and e.type = 'AccessUsed'
        where w.beneficiary = ${beneficiary}`.execute(db)
      return rows[0]?.at ?? undefined
    },
    async unjudged(limit) {
      const { rows } = await sql<EndedGrant>`
        select g.id as grant, g.system, (w.state ->> 'usesCount')::int as "usesCount", g.used_at is not null as used, g.use_asked as asked
        from grants g join waivers w on w.id = g.waiver
        where g.use_seen is null and g.next_at is null and not w.open order by g.id limit ${limit}`.execute(db)
      return rows
    },
    async judge(grants) {
      if (grants.length === 0) return
      await sql`
        update grants set use_seen = said.use
        from unnest(${grants.map(({ grant }) => grant)}::text[], ${grants.map(({ use }) => use)}::text[]) as said (id, use)
        where grants.id = said.id`.execute(db)
    },
  }
}

interface HabitRow {
  holder: string
  system: string
  entitlement: string
  count: string
  waivers: readonly string[]
}

function habitOf({ count, ...row }: HabitRow): Habit {
  return { ...row, waiversCount: Number(count) }
}
