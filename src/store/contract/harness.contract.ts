/**
 * What the store's contract suite stands on: a database of its own on the server of one major version, two stores on it as
 * if they were two processes, the clock in the test's hand, and waivers that have come as far as a test needs.
 */
import pg from 'pg'
import { lifeAt, noon, type Stage } from '../../../test/support/life.ts'
import { type MajorVersion, postgresFor } from '../../../test/support/postgres.ts'
import { dueAt } from '../../core/due.ts'
import { evolve, evolveAll } from '../../core/evolve.ts'
import { wantedGrant } from '../../core/plan.ts'
import type { Terms } from '../../core/terms.ts'
import type { Waiver, WaiverEvent, WaiverId } from '../../core/waiver.ts'
import type { Store, WaiverWrite } from '../contract.ts'
import { openStore } from '../store.ts'

export { noon }

export interface Harness {
  readonly majorVersion: MajorVersion
  readonly url: string
  readonly store: Store
  /** Another process on the same database. */
  readonly other: Store
  /** As a superuser, in the schema of the store. */
  readonly admin: pg.Client
  at(instant: string): Promise<void>
  /** An id that was never used before, later than all others. */
  freshId(): WaiverId
  write(...writes: readonly WaiverWrite[]): Promise<void>
  /** A waiver at a stage, written; `parts` go into its terms. */
  put(stage: Stage, parts?: Partial<Terms>, askedBy?: readonly string[]): Promise<Waiver>
  close(): Promise<void>
}

export async function openHarness(majorVersion: MajorVersion): Promise<Harness> {
  const postgres = await postgresFor(majorVersion)
  const { url } = await postgres.createDatabase()
  const store = await openStore({ url, poolMax: 6 })
  const other = await openStore({ url, poolMax: 6 })
  const admin = await connectAsAdmin(url)
  let count = 0
  const harness: Harness = {
    majorVersion,
    url,
    store,
    other,
    admin,
    async at(instant) {
      await admin.query(
        `create or replace function clock() returns timestamptz language sql volatile as $$ select '${instant}'::timestamptz $$`,
      )
    },
    freshId: () => `wvr_${String(++count).padStart(6, '0')}`,
    write: (...writes) => store.transact((tx) => tx.write({ waivers: writes, revisions: [] })),
    async put(stage, parts = {}, askedBy) {
      const write = writeOf(harness.freshId(), eventsOf(stage, parts), askedBy)
      await harness.write(write)
      return write.after as Waiver
    },
    async close() {
      await Promise.all([store.close(), other.close(), admin.end()])
    },
  }
  await harness.at(noon)
  return harness
}

export async function connectAsAdmin(url: string): Promise<pg.Client> {
  const admin = new pg.Client({ connectionString: url, options: '-c search_path=countersign,public' })
  admin.on('error', () => {})
  await admin.connect()
  return admin
}

/** The life as if these other terms had been asked for; whether they could have been is nothing the store asks. */
export function eventsOf(stage: Stage, parts: Partial<Terms> = {}): readonly WaiverEvent[] {
  return lifeAt(stage).events.map((event) =>
    event.type === 'WaiverRequested' ? { ...event, terms: { ...event.terms, ...parts } } : event,
  )
}

/** All events of a life at once, as if one batch had brought them. */
export function writeOf(
  id: WaiverId,
  events: readonly WaiverEvent[],
  askedBy: readonly string[] = ['per_asker'],
): WaiverWrite {
  const after = evolveAll(id, events)
  return {
    id,
    before: undefined,
    after,
    events,
    dueAt: after && dueAt(after),
    grant: after && wantedGrant(after),
    askedBy,
  }
}

/** The same waiver and what happened next. */
export function next(before: Waiver, ...events: readonly WaiverEvent[]): WaiverWrite {
  const after = events.reduce<Waiver | undefined>((waiver, event) => evolve(waiver, event, before.id), before)
  return {
    id: before.id,
    before,
    after,
    events,
    dueAt: after && dueAt(after),
    grant: after && wantedGrant(after),
    askedBy: [],
  }
}

/** Grants that are due, without the waivers' lives behind them: ten thousand in one statement. */
export async function putGrants({ admin }: Harness, system: string, count: number, nextAt: string): Promise<void> {
  await admin.query(
    `with made as (
       insert into waivers (id, version, status, kind, open, requester, beneficiary, system, entitlement, window_start, window_end, state)
       select format('wvr_%s_%s', $1::text, n), 1, 'active', 'access-override', true, 'per_asker', 'per_asker', $1, 'write', now(), now() + interval '1 hour', '{}'
       from generate_series(1, $2::int) n returning id)
     insert into grants (id, waiver, generation, system, wanted, settled, next_at, attempts)
     select replace(id, 'wvr_', 'grt_'), id, 1, $1, json_build_object('grant', replace(id, 'wvr_', 'grt_'), 'system', $1, 'generation', 1), false, $3, 0
     from made`,
    [system, count, nextAt],
  )
}
