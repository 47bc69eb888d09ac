/**
 * The writing side of the store. One round trip locks and reads, one writes everything, and a commit whose outcome got
 * lost on the way is looked up by its transaction id before anybody is told anything.
 */
import { type Kysely, type Transaction as KyselyTransaction, type RawBuilder, sql } from 'kysely'
import { addAccessRequest, offerTaken } from './access-requests.ts'
import type { Answered, Batch, Heads, IdempotencyKey, Locked, Transaction } from './contract.ts'
import { clock, type Database, instantText } from './database.ts'
import { exercise, exercised } from './exercised.ts'
import { StoreFault } from './fault.ts'
import { type HeadRow, headColumns, headsOf } from './heads.ts'
import { dropExpired } from './leases.ts'
import { addPasskey, countUse, openChallenge, settleChallenge, takeChallenge } from './passkeys.ts'
import { keepRevisions, lockRecord, writeRecord } from './records.ts'
import { stateOf } from './rows.ts'
import { decisionsFor, earlierFor } from './weighing.ts'
import { writeBatches } from './write.ts'

type Tx = KyselyTransaction<Database>

/** Called by whatever writes, with the id by which an unknown commit is resolved. */
export type OnWrite = (transactionId: string | undefined) => void

export function transact<R>(db: Kysely<Database>, run: (tx: Transaction) => Promise<R>): Promise<R> {
  return committing(db, (tx, onWrite) => run(transactionOn(tx, onWrite)))
}

/** Everything or nothing, and an answer only once it is known which. */
export async function committing<R>(db: Kysely<Database>, run: (tx: Tx, onWrite: OnWrite) => Promise<R>): Promise<R> {
  let result: { readonly value: R } | undefined
  let transactionId: string | undefined
  try {
    return await db.transaction().execute(async (tx) => {
      const value = await run(tx, (id) => {
        transactionId ??= id
      })
      result = { value }
      return value
    })
  } catch (error) {
    // Before `result` is set nothing was to be committed; after it, the commit itself failed and may have happened.
    if (result === undefined || transactionId === undefined) throw StoreFault.from(error)
    const committed = await wasCommitted(db, transactionId).catch((cause: unknown) => {
      throw commitUnknown(cause)
    })
    if (committed) return result.value
    throw StoreFault.from(error)
  }
}

export function transactionOn(tx: Tx, onWrite: OnWrite): Transaction {
  return {
    lockWaiver: (id, key) => lockWaiver(tx, id, key),
    lockDue: (limit) => lockDue(tx, limit),
    dropExpiredLeases: (waivers) => dropExpired(tx, waivers),
    exercised: (persons, except, since) => exercised(tx, persons, except, since),
    exercise: (persons, duties, waiver) => exercise(tx, persons, duties, waiver),
    moment: () => moment(tx),
    async lockPersons(persons) {
      const sorted = [...new Set(persons)].sort()
      for (const person of sorted) await sql`select pg_advisory_xact_lock(${personLock(sql`${person}`)})`.execute(tx)
    },
    async decisions(askedBy, since, ringMax) {
      const [found = []] = await decisionsFor(tx, [{ askedBy, since, ringMax }])
      return found
    },
    async haltDecisions() {
      await sql`select pg_advisory_xact_lock(${decidingLock})`.execute(tx)
    },
    async takesLong() {
      await sql`set local idle_in_transaction_session_timeout = ${sql.lit(longMillis)}`.execute(tx)
    },
    keep: (revisions) => keepRevisions(tx, revisions),
    async openWaiversOf(people) {
      const { rows } = await sql<{ id: string }>`
        select distinct w.id from waivers w, unnest(w.people) as one (person)
        where w.open and one.person = any(${[...people]}) order by w.id`.execute(tx)
      return rows.map(({ id }) => id)
    },
    async lockWaivers(ids) {
      const { rows } = await sql<{ state: unknown }>`
        select state from waivers where id = any(${[...ids]}) order by id for update`.execute(tx)
      return rows.map(({ state }) => stateOf(state))
    },
    async earlier(persons, except, since, rota) {
      const [found = []] = await earlierFor(tx, [{ persons, except, since, rota }])
      return found
    },
    async answered({ actor, key }) {
      const { rows } = await sql<Answered>`
        select fingerprint, answer from answers where actor = ${actor} and key = ${key}`.execute(tx)
      return rows[0]
    },
    async write(batch: Batch) {
      onWrite(await writeBatches(tx, [batch]))
    },
    offerTaken: (requester, offer) => offerTaken(tx, requester, offer),
    addAccessRequest: (request) => addAccessRequest(tx, request),
    lockRecord: (id) => lockRecord(tx, id),
    async writeRecord(write) {
      onWrite(await writeRecord(tx, write))
    },
    openChallenge: (challenge, lastsSeconds) => openChallenge(tx, challenge, lastsSeconds),
    takeChallenge: (id, person) => takeChallenge(tx, id, person),
    settleChallenge: (id, outcome) => settleChallenge(tx, id, outcome),
    addPasskey: (passkey, signCount) => addPasskey(tx, passkey, signCount),
    countUse: (credential, signCount) => countUse(tx, credential, signCount),
  }
}

