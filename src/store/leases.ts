/**
 * Budgets of use over several processes. The waiver's row is locked first and counted afterwards, in two statements: only
 * the second one sees what the one before us has taken.
 */
import { type Kysely, type Transaction as KyselyTransaction, sql } from 'kysely'
import type { LeaseAsked, LeaseGiven, LeasePart, UseLeases } from './contract.ts'
import { clock, type Database, instantText } from './database.ts'

type Tx = KyselyTransaction<Database>

interface Limits {
  uses_max: string | null
  bytes_max: string | null
  rate_max: string | null
  rate_per: string | null
  used: string
  used_bytes: string
}

const nothing: LeaseGiven = { uses: 0, bytes: 0, left: {}, spent: true }

export function leasesOn(db: Kysely<Database>): UseLeases {
  return {
    take: (asked) => db.transaction().execute((tx) => take(tx, asked)),
    async renew(process, waivers, seconds) {
      if (waivers.length === 0) return
      await sql`update use_leases set expires_at = ${inSeconds(seconds)} where process = ${process} and waiver = any(${[...waivers]})`.execute(
        db,
      )
    },
    async giveBack(parts) {
      if (parts.length === 0) return
      await sql`
        update use_leases set uses = greatest(0, use_leases.uses - back.uses), bytes = greatest(0, use_leases.bytes - back.bytes)
        from ${unnested(parts)} where use_leases.waiver = back.waiver and use_leases.process = back.process`.execute(db)
      await sql`delete from use_leases where uses = 0 and bytes = 0 and process = any(${parts.map(({ process }) => process)})`.execute(
        db,
      )
    },
    async expired(limit) {
      const { rows } = await sql<{ waiver: string }>`
        select distinct waiver from use_leases where expires_at <= steady_clock() order by waiver limit ${limit}`.execute(
        db,
      )
      return rows.map(({ waiver }) => waiver)
    },
    async forgetStretches() {
      await sql`delete from use_stretches where start < steady_clock() - interval '2 days'`.execute(db)
    },
  }
}

/** What the events of a batch account for is no longer held; a row that holds nothing goes. */
export function settledPart(parts: readonly LeasePart[] = []) {
  if (parts.length === 0) return []
  return [
    sql`settled_leases as (
      update use_leases set uses = greatest(0, use_leases.uses - back.uses), bytes = greatest(0, use_leases.bytes - back.bytes)
      from ${unnested(parts)} where use_leases.waiver = back.waiver and use_leases.process = back.process)`,
  ]
}

async function take(tx: Tx, asked: LeaseAsked): Promise<LeaseGiven> {
  const limits = await lockedLimits(tx, asked.waiver)
  if (limits === undefined) return nothing
  const held = await sql<{ uses: string; bytes: string }>`
    select coalesce(sum(uses), 0) as uses, coalesce(sum(bytes), 0) as bytes from use_leases where waiver = ${asked.waiver}`.execute(
    tx,
  )
  const usesLeft = leftOf(limits.uses_max, limits.used, held.rows[0]?.uses)
  const bytesLeft = leftOf(limits.bytes_max, limits.used_bytes, held.rows[0]?.bytes)
  const uses = Math.min(asked.uses, usesLeft)
  const bytes = Math.min(asked.bytes, bytesLeft)
  const stretch = await takeStretch(tx, asked, limits)
  if ((uses > 0 && usesLeft < Infinity) || (bytes > 0 && bytesLeft < Infinity)) {
    await sql`
      insert into use_leases (waiver, process, uses, bytes, expires_at)
      values (${asked.waiver}, ${asked.process}, ${usesLeft < Infinity ? uses : 0}, ${bytesLeft < Infinity ? bytes : 0}, ${inSeconds(asked.seconds)})
      on conflict (waiver, process) do update set uses = use_leases.uses + excluded.uses, bytes = use_leases.bytes + excluded.bytes,
        expires_at = excluded.expires_at`.execute(tx)
  }
  const left = {
    ...(usesLeft === Infinity ? {} : { uses: usesLeft - uses }),
    ...(bytesLeft === Infinity ? {} : { bytes: bytesLeft - bytes }),
  }
  const spent = isReached(limits.uses_max, limits.used) || isReached(limits.bytes_max, limits.used_bytes)
  return { uses, bytes, left, spent, ...(stretch === undefined ? {} : { stretch }) }
}

