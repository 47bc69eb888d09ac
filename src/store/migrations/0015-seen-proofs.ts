/** Proofs of possession that were used (RFC 9449), so that each counts once for all processes together. */
import { type Kysely, sql } from 'kysely'

export const seenProofs = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table seen_proofs (
    key text primary key,
    until timestamptz not null
  )`,
  `create index seen_proofs_until on seen_proofs (until)`,
  `comment on table seen_proofs is 'Hashes of proofs that were used, for as long as one could still be young enough to be shown again.'`,
  `grant select, insert, delete on seen_proofs to countersign_app`,
]
