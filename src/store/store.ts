/** The door of the store on PostgreSQL: bring the schema up to date, connect as the application's role, hand out the parts. */
import { accessRequestsOn } from './access-requests.ts'
import type { Heads, Store } from './contract.ts'
import { connect } from './database.ts'
import { driftOn } from './drift.ts'
import { StoreFault } from './fault.ts'
import { feedOn } from './feed.ts'
import { figuresOn } from './figures.ts'
import { grantsOn } from './grants.ts'
import { readHeads, readLag, readNewest, watchClock } from './heads.ts'
import { leasesOn } from './leases.ts'
import { logOn } from './log.ts'
import { migrate } from './migrate.ts'
import { passkeysOn } from './passkeys.ts'
import { processesOn } from './processes.ts'
import { recordsOn } from './records.ts'
import { revisionsOn } from './revisions.ts'
import { scimOn } from './scim.ts'
import { seenProofKeysOn } from './seen-proofs.ts'
import { sessionsOn } from './sessions.ts'
import { sinkPlacesOn } from './sink-places.ts'
import { togetherOn } from './together/together.ts'
import { tokensOn } from './tokens.ts'
import { transact } from './transaction.ts'
import { waiversOn } from './waivers.ts'

/** @throws {StoreFault} when the database cannot be reached or is not one Countersign can use. */
export async function openStore(options: { readonly url: string; readonly poolMax?: number }): Promise<Store> {
  await migrate(options.url).catch((error: unknown) => {
    throw StoreFault.from(error)
  })
  const db = connect(options)
  // Whoever decides may have to read a revision meanwhile. With one pool for both, as many deciders as connections
  // would wait for each other for ever.
  const reads = connect({ ...options, poolMax: Math.max(4, Math.ceil((options.poolMax ?? 16) / 2)) })
  const together = togetherOn(db)
  return {
    transact: (run, company) => (company === 'together' ? together(run) : transact(db, run)),
    heads: () => faults(readHeads(reads)),
    recentHeads: recently(() => faults(readHeads(reads)), headsAgeMillisMax, isFounded),
    newest: () => faults(readNewest(reads)),
    watchClock: () => faults(watchClock(reads)),
    lag: () => faults(readLag(reads)),
    waivers: inOurWords(waiversOn(reads)),
    revisions: inOurWords(revisionsOn(reads)),
    grants: inOurWords(grantsOn(reads)),
    feed: inOurWords(feedOn(reads)),
    figures: inOurWords(figuresOn(reads)),
    sinkPlaces: inOurWords(sinkPlacesOn(reads)),
    records: inOurWords(recordsOn(reads)),
    scim: inOurWords(scimOn(db)),
    leases: inOurWords(leasesOn(reads)),
    processes: inOurWords(processesOn(reads)),
    tokens: inOurWords(tokensOn(reads)),
    accessRequests: inOurWords(accessRequestsOn(reads)),
    seenProofs: inOurWords(seenProofKeysOn(reads)),
    sessions: inOurWords(sessionsOn(reads)),
    log: inOurWords(logOn(reads)),
    passkeys: inOurWords(passkeysOn(reads)),
    drift: inOurWords(driftOn(reads)),
    async close() {
      await Promise.all([db.destroy(), reads.destroy()])
    },
  }
}

/** Whatever goes wrong with the database is a fault of the store, whichever part was asked. */
function inOurWords<Room extends object>(room: Room): Room {
  const wrapped = Object.entries(room).map(([name, method]) => [
    name,
    (...given: unknown[]) => faults((method as (...given: unknown[]) => Promise<unknown>)(...given)),
  ])
  return Object.fromEntries(wrapped) as Room
}

function faults<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((error: unknown) => {
    throw StoreFault.from(error)
  })
}

const headsAgeMillisMax = 500

/** Right after the founding, what was so half a second ago is not good enough: that nothing is in force is never kept. */
function isFounded({ policy, directory }: Heads): boolean {
  return policy !== undefined && directory !== undefined
}

/** Asks once for everybody who asks meanwhile; an answer that failed, or is not worth keeping, is kept for nobody. */
function recently<Value>(
  ask: () => Promise<Value>,
  ageMillisMax: number,
  isKept: (value: Value) => boolean,
): () => Promise<Value> {
  let known: { readonly value: Promise<Value>; readonly at: number } | undefined
  return () => {
    const now = performance.now()
    if (known !== undefined && now - known.at < ageMillisMax) return known.value
    const value = ask()
    known = { value, at: now }
    const forget = () => {
      if (known?.value === value) known = undefined
    }
    value.then((got) => (isKept(got) ? undefined : forget()), forget)
    return value
  }
}
