/**
 * The writing side of the store. One round trip locks and reads, one writes everything, and a commit whose outcome got
 * lost on the way is looked up by its transaction id before anybody is told anything.
 */
import { type Kysely, type Transaction as KyselyTransaction, sql } from 'kysely'
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
import { writeBatch } from './write.ts'

type Tx = KyselyTransaction<Database>

export async function transact<R>(db: Kysely<Database>, run: (tx: Transaction) => Promise<R>): Promise<R> {
  let result: { readonly value: R } | undefined
  let transactionId: string | undefined
  try {
    return await db.transaction().execute(async (tx) => {
      const value = await run(
        transactionOn(tx, (id) => {
          transactionId ??= id
        }),
      )
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

function transactionOn(tx: Tx, onWrite: (transactionId: string | undefined) => void): Transaction {
  return {
    lockWaiver: (id, key) => lockWaiver(tx, id, key),
    lockDue: (limit) => lockDue(tx, limit),
    dropExpiredLeases: (waivers) => dropExpired(tx, waivers),
    exercised: (persons, except, since) => exercised(tx, persons, except, since),
    exercise: (persons, duties, waiver) => exercise(tx, persons, duties, waiver),
    moment: () => moment(tx),
    async lockPersons(persons) {
      const sorted = [...new Set(persons)].sort()
      for (const person of sorted)
        await sql`select pg_advisory_xact_lock(hashtextextended(${`person:${person}`}, 0))`.execute(tx)
    },
    decisions: (askedBy, since, ringMax) => decisions(tx, askedBy, since, ringMax),
    async haltDecisions() {
      await sql`select pg_advisory_xact_lock(${decidingLock})`.execute(tx)
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
      const { rows } = await sql<{ state: unknown }>`
        select state from waivers
        where id <> ${except} and (open or window_end > ${since}::timestamptz)
          and id in (select waiver from waiver_persons where person = any(${[...persons]})
                     union all select id from waivers where kind = 'break-glass' and beneficiary = ${rota ?? null}::text)
        order by id desc`.execute(tx)
      return rows.map(({ state }) => stateOf(state))
    },
    async answered({ actor, key }) {
      const { rows } = await sql<Answered>`
        select fingerprint, answer from answers where actor = ${actor} and key = ${key}`.execute(tx)
      return rows[0]
    },
    async write(batch: Batch) {
      onWrite(await writeBatch(tx, batch))
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

/** Deciders hold it together; a directory change that takes somebody away holds it alone. */
const decidingLock = sql`hashtextextended('decisions', 0)`

function decideBeside(tx: Tx) {
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
    sql<{ now: string; fingerprint: string | null; answer: unknown; leased: string | null } & HeadRow>`
      select ${instantText(clock)} as now, ${headColumns}, answers.fingerprint, answers.answer,
             (select sum(uses) from use_leases where waiver = ${id}) as leased
      from (select 1) one left join answers on answers.actor = ${key?.actor ?? ''} and answers.key = ${key?.key ?? ''}`.execute(
      tx,
    ),
  ])
  const row = moment.rows[0]
  if (row === undefined) throw new Error('bug: the moment returned no row')
  const state = locked.rows[0]?.state
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

/** From the asking side along "countersigned for", at most `ringMax - 1` steps: enough to see every ring close. */
async function decisions(tx: Tx, askedBy: readonly string[], since: string, ringMax: number) {
  if (askedBy.length === 0) return []
  const { rows } = await sql<{ countersigner: string; asked_by: string[]; at: string; event: string }>`
    with recursive reached (event, countersigner, waiver, at, depth) as (
      select event, countersigner, waiver, at, 1 from decisions
      where countersigner = any(${[...askedBy]}) and at > ${since}::timestamptz
      union
      select d.event, d.countersigner, d.waiver, d.at, r.depth + 1
      from reached r join waiver_persons p on p.waiver = r.waiver
                     join decisions d on d.countersigner = p.person and d.at > ${since}::timestamptz
      where r.depth < ${ringMax - 1}
    )
    select r.countersigner, ${instantText(sql`min(r.at)`)} as at, r.event, array_agg(distinct p.person order by p.person) as asked_by
    from reached r join waiver_persons p on p.waiver = r.waiver
    group by r.event, r.countersigner order by r.event`.execute(tx)
  return rows.map(({ countersigner, asked_by, at, event }) => ({ countersigner, askedBy: asked_by, at, event }))
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