export const personLock = (person: RawBuilder<unknown>) => sql`hashtextextended('person:' || ${person}::text, 0)`

/** A process that died must not hold its locks for ever; a directory of millions of facts is merged in less. */
const longMillis = 900_000

/** Deciders hold it together; a directory change that takes somebody away holds it alone. */
const decidingLock = sql`hashtextextended('decisions', 0)`

export function decideBeside(tx: Tx) {
  return sql`select pg_advisory_xact_lock_shared(${decidingLock})`.execute(tx)
}

/**
 * Three statements sent together: the last begins when the locks are there, so clock, revisions and answers are those of
 * that moment and not of the moment when the waiting began.
 */
async function lockWaiver(tx: Tx, id: string, key: IdempotencyKey | undefined): Promise<Locked> {
  const [, locked, moment] = await Promise.all([
    decideBeside(tx),
    sql<{ state: unknown }>`select state from waivers where id = ${id} for update`.execute(tx),
    sql<MomentRow>`
      select ${instantText(clock)} as now, ${headColumns}, answers.fingerprint, answers.answer,
             (select sum(uses) from use_leases where waiver = ${id}) as leased
      from (select 1) one left join answers on answers.actor = ${key?.actor ?? ''} and answers.key = ${key?.key ?? ''}`.execute(
      tx,
    ),
  ])
  const row = moment.rows[0]
  if (row === undefined) throw new Error('bug: the moment returned no row')
  return lockedOf(row, locked.rows[0]?.state)
}

/** What is true at the moment when a waiver is locked. */
export interface MomentRow extends HeadRow {
  now: string
  fingerprint: string | null
  answer: unknown
  leased: string | null
}

export function lockedOf(row: MomentRow, state: unknown): Locked {
  return {
    now: row.now,
    heads: headsOf(row),
    ...(state === undefined ? {} : { waiver: stateOf(state) }),
    ...(Number(row.leased ?? 0) === 0 ? {} : { leased: Number(row.leased) }),
    ...(row.fingerprint === null ? {} : { answered: { fingerprint: row.fingerprint, answer: row.answer } }),
  }
}

async function lockDue(tx: Tx, limit: number) {
  const [, locked, moment] = await Promise.all([
    decideBeside(tx),
    sql<{ state: unknown }>`
      select state from waivers where due_at <= steady_clock() order by due_at limit ${limit} for update skip locked`.execute(
      tx,
    ),
    sql<
      { now: string } & HeadRow
    >`select ${instantText(sql`steady_clock()`)} as now, ${headColumns} from (select ${1}::int) one`.execute(tx),
  ])
  const row = moment.rows[0]
  if (row === undefined) throw new Error('bug: the moment returned no row')
  return { now: row.now, heads: headsOf(row), waivers: locked.rows.map(({ state }) => stateOf(state)) }
}

async function moment(tx: Tx): Promise<{ now: string; heads: Heads }> {
  const { rows } = await sql<{ now: string } & HeadRow>`
    select ${instantText(clock)} as now, ${headColumns} from (select ${1}::int) one`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Error('bug: the moment returned no row')
  return { now: row.now, heads: headsOf(row) }
}

/** Asks the server itself what became of a transaction; waits while it does not know yet. */
async function wasCommitted(db: Kysely<Database>, transactionId: string): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    const { rows } = await sql<{
      status: string | null
    }>`select pg_xact_status(${transactionId}::xid8) as status`.execute(db)
    const status = rows[0]?.status
    if (status === 'committed') return true
    if (status === 'aborted' || status === null) return false
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw commitUnknown()
}

function commitUnknown(cause?: unknown): StoreFault {
  return new StoreFault('commit-unknown', 'the database does not say whether a transaction was committed', true, {
    cause,
  })
}
