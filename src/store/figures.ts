/** Counting over a period, in the database, on columns made for it: see `figures-contract.ts`. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Window } from '../core/time.ts'
import { type Database, instantText } from './database.ts'
import type { ApprovalPairs, FigureReads, Spread, StandingCounts, StretchFigures } from './figures-contract.ts'
import { stateOf } from './rows.ts'

/** Ends of the steps by which lengths of time are counted: a minute, five, fifteen, an hour, four, a day, three, a week. */
const stepSeconds = [60, 300, 900, 3_600, 14_400, 86_400, 259_200, 604_800]

export function figuresOn(db: Kysely<Database>): FigureReads {
  return {
    async overTime(edges) {
      const [start, end] = [edges[0] ?? '', edges.at(-1) ?? '']
      const period = { start, end }
      const place = (column: RawBuilder<unknown>) => sql`width_bucket(${column}, ${[...edges]}::timestamptz[])`
      const [asked, decided, refused, opened] = await Promise.all([
        sql<Counted>`select ${place(sql`asked_at`)} as place, count(*)::int as count
          from waivers where ${during(sql`asked_at`, period)} group by 1`.execute(db),
        sql<Counted & { countersigned: number; denied: number; median: number | null }>`
          select ${place(sql`decided_at`)} as place, count(*)::int as count,
                 count(*) filter (where outcome = 'countersigned')::int as countersigned,
                 count(*) filter (where outcome = 'denied')::int as denied,
                 percentile_disc(0.5) within group (order by extract(epoch from decided_at - asked_at)::float8)
                   filter (where outcome in ('countersigned', 'denied')) as median
          from waivers where ${during(sql`decided_at`, period)} group by 1`.execute(db),
        sql<Counted>`select ${place(sql`at`)} as place, count(*)::int as count
          from refusals where ${during(sql`at`, period)} group by 1`.execute(db),
        sql<Counted>`select ${place(sql`started_at`)} as place, count(*)::int as count
          from waivers where kind = 'break-glass' and ${during(sql`started_at`, period)} group by 1`.execute(db),
      ])
      return edges.slice(1).map((_, index): StretchFigures => {
        const at = <Row extends Counted>({ rows }: { readonly rows: readonly Row[] }) =>
          rows.find((row) => row.place === index + 1)
        const { count = 0, countersigned = 0, denied = 0, median = null } = at(decided) ?? {}
        return {
          asked: at(asked)?.count ?? 0,
          countersigned,
          denied,
          undecided: count - countersigned - denied,
          refusedAttempts: at(refused)?.count ?? 0,
          envelopesOpened: at(opened)?.count ?? 0,
          ...(median === null ? {} : { decidedMedianSeconds: median }),
        }
      })
    },
    async spans(period) {
      const [decided, open, removed] = await Promise.all([
        spread(
          db,
          sql`asked_at`,
          sql`decided_at`,
          sql`${during(sql`decided_at`, period)} and outcome in ('countersigned', 'denied')`,
        ),
        spread(db, sql`started_at`, sql`ended_at`, sql`${during(sql`ended_at`, period)} and started_at is not null`),
        spread(db, sql`ended_at`, sql`removed_at`, sql`${during(sql`ended_at`, period)} and removed_at is not null`),
      ])
      return { decided, open, removed }
    },
    async refusals(period) {
      const { rows } = await sql<{ code: string; count: number }>`
        select code, count(*)::int as count from refusals where ${during(sql`at`, period)}
        group by code order by 2 desc, code limit 100`.execute(db)
      return rows
    },
    async standing(now) {
      const { rows } = await sql<StandingCounts>`
        select (select count(*)::int from waivers where open) as open,
               (select count(*)::int from waivers where open and started_at is not null) as live,
               (select count(*)::int from waivers where review_due_at is not null) as "reviewsOpen",
               (select count(*)::int from waivers where review_due_at < ${now}::timestamptz) as "reviewsOverdue",
               (select count(*)::int from waivers where removal_since is not null) as "removalsOpen"`.execute(db)
      return rows[0] as StandingCounts
    },
    approvals: (period, limit) => approvals(db, period, limit),
    async openRemovals({ after, limit }) {
      const { rows } = await sql<{ state: unknown }>`
        select state from waivers
        where removal_since is not null
          and (removal_since, id) > (${after?.since ?? '-infinity'}::timestamptz, ${after?.id ?? ''}::text)
        order by removal_since, id limit ${limit}`.execute(db)
      return rows.map(({ state }) => stateOf(state))
    },
  }
}

interface Counted {
  readonly place: number
  readonly count: number
}

function during(column: RawBuilder<unknown>, { start, end }: Window): RawBuilder<boolean> {
  return sql<boolean>`${column} >= ${start}::timestamptz and ${column} < ${end}::timestamptz`
}

async function spread(
  db: Kysely<Database>,
  from: RawBuilder<unknown>,
  to: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
): Promise<Spread> {
  const { rows } = await sql<{ count: number; at: number[] | null; steps: number[] }>`
    with lengths as (
      -- A target that was seen to be clean before the end is clean at once.
      select greatest(0, extract(epoch from ${to} - ${from})::float8) as seconds from waivers where ${where}),
    counted as (
      -- Up to and including: what took a minute took no longer than a minute.
      select 9 - width_bucket(-seconds, ${stepSeconds.map((seconds) => -seconds).reverse()}::float8[]) as step,
             count(*)::int as count from lengths group by 1)
    select (select count(*)::int from lengths) as count,
           (select percentile_disc(array[0.5, 0.9, 1]) within group (order by seconds) from lengths) as at,
           (select array_agg(coalesce(c.count, 0) order by s.step)
            from generate_series(1, ${stepSeconds.length + 1}) as s (step) left join counted c on c.step = s.step) as steps`.execute(
    db,
  )
  const { count = 0, at = null, steps = [] } = rows[0] ?? {}
  const [median, slowestTenth, longest] = at ?? []
  return {
    count,
    ...(median === undefined || slowestTenth === undefined || longest === undefined || count === 0
      ? {}
      : { median, slowestTenth, longest }),
    steps: steps.map((many, index) => {
      const secondsMax = stepSeconds[index]
      return { count: many, ...(secondsMax === undefined ? {} : { secondsMax }) }
    }),
  }
}

interface PairRow {
  readonly countersigner: string
  readonly person: string
  readonly count: number
  readonly back: number
  readonly last: string
  readonly pairs: number
  readonly mutual: number
}

async function approvals(db: Kysely<Database>, period: Window, limit: number): Promise<ApprovalPairs> {
  const { rows } = await sql<PairRow>`
    with gave as (
      select d.countersigner, p.person, count(distinct d.waiver)::int as count, max(d.at) as last
      from decisions d join waiver_persons p on p.waiver = d.waiver
      where ${during(sql`d.at`, period)} and p.person <> d.countersigner
      group by 1, 2),
    both_ways as (
      select g.*, coalesce(b.count, 0) as back
      from gave g left join gave b on b.countersigner = g.person and b.person = g.countersigner)
    select countersigner, person, count, back, ${instantText(sql`last`)} as last, (count(*) over ())::int as pairs,
           (count(*) filter (where back > 0 and countersigner < person) over ())::int as mutual
    from both_ways order by least(count, back) desc, count desc, countersigner, person limit ${limit}`.execute(db)
  return {
    pairs: rows.map(({ countersigner, person, count, back, last }) => ({
      countersigner,
      person,
      count,
      back,
      lastAt: last,
    })),
    pairsCount: rows[0]?.pairs ?? 0,
    mutualCount: rows[0]?.mutual ?? 0,
  }
}
