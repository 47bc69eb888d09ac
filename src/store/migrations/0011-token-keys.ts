/** Keys of tokens: every process signs with one of its own, which never leaves it, and publishes the other half here. */
import { type Kysely, sql } from 'kysely'

export const tokenKeys = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `drop table signing_keys`,
  `create table token_keys (
    kid text primary key,
    public_jwk json not null,
    until timestamptz not null
  )`,
  `comment on table token_keys is 'Public keys of the processes that sign tokens, for as long as something signed with them may be valid.'`,
  `create sequence grant_token_places`,
  `grant select, insert, delete on token_keys to countersign_app`,
  `grant usage on grant_token_places to countersign_app`,
]
