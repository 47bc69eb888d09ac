/**
 * When each target was last looked at as a whole, and what is found by looking back: which waivers ended lately, which
 * access was ever used, which findings are open. Each question has its index.
 */
import { type Kysely, sql } from 'kysely'

export const drift = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table readings (
    subject text primary key,
    next_at timestamptz not null,
    claimed_until timestamptz,
    attempts integer not null default 0,
    tried_at timestamptz,
    read_at timestamptz,
    failure text,
    content json
  )`,
  `comment on table readings is 'One row a target that is looked at for drift, and one for habits. The row is the schedule; what was found is in records.'`,
  `comment on column readings.read_at is 'When the last good reading began; a failed one leaves it as it is.'`,
  `create index readings_due on readings (next_at)`,
  `grant select, insert, update, delete on readings to countersign_app`,

  `create index records_kind on records (kind, id)`,
  // Everything that drifts is one kind of record; looked at newest first, mostly the open ones.
  `create index records_drift on records ((state ->> 'since'), id) where kind = 'drift'`,
  `create index records_drift_open on records ((state ->> 'since'), id) where kind = 'drift' and status = 'open'`,

  `create index waivers_window_end on waivers (window_end)`,

  `alter table grants add column used_at timestamptz, add column use_asked boolean not null default false, add column use_seen text
     check (use_seen in ('used', 'unused', 'unknown'))`,
  `comment on column grants.used_at is 'When the target first showed a use of the access.'`,
  `comment on column grants.use_asked is 'The target was asked for uses and answered.'`,
  `comment on column grants.use_seen is 'Said once the access is over; null before.'`,
  `create index grants_unjudged on grants (id) where use_seen is null and next_at is null`,
]
