/**
 * Acts on a record that wakes nobody and puts no revision into force: what became of it, and its events, as one write. Under
 * the lock whose answer named the version.
 */
import type { Instant } from '../core/time.ts'
import type { RecordKind, Transaction } from '../store/contract.ts'
import { newEvents } from './rules.ts'

export interface Acts {
  readonly id: string
  readonly kind: RecordKind
  /** Before these acts. */
  readonly version: number
  readonly status: string
  readonly state: unknown
  readonly events: readonly { readonly type: string; readonly at: Instant; readonly by: string }[]
}

export async function writeActs(tx: Pick<Transaction, 'writeRecord'>, acts: Acts): Promise<void> {
  const { id, kind, version, status, state, events } = acts
  await tx.writeRecord({
    id,
    kind,
    version: version + events.length,
    status,
    state,
    dueAt: undefined,
    events: newEvents(id, version, events),
    revisions: [],
    heads: {},
    thaw: false,
  })
}
