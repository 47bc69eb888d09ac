/** The door of the store on PostgreSQL: bring the schema up to date, connect as the application's role, hand out the parts. */
import type { Store } from './contract.ts'
import { connect } from './database.ts'
import { StoreFault } from './fault.ts'
import { feedOn } from './feed.ts'
import { grantsOn } from './grants.ts'
import { readHeads, watchClock } from './heads.ts'
import { migrate } from './migrate.ts'
import { recordsOn } from './records.ts'
import { revisionsOn } from './revisions.ts'
import { transact } from './transaction.ts'
import { waiversOn } from './waivers.ts'

/** @throws {StoreFault} when the database cannot be reached or is not one Countersign can use. */
export async function openStore(options: { readonly url: string; readonly poolMax?: number }): Promise<Store> {
  await migrate(options.url).catch((error: unknown) => {
    throw StoreFault.from(error)
  })
  const db = connect(options)
  return {
    transact: (run) => transact(db, run),
    heads: () => faults(readHeads(db)),
    watchClock: () => faults(watchClock(db)),
    waivers: waiversOn(db),
    revisions: revisionsOn(db),
    grants: grantsOn(db),
    feed: feedOn(db),
    records: recordsOn(db),
    close: () => db.destroy(),
  }
}

function faults<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((error: unknown) => {
    throw StoreFault.from(error)
  })
}
