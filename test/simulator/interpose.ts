/**
 * Stands between the engine and everything it does to the outside: database and targets. Whoever is handed in as the
 * gate sees every side effect before it happens, and may delay it, let a process die before or after it, or tear a
 * transaction open. What passes is the real store and the real connector, unchanged.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { AccessConnector, AccessConnectorKind } from '../../src/connectors/access.ts'
import type { PasskeyChecks } from '../../src/engine/passkey-checks.ts'
import type { GrantRow, Store, Transaction } from '../../src/store/contract.ts'
import { inCompany } from './company.ts'

export interface Effect {
  /** `transact`, `grants.report`, `apply`… */
  readonly name: string
  readonly on: 'database' | 'target'
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

/** Everything that is not named here only reads. */
const writing: ReadonlySet<string> = new Set(['watchClock', 'grants.claim', 'grants.report', 'feed.sequence'])
const rooms = ['waivers', 'revisions', 'grants', 'feed', 'records', 'passkeys'] as const

export function interposedStore(store: Store, gate: Gate): Store {
  const interposed = <Part extends object>(part: Part, room: string): Part =>
    Object.fromEntries(
      Object.entries(part).map(([key, method]) => [
        key,
        typeof method === 'function' ? passing(`${room}${key}`, method.bind(part), gate) : method,
      ]),
    ) as Part
  const { transact, close, ...rest } = store
  const { grants, records } = store
  const claim: Store['grants']['claim'] = async (...given) => sortedBy(await grants.claim(...given), grantOf)
  const due: Store['records']['due'] = async (limit) => [...(await records.due(limit))].sort()
  const transaction: Effect = { name: 'transact', on: 'database', reads: false }
  const inside: Store['transact'] = (run, company) =>
    transact((tx) => insideTransaction.run(true, () => run(interposedTransaction(tx, gate))), company)
  const alone: Store['transact'] = (run) => gate(transaction, () => inside(run))
  const together = inCompany((decideAll) => gate(transaction, decideAll), inside)
  const ordered: Store = { ...store, grants: { ...grants, claim }, records: { ...records, due } }
  return {
    ...interposed(rest, ''),
    ...Object.fromEntries(rooms.map((room) => [room, interposed(ordered[room], `${room}.`)])),
    // What is remembered for half a second of real time would make two runs of one seed differ.
    recentHeads: passing('heads', store.heads as () => Promise<unknown>, gate) as Store['recentHeads'],
    transact: (run, company) => (company === 'together' ? together(run) : alone(run)),
    close,
  }
}

function passing(name: string, call: (...args: unknown[]) => Promise<unknown>, gate: Gate) {
  const shared = /^(revisions|records)\./.test(name)
  const effect: Effect = { name, on: 'database', reads: !writing.has(name), ...(shared ? { shared: true } : {}) }
  return (...args: unknown[]) => (insideTransaction.getStore() ? call(...args) : gate(effect, () => call(...args)))
}

function interposedTransaction(tx: Transaction, gate: Gate): Transaction {
  const inside = (name: string): Effect => ({ name, on: 'database', reads: false, inside: true })
  return overlaid(tx, {
    async lockDue(limit) {
      const due = await tx.lockDue(limit)
      return { ...due, waivers: sortedBy(due.waivers, ({ id }) => id) }
    },
    write: (batch) => gate(inside('write'), () => tx.write(batch)),
    writeRecord: (write) => gate(inside('writeRecord'), () => tx.writeRecord(write)),
  })
}

/** A transaction with some of it replaced. One that is shared answers to names it does not own, so it is never copied. */
export function overlaid(tx: Transaction, parts: Partial<Transaction>): Transaction {
  return new Proxy(tx, { get: (_, name) => Reflect.get(parts, name) ?? Reflect.get(tx, name) })
}

/** Of what is due at the same moment PostgreSQL takes any first; two runs of one seed take the same. */
function sortedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): readonly Row[] {
  return [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function grantOf({ wanted }: GrantRow): string {
  return wanted.grant
}

/** Checking bytes takes a while that no dice decide about. */
export function interposedPasskeys(passkeys: PasskeyChecks, gate: Gate): PasskeyChecks {
  return {
    ...passkeys,
    verified: (evidence) =>
      gate({ name: 'passkeys.verified', on: 'database', reads: true }, () => passkeys.verified(evidence)),
  }
}

export function interposedKind(kind: AccessConnectorKind, gate: Gate): AccessConnectorKind {
  return {
    kind: kind.kind,
    create: (settings, secrets) => interposedConnector(kind.create(settings, secrets), gate),
  }
}

function interposedConnector(connector: AccessConnector, gate: Gate): AccessConnector {
  const reads = (name: string): Effect => ({ name, on: 'target', reads: true })
  const acts = (name: string): Effect => ({ name, on: 'target', reads: false })
  return {
    nature: connector.nature,
    describe: (entitlement) => gate(reads('describe'), () => connector.describe(entitlement)),
    apply: (spec) => gate(acts('apply'), () => connector.apply(spec)),
    revoke: (spec) => gate(acts('revoke'), () => connector.revoke(spec)),
    observe: (spec) => gate(reads('observe'), () => connector.observe(spec)),
    endSessions: (spec) => gate(acts('endSessions'), () => connector.endSessions(spec)),
    inventory: (governed) => gate(reads('inventory'), () => connector.inventory(governed)),
    activity: (spec, since) => gate(reads('activity'), () => connector.activity(spec, since)),
    close: () => connector.close(),
  }
}
