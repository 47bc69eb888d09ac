/**
 * What is counted over months: when each waiver was asked for, decided, started, ended and seen to be gone, and what was
 * refused for what. Beside the state, so that counting a hundred thousand of them opens none.
 */
import { type Kysely, sql } from 'kysely'

export const figures = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `alter table waivers
     add column asked_at timestamptz,
     add column outcome text,
     add column decided_at timestamptz,
     add column started_at timestamptz,
     add column ended_at timestamptz,
     add column removed_at timestamptz,
     add column removal_since timestamptz`,
  `comment on column waivers.outcome is 'What came of the request: countersigned, or why it ended before; null while it is open.'`,
  `comment on column waivers.removal_since is 'Since when access should be gone and was not seen to be; null when nothing is open.'`,
  `update waivers set
     asked_at = (state ->> 'requestedAt')::timestamptz,
     started_at = (state -> 'activation' ->> 'at')::timestamptz,
     ended_at = (state -> 'end' ->> 'at')::timestamptz,
     removed_at = case when state -> 'removal' ->> 'state' = 'verified' then (state -> 'removal' ->> 'at')::timestamptz end,
     removal_since = case when state -> 'removal' ->> 'state' = 'open' then (state -> 'removal' ->> 'since')::timestamptz end`,
  `update waivers w set outcome = 'countersigned', decided_at = first.at from (
     select id, min((record ->> 'at')::timestamptz) as at
     from waivers, json_array_elements(state -> 'records') record where record ->> 'act' = 'approval' group by id) first
   where first.id = w.id`,
  `update waivers set outcome = state -> 'end' ->> 'cause', decided_at = ended_at where outcome is null and ended_at is not null`,
  // Rows lie roughly in the order of time, so the smallest kind of index will do, and an act pays nothing for it.
  `create index waivers_times on waivers using brin (asked_at, decided_at, ended_at) with (pages_per_range = 16, autosummarize = on)`,
  `create index waivers_removals on waivers (removal_since, id) where removal_since is not null`,
  `create index decisions_at on decisions (at)`,

  `create table refusals (
    event text primary key references events (id),
    at timestamptz not null,
    command text not null,
    code text not null
  )`,
  `comment on table refusals is 'Attempts that were refused, and for what; who and why in full stand in the event.'`,
  `create index refusals_at on refusals (at, code)`,
  `insert into refusals (event, at, command, code)
   select e.id, e.at, b.body::json ->> 'command', b.body::json ->> 'code'
   from events e join event_bodies b on b.event = e.id
   where e.type = 'AttemptRefused' and b.body is not null
     and b.body::json ->> 'command' is not null and b.body::json ->> 'code' is not null`,
  `create trigger only_added before update or delete on refusals for each row execute function refuse_change()`,
  `create trigger never_emptied before truncate on refusals for each statement execute function refuse_change()`,
  `grant select, insert on refusals to countersign_app`,
]
