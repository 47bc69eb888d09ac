/**
 * One transaction of several decisions. Each runs the code it would run alone, and its statements are sent together with
 * those of the others. Nobody here waits for a waiver or a person: whose lock somebody else has leaves and decides alone,
 * so no decision waits on behalf of another, and no two groups can wait for each other over them.
 */
import { type Transaction as KyselyTransaction, sql } from 'kysely'
import type { WaiverId } from '../../core/waiver.ts'
import type { Batch, IdempotencyKey, Locked, LockedRecord, Transaction } from '../contract.ts'
import type { Database } from '../database.ts'
import { clock, instantText } from '../database.ts'
import { gathered } from '../gathered.ts'
import { headColumns } from '../heads.ts'
import { countUse, settleChallenge, takeChallenge } from '../passkeys.ts'
import { lockRecord } from '../records.ts'
import { decideBeside, lockedOf, type MomentRow, personLock } from '../transaction.ts'
import { type DecisionsAsk, decisionsFor, type EarlierAsk, earlierFor } from '../weighing.ts'

type Tx = KyselyTransaction<Database>

/** This one cannot be decided beside the others; alone it can. */
export class Leaves extends Error {
  override readonly name = 'Leaves'
}

export interface Group {
  /** What the database refused; after that nothing of the transaction is of use. */
  readonly broken: unknown
  member(): Member
}

export interface Member {
  readonly tx: Transaction
  /** Written when everybody has decided. */
  readonly batches: readonly Batch[]
  /** Something of it stands in the transaction already. */
  readonly touched: boolean
}

interface WaiverAsk {
  readonly id: WaiverId
  readonly key: IdempotencyKey | undefined
}

const busy = Symbol('somebody else has the lock')

export function groupOn(tx: Tx): Group {
  let broken: unknown
  const guarded = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work
    } catch (error) {
      broken ??= error
      throw error
    }
  }
  const asking = <Ask, Answer>(answerAll: (asks: readonly Ask[]) => Promise<readonly Answer[]>) =>
    gathered((asks: readonly Ask[]) => guarded(answerAll(asks)))
  const waivers = asking(lockingWaivers(tx))
  const persons = asking(lockingPersons(tx))
  const records = asking((ids: readonly string[]) => lockRecords(tx, ids))
  const decisions = asking((asks: readonly DecisionsAsk[]) => decisionsFor(tx, asks))
  const earlier = asking((asks: readonly EarlierAsk[]) => earlierFor(tx, asks))
  const orLeave = <Value>(answer: Value | typeof busy): Value => {
    if (answer === busy) throw new Leaves()
    return answer as Value
  }
  return {
    get broken() {
      return broken
    },
    member() {
      const batches: Batch[] = []
      const member = { tx: {} as Transaction, batches, touched: false }
      const touching = <Value>(work: () => Promise<Value>) => {
        member.touched = true
        return guarded(work())
      }
      const possible: Partial<Transaction> = {
        lockPersons: async (all) => orLeave(await persons(all)),
        lockWaiver: async (id, key) => orLeave(await waivers({ id, key })),
        lockRecord: (id) => records(id),
        decisions: (askedBy, since, ringMax) => decisions({ askedBy, since, ringMax }),
        earlier: (all, except, since, rota) => earlier({ persons: all, except, since, rota }),
        takeChallenge: (id, person) => touching(() => takeChallenge(tx, id, person)),
        countUse: (credential, count) => touching(() => countUse(tx, credential, count)),
        settleChallenge: (id, outcome) => touching(() => settleChallenge(tx, id, outcome)),
        async write(batch) {
          // One statement writes everything once; what is written in two goes is not for company.
          if (batches.length > 0) throw new Leaves()
          batches.push(batch)
        },
      }
      member.tx = orAlone(possible)
      return member
    },
  }
}

/** Whatever has no answer for several at once is done alone. */
function orAlone(possible: Partial<Transaction>): Transaction {
  const leave = async () => {
    throw new Leaves()
  }
  return new Proxy(possible, {
    get: (target, name) => Reflect.get(target, name) ?? leave,
  }) as Transaction
}

/**
 * As for one, in three statements sent together: the clock is read when the locks are there. A row that somebody else has
 * is not waited for; one that is asked for a second time in this transaction is as good as taken.
 */
function lockingWaivers(tx: Tx) {
  const taken = new Set<WaiverId>()
  const keys = new Set<string>()
  const isFree = ({ id, key }: WaiverAsk) => {
    const name = key === undefined ? undefined : JSON.stringify([key.actor, key.key])
    const free = !taken.has(id) && (name === undefined || !keys.has(name))
    taken.add(id)
    if (name !== undefined) keys.add(name)
    return free
  }
  return async (asks: readonly WaiverAsk[]): Promise<readonly (Locked | typeof busy)[]> => {
    const free = asks.map(isFree)
    const ids = asks.map(({ id }) => id)
    const [, locked, moments] = await Promise.all([
      decideBeside(tx),
      sql<{ id: string; state: unknown }>`
        select w.id, w.state from unnest(${ids.filter((_, n) => free[n])}::text[]) as ask (id)
               cross join lateral (select id, state from waivers where id = ask.id for update skip locked) w`.execute(
        tx,
      ),
      sql<MomentRow & { exists: boolean }>`
        select ${instantText(clock)} as now, ${headColumns}, before.fingerprint, before.answer,
               (select sum(uses) from use_leases where waiver = ask.id) as leased,
               (select count(*) from waivers where id = ask.id) = 1 as exists
        from unnest(${ids}::text[], ${asks.map(({ key }) => key?.actor ?? '')}::text[], ${asks.map(({ key }) => key?.key ?? '')}::text[])
               with ordinality as ask (id, actor, key, n)
             left join lateral (
               select fingerprint, answer from answers where actor = ask.actor and key = ask.key offset 0) before on true
        order by ask.n`.execute(tx),
    ])
    const states = new Map(locked.rows.map(({ id, state }) => [id, state]))
    return moments.rows.map((row, n) => {
      const state = states.get(ids[n] as string)
      // A row that is there and was not locked is somebody else's at the moment.
      return free[n] && row.exists === (state !== undefined) ? lockedOf(row, state) : busy
    })
  }
}

/** Whose requests are decided here already, or elsewhere, must be decided after that. */
function lockingPersons(tx: Tx) {
  const taken = new Set<string>()
  return async (asks: readonly (readonly string[])[]): Promise<readonly (undefined | typeof busy)[]> => {
    const free = asks.map((persons) => {
      const all = persons.every((person) => !taken.has(person))
      for (const person of persons) taken.add(person)
      return all
    })
    const wanted = [...new Set(asks.filter((_, n) => free[n]).flat())].sort()
    const { rows } = await sql<{ person: string; mine: boolean }>`
      select person, pg_try_advisory_xact_lock(${personLock(sql`person`)}) as mine from unnest(${wanted}::text[]) person`.execute(
      tx,
    )
    const mine = new Set(rows.filter((row) => row.mine).map(({ person }) => person))
    return asks.map((persons, n) => (free[n] && persons.every((person) => mine.has(person)) ? undefined : busy))
  }
}

/** These are waited for, in the order of their names, as everybody does who takes several. */
async function lockRecords(tx: Tx, ids: readonly string[]): Promise<readonly LockedRecord[]> {
  const records = new Map<string, LockedRecord>()
  for (const id of [...new Set(ids)].sort()) records.set(id, await lockRecord(tx, id))
  return ids.map((id) => records.get(id) as LockedRecord)
}
