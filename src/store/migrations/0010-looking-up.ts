/**
 * Two questions that were answered by going through everything: which envelopes does this rota have, and which reviews
 * are open, the most urgent first.
 */
import { type Kysely, sql } from 'kysely'

export const lookingUp = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create index waivers_envelopes on waivers (beneficiary) where kind = 'break-glass'`,

  `alter table waivers add column review_due_at timestamptz`,
  `comment on column waivers.review_due_at is 'When the open review is due; null when none is open.'`,
  `update waivers set review_due_at = (state -> 'review' ->> 'dueAt')::timestamptz
   where status = 'ended' and state -> 'review' is not null`,
  `create index waivers_reviews on waivers (review_due_at, id) where review_due_at is not null`,

  // Whoever opened an envelope before openers were kept has had its time all the same.
  `insert into waiver_persons (person, waiver)
   select state -> 'activation' ->> 'by', id from waivers
   where kind = 'break-glass' and state -> 'activation' ->> 'by' is not null
   on conflict do nothing`,
]
