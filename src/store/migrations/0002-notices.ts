/**
 * Where readers of the feed have got to, and a schema for the job queue. A reader moves its place and adds its jobs in
 * one commit; that is why both are here, and why both belong to the application's role.
 */
import { type Kysely, sql } from 'kysely'

export const notices = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table feed_readers (
    name text primary key,
    position bigint not null check (position >= -1)
  )`,
  `comment on table feed_readers is 'Position of the last event that a reader of the feed has dealt with; -1: none yet.'`,
  // An installation that is older than its notices has told nobody so far: it begins with today, not with its history.
  `insert into feed_readers (name, position) select 'notices', coalesce(max(position), -1) from feed`,
  `grant select, update on feed_readers to countersign_app`,

  // The queue makes and changes its own tables here, and owns nothing else.
  `create schema if not exists countersign_jobs authorization countersign_app`,
]
