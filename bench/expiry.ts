/**
 * A hundred thousand grants whose windows end in the same second: how long until every one has its expiry on the record
 * and its removal due, and how long does bare SQL take to write the same rows? No target is touched by either.
 */
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { handle } from '../src/engine/handle.ts'
import { reconcile } from '../src/engine/reconcile.ts'
import { sweepAll } from '../src/engine/sweep.ts'
import { termsFor } from '../test/support/life.ts'
import { foundInstallation } from './installation.ts'

export interface ExpiryBench {
  /** Seconds. */
  readonly ours: number
  readonly floor: number
  readonly ratio: number
  readonly exactlyOnce: boolean
}

const batch = 1_000

export async function benchExpiry(url: string, count: number): Promise<ExpiryBench> {
  const installation = await foundInstallation(url, 1)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set search_path = countersign, public')
  try {
    const template = await activeWaiver(installation)
    await client.query('update grants set next_at = null')
    await copies(client, template, count, 'ours')
    const began = performance.now()
    await sweepAll(installation.app.machinery, batch)
    const ours = (performance.now() - began) / 1000
    const exactlyOnce = await eachExpiredOnce(client, count)
    await copies(client, template, count, 'flor')
    const started = performance.now()
    await bareSql(client)
    const floor = (performance.now() - started) / 1000
    return { ours, floor, ratio: ours / floor, exactlyOnce }
  } finally {
    await client.end()
    await installation.close()
  }
}

async function activeWaiver({ app, person }: Awaited<ReturnType<typeof foundInstallation>>): Promise<string> {
  const now = Date.now()
  const terms = termsFor({
    beneficiary: 'per_a0',
    window: { start: new Date(now).toISOString(), end: new Date(now + 3_600_000).toISOString() },
    access: { ...termsFor().access, account: 'a0_db' },
  })
  const asked = await handle(app.machinery, { actor: person('per_a0'), command: { type: 'request', terms } })
  if (asked.outcome === 'refused') throw new Error(asked.refusal.message)
  const { id, digest } = asked.waiver
  await handle(app.machinery, {
    waiver: id,
    actor: person('per_sam'),
    command: { type: 'countersign', digest, acknowledges: [] },
  })
  await handle(app.machinery, { waiver: id, actor: person('per_a0'), command: { type: 'activate' } })
  await reconcile(app.machinery)
  const waiver = await app.machinery.store.waivers.find(id)
  if (waiver?.status !== 'active') throw new Error('the template did not become active')
  return id
}

/** Live waivers like the template, each with its grant, all due a second ago. */
async function copies(client: pg.Client, template: string, count: number, tag: string): Promise<void> {
  await client.query(
    `insert into waivers (id, version, status, kind, open, requester, beneficiary, system, entitlement, account, window_start, window_end, due_at, people, state)
     select 'wvr_${tag}' || n, version, status, kind, open, requester, beneficiary, system, entitlement, 'a' || n,
            window_start, window_end, clock(), people,
            replace(replace(state::text, $1, 'wvr_${tag}' || n), state #>> '{activation,end}', to_char(clock() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::json
     from waivers, generate_series(1, $2::int) n where id = $1`,
    [template, count],
  )
  await client.query(
    `insert into grants (id, waiver, generation, system, wanted, settled, next_at, attempts)
     select 'grt_${tag}' || n, 'wvr_${tag}' || n, generation, system, wanted, true, null, 0
     from grants, generate_series(1, $2::int) n where waiver = $1`,
    [template, count],
  )
  await client.query('analyze waivers')
}

async function eachExpiredOnce(client: pg.Client, count: number): Promise<boolean> {
  const { rows } = await client.query<{ expired: string; waivers: string; due: string }>(
    `select count(*) as expired, count(distinct stream) as waivers,
            (select count(*) from grants where waiver like 'wvr_ours%' and next_at is not null and (wanted ->> 'present') = 'false') as due
     from events where stream like 'wvr_ours%' and type = 'AccessExpired'`,
  )
  const [row] = rows
  return row?.expired === String(count) && row.waivers === String(count) && row.due === String(count)
}

/** The same rows written by the server itself, in the same batches and commits, with nothing to decide. */
async function bareSql(client: pg.Client): Promise<void> {
  for (let moved = 1; moved > 0; ) {
    const { rows } = await client.query<{ moved: string }>(
      `with due as materialized (
         select id, version, state from waivers where due_at <= clock() order by due_at limit ${batch} for update skip locked),
       e as (
         insert into events (id, stream, version, type, at, actor, body_hash)
         select 'evt_' || substr(id, 5) || '.' || (version + k), id, version + k,
                case k when 1 then 'AccessExpired' else 'ReviewOpened' end, clock(), 'sys_countersign',
                'sha256:' || encode(sha256((id || k)::bytea), 'hex')
         from due, generate_series(1, 2) k returning seq, id),
       q as (insert into unsequenced (seq) select seq from e),
       b as (insert into event_bodies (event, salt, body)
             select id, decode(md5(id), 'hex'), '{"at":"2026-11-22T12:00:00.000Z","by":"sys_countersign","type":"AccessExpired"}' from e),
       w as (update waivers set version = waivers.version + 2, status = 'ended', open = false, due_at = clock() + interval '3 days', review_due_at = clock() + interval '3 days',
               state = replace(due.state::text, '"status":"active"', '"status":"ended"')::json
             from due where waivers.id = due.id returning waivers.id),
       g as (update grants set generation = generation + 1, settled = false, next_at = clock(), attempts = 0,
               wanted = replace(wanted::text, '"present":true', '"present":false')::json
             from due where grants.waiver = due.id)
       select count(*) as moved from w`,
    )
    moved = Number(rows[0]?.moved ?? 0)
  }
}
