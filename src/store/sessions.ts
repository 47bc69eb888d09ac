/**
 * Sessions of browsers, by the hash of what the browser holds. Whether one is still good is judged here, by the clock
 * that never goes back, so that every process gives the same answer and a corrected clock revives nothing.
 */
import { type Kysely, sql } from 'kysely'
import type { Session, Sessions } from './contract.ts'
import { type Database, instantText } from './database.ts'

/** Using a session is written down at most this often. */
const usedEverySeconds = 30

interface Row {
  readonly on: string
  readonly login: string
  readonly person: string
  readonly signed_in_at: string | null
  readonly used_at: string
  readonly ends_at: string
  readonly written_long_ago: boolean
}

export function sessionsOn(db: Kysely<Database>): Sessions {
  return {
    async begin(key, { account, person, signedInAt, lastsSeconds }, replaced) {
      if (replaced !== undefined) await sql`delete from sessions where key = ${replaced}`.execute(db)
      await sql`delete from sessions where ends_at <= steady_clock()`.execute(db)
      await sql`
        insert into sessions (key, account_on, account_login, person, signed_in_at, began_at, used_at, ends_at)
        select ${key}, ${account.on}, ${account.login}, ${person}, ${signedInAt ?? null}::timestamptz,
               at, at, at + make_interval(secs => ${lastsSeconds})
        from (select steady_clock() as at) now`.execute(db)
    },
    async find(key, idleSeconds, used) {
      const { rows } = await sql<Row>`
        select account_on as on, account_login as login, person,
               ${instantText(sql`signed_in_at`)} as signed_in_at, ${instantText(sql`used_at`)} as used_at,
               ${instantText(sql`ends_at`)} as ends_at,
               used_at < now.at - make_interval(secs => ${usedEverySeconds}) as written_long_ago
        from sessions, (select steady_clock() as at) now
        where key = ${key} and ends_at > now.at and used_at > now.at - make_interval(secs => ${idleSeconds})`.execute(
        db,
      )
      const row = rows[0]
      if (row === undefined) return undefined
      if (used && row.written_long_ago)
        await sql`update sessions set used_at = greatest(used_at, steady_clock()) where key = ${key}`.execute(db)
      return sessionOf(row)
    },
    async end(key) {
      await sql`delete from sessions where key = ${key}`.execute(db)
    },
    async endAll(person) {
      await sql`delete from sessions where person = ${person}`.execute(db)
    },
  }
}

function sessionOf({ on, login, person, signed_in_at, used_at, ends_at }: Row): Session {
  return {
    account: { on, login },
    person,
    ...(signed_in_at === null ? {} : { signedInAt: signed_in_at }),
    usedAt: used_at,
    endsAt: ends_at,
  }
}
