/** One look at everything in the database that a check needs: one statement, so that what it sees belongs together. */
import type pg from 'pg'
import type { WantedGrant } from '../../src/core/plan.ts'

export interface Snapshot {
  /** Events after the one asked for, in the order of writing. */
  readonly events: readonly EventRow[]
  readonly waivers: ReadonlyMap<string, WaiverRow>
  readonly grants: ReadonlyMap<string, GrantRow>
  readonly feed: { readonly count: number; readonly last: number }
  /** Whether nothing may be given now: by the row that keeps the highest time, and by the time itself. */
  readonly clock: 'steady' | 'went-backwards'
}

export interface EventRow {
  readonly seq: number
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly body: string
}

interface WaiverRow {
  readonly id: string
  readonly version: number
  readonly status: string
  readonly open: boolean
  readonly due_at: string | null
  readonly state: unknown
}

interface GrantRow {
  readonly id: string
  readonly waiver: string
  readonly wanted: WantedGrant
  readonly settled: boolean
  readonly next_at: string | null
}

interface Row {
  readonly events: EventRow[]
  readonly waivers: WaiverRow[]
  readonly grants: GrantRow[]
  readonly count: number
  readonly last: number
  readonly frozen: boolean
}

const text = `
  select
    (select coalesce(json_agg(e order by seq), '[]') from (
       select seq, id, stream, version, type, body from events join event_bodies on event = id where seq > $1) e) as events,
    (select coalesce(json_agg(w), '[]') from (select id, version, status, open, due_at, state from waivers) w) as waivers,
    (select coalesce(json_agg(g), '[]') from (select id, waiver, wanted, settled, next_at from grants) g) as grants,
    (select count(*)::int from feed) as count,
    (select coalesce(max(position), -1)::int from feed) as last,
    (select frozen or at > clock() + interval '1 second' from heads where name = 'clock') as frozen`

export async function readSnapshot(admin: pg.Client, after: number): Promise<Snapshot> {
  const { rows } = await admin.query<Row>({ name: 'snapshot', text, values: [after] })
  const [row] = rows
  if (row === undefined) throw new Error('bug: no row')
  return {
    events: row.events,
    waivers: new Map(row.waivers.map((one) => [one.id, one])),
    grants: new Map(row.grants.map((one) => [one.id, one])),
    feed: row,
    clock: row.frozen ? 'went-backwards' : 'steady',
  }
}
