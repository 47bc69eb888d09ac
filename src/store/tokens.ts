/** Tokens that were given, their places on the status lists, and the public keys they are verified with. */
import { type Kysely, sql } from 'kysely'
import type { GivenToken, Tokens } from './contract.ts'
import type { Database } from './database.ts'

/** Tokens on one status list. */
export const placesPerList = 65_536

export function tokensOn(db: Kysely<Database>): Tokens {
  return {
    async publish(kid, key, seconds) {
      await sql`delete from token_keys where until < clock()`.execute(db)
      await sql`
        insert into token_keys (kid, public_jwk, until)
        values (${kid}, ${JSON.stringify(key)}::json, clock() + make_interval(secs => ${seconds}))`.execute(db)
    },
    async keys() {
      const { rows } = await sql<{ public_jwk: Record<string, unknown> }>`
        select public_jwk from token_keys where until > clock() order by until desc`.execute(db)
      return rows.map(({ public_jwk: key }) => key)
    },
    async place() {
      const { rows } = await sql<{ place: string }>`select nextval('grant_token_places') as place`.execute(db)
      const place = Number(rows[0]?.place)
      return { list: Math.floor(place / placesPerList), place: place % placesPerList }
    },
    async add({ id, waiver, subject, list, place, expiresAt }) {
      await sql`
        insert into grant_tokens (id, waiver, subject, list, place, expires_at)
        values (${id}, ${waiver}, ${subject}, ${list}, ${place}, ${expiresAt}::timestamptz)`.execute(db)
    },
    async revoke(id) {
      await sql`update grant_tokens set revoked_at = clock() where id = ${id} and revoked_at is null`.execute(db)
    },
    async find(id) {
      const { rows } = await sql<Row>`
        select id, waiver, subject, list, place, expires_at, revoked_at is not null as revoked
        from grant_tokens where id = ${id}`.execute(db)
      return rows.map(given)[0]
    },
    async listed(list) {
      const { rows } = await sql<Row>`
        select id, waiver, subject, list, place, expires_at, revoked_at is not null as revoked
        from grant_tokens where list = ${list} and expires_at > clock() - interval '1 minute'`.execute(db)
      return rows.map(given)
    },
    async forget() {
      await sql`delete from grant_tokens where expires_at < clock() - interval '1 hour'`.execute(db)
    },
  }
}

interface Row {
  id: string
  waiver: string
  subject: string
  list: number
  place: number
  expires_at: Date
  revoked: boolean
}

function given({ id, waiver, subject, list, place, expires_at: at, revoked }: Row): GivenToken {
  return { id, waiver, subject, list, place, expiresAt: at.toISOString(), revoked }
}
