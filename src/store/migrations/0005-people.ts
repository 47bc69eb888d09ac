/**
 * Who would take an open waiver with them by leaving: kept beside its state, so that the few waivers a departure touches
 * are found without reading all of them.
 */
import { type Kysely, sql } from 'kysely'

export const people = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `alter table waivers add column if not exists people text[] not null default '{}'`,
  `comment on column waivers.people is 'Everybody whose leaving may change something about it, as \`peopleOf\` says.'`,
  // The same as \`peopleOf\`, once, for what was there before this column was.
  `update waivers set people = array(
    select distinct person from (
      values (state ->> 'requester'), (state -> 'terms' ->> 'beneficiary'), (state -> 'activation' ->> 'by'),
             (state -> 'proposal' ->> 'askedBy'), (state -> 'proposal' -> 'endorsement' ->> 'by')
      union all select json_array_elements_text(state -> 'chain')
      union all select json_array_elements_text(state -> 'endorsers')
      union all select json_array_elements_text(state -> 'proposal' -> 'chain')
      union all select json_array_elements(state -> 'approvals') ->> 'by'
      union all select json_array_elements(state -> 'proposal' -> 'countersignatures') ->> 'by'
    ) found (person) where person is not null order by person)
   where open`,
]
