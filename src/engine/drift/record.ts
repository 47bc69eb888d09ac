/**
 * Writes down what was found and what is no longer there, each as a record of its own. What is known as it is costs no
 * transaction; whatever is written is decided again under the record's lock.
 */
import {
  type Drift,
  type DriftEvent,
  type DriftFinding,
  type DriftId,
  driftKey,
  type EndOfDrift,
  ended,
  evolveDrift,
  found,
} from '../../core/drift.ts'
import type { Instant } from '../../core/time.ts'
import { digestOf } from '../../lib/digest.ts'
import { idFrom } from '../../lib/id.ts'
import type { Transaction } from '../../store/contract.ts'
import { writeActs } from '../acts.ts'
import type { Machinery } from '../handle.ts'

/** Locks of one transaction. */
const togetherMax = 100

export function driftId(drift: Drift): DriftId {
  return idFrom('drf', digestOf({ drift: driftKey(drift) }))
}

export interface Changes {
  readonly seen: readonly Drift[]
  /** Of the findings that were open before, those that are no more. */
  readonly over: readonly { readonly id: DriftId; readonly because: EndOfDrift }[]
}

type Change = (known: DriftFinding | undefined, now: Instant) => readonly DriftEvent[]

/** @param open what is open by the last reading; what is over and not there is looked up under its lock. @returns how many records were written. */
export async function recordDrift(
  machinery: Machinery,
  { seen, over }: Changes,
  open: ReadonlyMap<DriftId, DriftFinding>,
): Promise<number> {
  const changes = new Map<DriftId, Change>()
  for (const drift of seen) {
    const id = driftId(drift)
    if (found(open.get(id), drift, '').length > 0) changes.set(id, (known, now) => found(known, drift, now))
  }
  for (const { id, because } of over) changes.set(id, (known, now) => ended(known, because, now))
  const all = [...changes].sort(([one], [other]) => (one < other ? -1 : 1))
  for (let start = 0; start < all.length; start += togetherMax) {
    const some = all.slice(start, start + togetherMax)
    await machinery.store.transact(async (tx) => {
      for (const [id, change] of some) await writeDrift(tx, id, change)
    })
    machinery.committed()
  }
  return all.length
}

async function writeDrift(tx: Transaction, id: DriftId, change: Change): Promise<void> {
  const { now, version, state } = await tx.lockRecord(id)
  const known = state as DriftFinding | undefined
  const events = change(known, now)
  if (events.length > 0) await writeFinding(tx, id, version, known, events)
}

export async function writeFinding(
  tx: Transaction,
  id: DriftId,
  version: number,
  known: DriftFinding | undefined,
  events: readonly DriftEvent[],
): Promise<DriftFinding> {
  const after = events.reduce<DriftFinding | undefined>((next, event) => evolveDrift(next, event, id), known)
  if (after === undefined) throw new Error(`bug: \`${id}\` was written without an event`)
  await writeActs(tx, { id, kind: 'drift', version, status: after.status, state: after, events })
  return after
}