async function lockedLimits(tx: Tx, waiver: string): Promise<Limits | undefined> {
  const { rows } = await sql<Limits>`
    select state -> 'terms' -> 'conditions' ->> 'usesMax' as uses_max,
           state -> 'terms' -> 'conditions' ->> 'bytesMax' as bytes_max,
           state -> 'terms' -> 'conditions' -> 'rate' ->> 'usesMax' as rate_max,
           state -> 'terms' -> 'conditions' -> 'rate' ->> 'per' as rate_per,
           state ->> 'usesCount' as used, coalesce(state ->> 'bytesCount', '0') as used_bytes
    from waivers where id = ${waiver} and open for update`.execute(tx)
  return rows[0]
}

/** Stretches are counted from 1970; their length is an ISO 8601 duration, which PostgreSQL reads as it stands. */
async function takeStretch(
  tx: Tx,
  { waiver, stretchUses }: LeaseAsked,
  limits: Limits,
): Promise<LeaseGiven['stretch']> {
  const { rate_max, rate_per } = limits
  if (rate_max === null || rate_per === null) return undefined
  const { rows } = await sql<{ given: string | null; end: string }>`
    with per as (select extract(epoch from ${rate_per}::interval) as seconds, extract(epoch from ${clock}) as now),
         stretch as (select to_timestamp(floor(now / seconds) * seconds) as start, to_timestamp(floor(now / seconds) * seconds + seconds) as stop from per),
         before as (select coalesce((select taken from use_stretches u, stretch where u.waiver = ${waiver} and u.start = stretch.start), 0) as taken),
         given as (select least(${stretchUses}::bigint, greatest(0, ${rate_max}::bigint - taken)) as uses from before),
         kept as (
           insert into use_stretches (waiver, start, taken) select ${waiver}, stretch.start, given.uses from stretch, given
           on conflict (waiver, start) do update set taken = use_stretches.taken + excluded.taken)
    select given.uses as given, ${instantText(sql`stretch.stop`)} as end from stretch, given`.execute(tx)
  const [row] = rows
  return row === undefined ? undefined : { uses: Number(row.given ?? 0), end: row.end }
}

function leftOf(max: string | null, used: string, held: string | undefined): number {
  return max === null ? Infinity : Math.max(0, Number(max) - Number(used) - Number(held ?? 0))
}

function isReached(max: string | null, used: string): boolean {
  return max !== null && Number(used) >= Number(max)
}

export async function dropExpired(tx: Tx, waivers: readonly string[]): Promise<readonly LeasePart[]> {
  const { rows } = await sql<{ waiver: string; process: string; uses: string; bytes: string }>`
    delete from use_leases where waiver = any(${[...waivers]}) and expires_at <= steady_clock()
    returning waiver, process, uses, bytes`.execute(tx)
  return rows.map(({ uses, bytes, ...row }) => ({ ...row, uses: Number(uses), bytes: Number(bytes) }))
}

function unnested(parts: readonly LeasePart[]) {
  return sql`unnest(${parts.map((p) => p.waiver)}::text[], ${parts.map((p) => p.process)}::text[], ${parts.map((p) => p.uses)}::bigint[],
    ${parts.map((p) => p.bytes)}::bigint[]) as back (waiver, process, uses, bytes)`
}

/** By the clock that never goes back: a lease must not live again because a clock was set. */
function inSeconds(seconds: number) {
  return sql`steady_clock() + make_interval(secs => ${seconds})`
}
