/**
 * Sessions of browsers. What the browser holds is not here, only its hash; whoever reads this table can be nobody by it.
 * A session is working state and no record: it is removed when it is over.
 */
import { type Kysely, sql } from 'kysely'

export const sessions = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table sessions (
    key bytea primary key check (octet_length(key) = 32),
    account_on text not null,
    account_login text not null,
    person text not null,
    signed_in_at timestamptz,
    began_at timestamptz not null,
    used_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > began_at)
  )`,
  `comment on table sessions is 'Who is signed in with which browser. key: SHA-256 of the secret in the cookie.'`,
  'create index sessions_person on sessions (person)',
  'create index sessions_ends_at on sessions (ends_at)',
  'grant select, insert, delete, update (used_at) on sessions to countersign_app',
]
