/** What was asked for in the words of decision points: which task is which waiver, and who is to be told when it is over. */
import { type Kysely, type Transaction as KyselyTransaction, sql } from 'kysely'
import type { AccessRequest, AccessRequests, NewAccessRequest } from './contract.ts'
import { clock, type Database, instantText } from './database.ts'

type Tx = KyselyTransaction<Database>

/** @throws {StoreFault} `conflict` when this requester took up the same offer before */
export async function addAccessRequest(tx: Tx, request: NewAccessRequest): Promise<void> {
  const { task, waiver, requester, offer, asked, callback } = request
  const told = callback === undefined ? null : JSON.stringify(callback)
  await sql`
    insert into access_requests (task, waiver, requester, evaluation, asked, callback, callback_next_at, at)
    values (${task}, ${waiver}, ${requester}, ${offer}, ${JSON.stringify(asked)}::json, ${told}::json,
            case when ${told}::text is null then null else ${clock} end, ${clock})`.execute(tx)
}

export async function offerTaken(tx: Tx, requester: string, offer: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from access_requests where requester = ${requester} and evaluation = ${offer}`.execute(tx)
  return rows.length > 0
}

const columns = sql`r.task, r.waiver, r.requester, r.evaluation as offer, r.asked, r.callback, ${instantText(sql`r.at`)} as at`

/** Whoever asked is still waiting for a decision. */
const undecided = sql`w.status in ('requested', 'endorsed')`

export function accessRequestsOn(db: Kysely<Database>): AccessRequests {
  return {
    async find(task) {
      const { rows } = await sql<Row>`select ${columns} from access_requests r where r.task = ${task}`.execute(db)
      return rows.map(told)[0]
    },
    async ofWaiver(waiver) {
      const { rows } = await sql<Row>`select ${columns} from access_requests r where r.waiver = ${waiver}`.execute(db)
      return rows.map(told)[0]
    },
    async takeCallbacks(limit, leaseSeconds) {
      const { rows } = await sql<Row & { attempts: number }>`
        with due as (
          select r.task from access_requests r join waivers w on w.id = r.waiver
          where r.callback_next_at <= ${clock} and not ${undecided}
          order by r.callback_next_at limit ${limit} for update of r skip locked)
        update access_requests r
        set callback_next_at = ${clock} + make_interval(secs => ${leaseSeconds}), callback_attempts = callback_attempts + 1
        from due where r.task = due.task
        returning ${columns}, r.callback_attempts as attempts`.execute(db)
      return rows.map((row) => ({ ...told(row), attempts: row.attempts }))
    },
    async callbackAgain(task, inSeconds) {
      const next = inSeconds === undefined ? sql`null` : sql`${clock} + make_interval(secs => ${inSeconds})`
      await sql`update access_requests set callback_next_at = ${next} where task = ${task}`.execute(db)
    },
  }
}

interface Row {
  task: string
  waiver: string
  requester: string
  offer: string
  asked: unknown
  callback: unknown
  at: string
}

function told({ task, waiver, requester, offer, asked, callback, at }: Row): AccessRequest {
  return { task, waiver, requester, offer, asked, at, ...(callback === null ? {} : { callback }) }
}
