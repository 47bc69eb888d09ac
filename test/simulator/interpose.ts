/**
 * Stands between the engine and everything it does to the outside: database and targets. Whoever is handed in as the
 * gate sees every side effect before it happens, and may delay it, let a process die before or after it, or tear a
 * transaction open. What passes is the real store and the real connector, unchanged.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { AccessConnector, AccessConnectorKind } from '../../src/connectors/access.ts'
import type { Store, Transaction } from '../../src/store/contract.ts'

export interface Effect {
  /** `transact`, `grants.report`, `apply`… */
  readonly name: string
  /** Nothing outside is different afterwards. */
  readonly reads: boolean
  /** The write of a transaction that is still open: what happens here is rolled back when the process dies. */
  readonly inside?: true
  /** Several strands may be waiting for this one answer, some of them with a lock in hand: it must not be held up. */
  readonly shared?: true
}

export type Gate = <Value>(effect: Effect, call: () => Promise<Value>) => Promise<Value>

/** A transaction holds locks; whatever is read from inside it must not wait for anybody else. */
const insideTransaction = new AsyncLocalStorage<true>()

export function interposedStore(store: Store, gate: Gate): Store {
  const pass: Gate = (effect, call) => (insideTransaction.getStore() ? call() : gate(effect, call))
  const reading = <Args extends readonly unknown[], Value>(name: string, read: (...args: Args) => Promise<Value>) => {
    const effect = { name, reads: true }
    return (...args: Args) => pass(effect, () => read(...args))
  }
  const sharing = <Args extends readonly unknown[], Value>(name: string, read: (...args: Args) => Promise<Value>) => {
    const effect: Effect = { name, reads: true, shared: true }
    return (...args: Args) => pass(effect, () => read(...args))
  }
  const writing = <Args extends readonly unknown[], Value>(name: string, write: (...args: Args) => Promise<Value>) => {
    const effect = { name, reads: false }
    return (...args: Args) => pass(effect, () => write(...args))
  }
  const { waivers, revisions, grants, feed, records } = store
  return {
    ...store,
    transact: (run) =>
      gate({ name: 'transact', reads: false }, () =>
        insideTransaction.run(true, () => store.transact((tx) => run(interposedTransaction(tx, gate)))),
      ),
    heads: reading('heads', store.heads),
    watchClock: writing('watchClock', store.watchClock),
    waivers: {
      ...waivers,
      find: reading('waivers.find', waivers.find),
      list: reading('waivers.list', waivers.list),
      withReference: reading('waivers.withReference', waivers.withReference),
      events: reading('waivers.events', waivers.events),
      decisionsCount: reading('waivers.decisionsCount', waivers.decisionsCount),
    },
    revisions: {
      ...revisions,
      directory: sharing('revisions.directory', revisions.directory),
      policy: sharing('revisions.policy', revisions.policy),
      circumstances: sharing('revisions.circumstances', revisions.circumstances),
    },
    grants: {
      ...grants,
      claim: writing('grants.claim', grants.claim),
      report: writing('grants.report', grants.report),
      find: reading('grants.find', grants.find),
      list: reading('grants.list', grants.list),
    },
    feed: {
      ...feed,
      sequence: writing('feed.sequence', feed.sequence),
      after: reading('feed.after', feed.after),
      last: reading('feed.last', feed.last),
    },
    records: {
      ...records,
      find: sharing('records.find', records.find),
      list: sharing('records.list', records.list),
      due: sharing('records.due', records.due),
    },
  }
}

function interposedTransaction(tx: Transaction, gate: Gate): Transaction {
  const inside = (name: string): Effect => ({ name, reads: false, inside: true })
  return {
    ...tx,
    write: (batch) => gate(inside('write'), () => tx.write(batch)),
    writeRecord: (write) => gate(inside('writeRecord'), () => tx.writeRecord(write)),
  }
}

export function interposedKind(kind: AccessConnectorKind, gate: Gate): AccessConnectorKind {
  return {
    kind: kind.kind,
    create: (settings, secrets) => interposedConnector(kind.create(settings, secrets), gate),
  }
}

function interposedConnector(connector: AccessConnector, gate: Gate): AccessConnector {
  const reads = (name: string): Effect => ({ name, reads: true })
  const acts = (name: string): Effect => ({ name, reads: false })
  return {
    nature: connector.nature,
    describe: (entitlement) => gate(reads('describe'), () => connector.describe(entitlement)),
    apply: (spec) => gate(acts('apply'), () => connector.apply(spec)),
    revoke: (spec) => gate(acts('revoke'), () => connector.revoke(spec)),
    observe: (spec) => gate(reads('observe'), () => connector.observe(spec)),
    endSessions: (spec) => gate(acts('endSessions'), () => connector.endSessions(spec)),
    holdings: () => gate(reads('holdings'), () => connector.holdings()),
    activity: (spec, since) => gate(reads('activity'), () => connector.activity(spec, since)),
    close: () => connector.close(),
  }
}
