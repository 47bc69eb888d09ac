/**
 * What decisions weigh: who approved for whom before, and what else the same people have or had. One statement answers
 * for as many decisions as are under way together; each gets what it would have got alone.
 */
import { type Transaction as KyselyTransaction, type RawBuilder, sql } from 'kysely'
import type { IndependenceHistory } from '../core/independence.ts'
import type { Waiver } from '../core/waiver.ts'
import { type Database, instantText } from './database.ts'
import { stateOf } from './rows.ts'

type Tx = KyselyTransaction<Database>

export interface DecisionsAsk {
  readonly askedBy: readonly string[]
  readonly since: string
  readonly ringMax: number
}

export interface EarlierAsk {
  readonly persons: readonly string[]
  readonly except: string
  readonly since: string
  readonly rota: string | undefined
}

/** From each asking side along "countersigned for", at most `ringMax - 1` steps: enough to see every ring close. */
export async function decisionsFor(
  tx: Tx,
  asks: readonly DecisionsAsk[],
): Promise<readonly IndependenceHistory['decisions'][]> {
  const { rows } = await sql<{ n: number; countersigner: string; asked_by: string[]; at: string; event: string }>`
    with recursive ask (n, since, ring_max) as (
      select * from unnest(${numbers(asks)}::int[], ${asks.map(({ since }) => since)}::timestamptz[],
                           ${asks.map(({ ringMax }) => ringMax)}::int[])),
    reached (n, event, countersigner, waiver, at, depth) as (
      select ask.n, d.event, d.countersigner, d.waiver, d.at, 1
      from ${sides(asks.map(({ askedBy }) => askedBy))} join ask on ask.n = side.n
           cross join lateral (${countersignedBy(sql`side.person`)} and at > ask.since offset 0) d
      union
      select r.n, d.event, d.countersigner, d.waiver, d.at, r.depth + 1
      from reached r join ask on ask.n = r.n and r.depth < ask.ring_max - 1
           cross join lateral (${askedFor(sql`r.waiver`)}) p
           cross join lateral (${countersignedBy(sql`p.person`)} and at > ask.since offset 0) d
    )
    select r.n, r.countersigner, ${instantText(sql`min(r.at)`)} as at, r.event,
           array_agg(distinct p.person order by p.person) as asked_by
    from reached r cross join lateral (${askedFor(sql`r.waiver`)}) p
    group by r.n, r.event, r.countersigner order by r.n, r.event`.execute(tx)
  return eachOf(asks, rows, ({ countersigner, asked_by, at, event }) => ({
    countersigner,
    askedBy: asked_by,
    at,
    event,
  }))
}

// One by one: whatever the planner thinks of all there are, these are few. Hence the offset.
const countersignedBy = (person: RawBuilder<unknown>) =>
  sql`select event, countersigner, waiver, at from decisions where countersigner = ${person}`
const askedFor = (waiver: RawBuilder<unknown>) =>
  sql`select person from waiver_persons where waiver = ${waiver} offset 0`

export async function earlierFor(tx: Tx, asks: readonly EarlierAsk[]): Promise<readonly (readonly Waiver[])[]> {
  const { rows } = await sql<{ n: number; state: unknown }>`
    with side (n, person) as (select * from ${sides(asks.map(({ persons }) => persons))})
    select ask.n, w.state
    from unnest(${numbers(asks)}::int[], ${asks.map(({ except }) => except)}::text[],
                ${asks.map(({ since }) => since)}::timestamptz[], ${asks.map(({ rota }) => rota ?? null)}::text[])
           as ask (n, own, since, rota)
         cross join lateral (
           select p.waiver as id from side join waiver_persons p on p.person = side.person where side.n = ask.n
           union select id from waivers where kind = 'break-glass' and beneficiary = ask.rota) found
         cross join lateral (
           select id, state from waivers
           where id = found.id and id <> ask.own and (open or window_end > ask.since) offset 0) w
    order by ask.n, w.id desc`.execute(tx)
  return eachOf(asks, rows, ({ state }) => stateOf(state))
}

const numbers = (asks: readonly unknown[]) => asks.map((_, n) => n)

/** Everybody on each side, with the number of who asks. */
function sides(persons: readonly (readonly string[])[]) {
  const pairs = persons.flatMap((side, n) => side.map((person) => ({ n, person })))
  return sql`unnest(${pairs.map(({ n }) => n)}::int[], ${pairs.map(({ person }) => person)}::text[]) as side (n, person)`
}

function eachOf<Row extends { readonly n: number }, Value>(
  asks: readonly unknown[],
  rows: readonly Row[],
  shaped: (row: Row) => Value,
): readonly (readonly Value[])[] {
  const found = Map.groupBy(rows, ({ n }) => n)
  return asks.map((_, n) => (found.get(n) ?? []).map(shaped))
}
