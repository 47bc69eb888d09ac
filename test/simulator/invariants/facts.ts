/** What the invariants are judged on: the world, what this step wrote, and the rows as they stand now. */
import type pg from 'pg'
import type { DirectoryFacts } from '../../../src/core/directory.ts'
import type { WantedGrant } from '../../../src/core/plan.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { unpack } from '../../../src/store/revisions.ts'
import type { Happening } from '../record.ts'
import type { World } from '../world.ts'

export interface Rows {
  readonly waivers: ReadonlyMap<string, WaiverRow>
  readonly grants: ReadonlyMap<string, GrantRow>
  readonly feed: { readonly count: number; readonly last: string }
}

interface WaiverRow {
  readonly id: string
  readonly version: number
  readonly status: string
  readonly open: boolean
  readonly dueAt: Date | null
  readonly state: unknown
}

interface GrantRow {
  readonly id: string
  readonly waiver: string
  readonly wanted: WantedGrant
  readonly settled: boolean
  readonly nextAt: Date | null
}

export interface Facts {
  readonly world: World
  /** Events of this step. */
  readonly fresh: readonly Happening[]
  readonly versionsBefore: ReadonlyMap<string, number>
  readonly rows: Rows
  /** As it was when the step began, and during all of it. */
  readonly clock: 'steady' | 'went-backwards'
  readonly revisions: RevisionReader
}

export async function readRows(admin: pg.Client): Promise<Rows> {
  const { rows } = await admin.query<{
    waivers: WaiverRow[] | null
    grants: GrantRow[] | null
    count: number
    last: string
  }>(`
    select (select json_agg(json_build_object('id', id, 'version', version, 'status', status, 'open', open, 'dueAt', due_at, 'state', state)) from waivers) as waivers,
           (select json_agg(json_build_object('id', id, 'waiver', waiver, 'wanted', wanted, 'settled', settled, 'nextAt', next_at)) from grants) as grants,
           (select count(*)::int from feed) as count, (select coalesce(max(position), -1) from feed) as last`)
  const [row] = rows
  if (row === undefined) throw new Error('bug: no row')
  return {
    waivers: new Map((row.waivers ?? []).map((one) => [one.id, one])),
    grants: new Map((row.grants ?? []).map((one) => [one.id, one])),
    feed: row,
  }
}

/** Whether nothing may be given now, by the row that keeps the highest time and by the time itself. */
export async function readClock(admin: pg.Client): Promise<Facts['clock']> {
  const { rows } = await admin.query<{ frozen: boolean }>(
    `select frozen or at > clock() + interval '1 second' as frozen from heads where name = 'clock'`,
  )
  return rows[0]?.frozen === false ? 'steady' : 'went-backwards'
}

export interface RevisionReader {
  directory(digest: string): Promise<DirectoryFacts>
  policy(digest: string): Promise<Policy>
  circumstances(digest: string): Promise<{ freshness: Readonly<Record<string, string>>; history: never }>
}

/** Straight from the table; the store's own checks are not what is relied on here. */
export function revisionReader(admin: pg.Client): RevisionReader {
  const known = new Map<string, Promise<unknown>>()
  const load = async (digest: string): Promise<unknown> => {
    const { rows } = await admin.query<{ content: Buffer }>('select content from revisions where digest = $1', [digest])
    if (rows[0] === undefined) throw new Error(`no revision ${digest}`)
    return JSON.parse(unpack(rows[0].content))
  }
  const read = <Value>(digest: string): Promise<Value> => {
    const found = known.get(digest) ?? load(digest)
    known.set(digest, found)
    return found as Promise<Value>
  }
  return { directory: read, policy: read, circumstances: read }
}
