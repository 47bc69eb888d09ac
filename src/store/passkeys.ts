/**
 * What waits to be signed, and how often each passkey has signed. A challenge is taken in one statement, so that of any
 * number who answer it at once one gets through; times go by the clock that never goes back.
 */
import { type Kysely, type Transaction as KyselyTransaction, sql } from 'kysely'
import type { KnownPasskey, NewChallenge, Passkeys } from './contract.ts'
import { type Database, instantText } from './database.ts'

type Tx = KyselyTransaction<Database>

/** What nobody has asked about for a day is swept away, a little with every new one. */
const sweptAtOnceMax = 100

export async function openChallenge(tx: Tx, challenge: NewChallenge, lastsSeconds: number) {
  const { id, person, content, nonce } = challenge
  await sql`
    delete from challenges where id in (
      select id from challenges where expires_at < steady_clock() - interval '1 day'
      order by expires_at limit ${sql.lit(sweptAtOnceMax)} for update skip locked)`.execute(tx)
  const { rows } = await sql<{ expires_at: string }>`
    insert into challenges (id, person, content, nonce, made_at, expires_at)
    select ${id}, ${person}, ${JSON.stringify(content)}::json, ${Buffer.from(nonce)}, now.at, now.at + make_interval(secs => ${lastsSeconds})
    from (select steady_clock() as at) now
    returning ${instantText(sql`expires_at`)} as expires_at`.execute(tx)
  const row = rows[0]
  if (row === undefined) throw new Error('bug: a challenge was not written')
  return { expiresAt: row.expires_at }
}

export async function takeChallenge(tx: Tx, id: string, person: string): Promise<boolean> {
  const { rows } = await sql`
    update challenges set used_at = steady_clock()
    where id = ${id} and person = ${person} and used_at is null and expires_at > steady_clock()
    returning id`.execute(tx)
  return rows.length === 1
}

export async function settleChallenge(tx: Tx, id: string, outcome: unknown): Promise<void> {
  await sql`update challenges set outcome = ${JSON.stringify(outcome)}::json where id = ${id}`.execute(tx)
}

export async function addPasskey(tx: Tx, { id, person, credential }: KnownPasskey, signCount: number): Promise<void> {
  await sql`
    insert into passkeys (id, person, credential, sign_count)
    values (${id}, ${person}, ${credential}, ${signCount})`.execute(tx)
}

/** WebAuthn level 3, section 6.1.1: a counter that is used goes up with every signature; a copy of the key gives itself away. */
export async function countUse(tx: Tx, credential: string, signCount: number): Promise<boolean> {
  const { rows } = await sql`
    update passkeys set sign_count = ${signCount}::bigint, used_at = steady_clock()
    where credential = ${credential} and (sign_count < ${signCount}::bigint or (sign_count = 0 and ${signCount}::bigint = 0))
    returning id`.execute(tx)
  return rows.length === 1
}

export function passkeysOn(db: Kysely<Database>): Passkeys {
  return {
    async challenge(id) {
      const { rows } = await sql<ChallengeRow>`
        select id, person, content, nonce, outcome, ${instantText(sql`expires_at`)} as expires_at,
               ${instantText(sql`used_at`)} as used_at, expires_at <= steady_clock() as expired
        from challenges where id = ${id}`.execute(db)
      const row = rows[0]
      if (row === undefined) return undefined
      const { person, content, nonce, expired } = row
      return {
        id,
        person,
        content,
        nonce: new Uint8Array(nonce),
        expired,
        expiresAt: row.expires_at,
        ...(row.used_at === null ? {} : { usedAt: row.used_at }),
        ...(row.outcome === null ? {} : { outcome: row.outcome }),
      }
    },
    async find(by) {
      const [column, value] = 'id' in by ? (['id', by.id] as const) : (['credential', by.credential] as const)
      return db
        .selectFrom('passkeys')
        .select(['id', 'person', 'credential'])
        .where(column, '=', value)
        .executeTakeFirst()
    },
  }
}

interface ChallengeRow {
  readonly id: string
  readonly person: string
  readonly content: unknown
  readonly nonce: Buffer
  readonly outcome: unknown
  readonly expires_at: string
  readonly used_at: string | null
  readonly expired: boolean
}
