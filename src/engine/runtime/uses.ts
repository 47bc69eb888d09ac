/**
 * Counts what is allowed. A use that is counted is taken from what this process holds of the budget, and what it holds
 * nobody else can give away; what was allowed is recorded together, a moment later. When this process dies, nothing that
 * was held is ever given out again: it counts as used.
 */
import type { LiveWaiver, RuntimeReason } from '../../core/runtime.ts'
import type { WaiverId } from '../../core/waiver.ts'
import type { LeasePart, Store } from '../../store/contract.ts'
import type { Knowledge } from '../knowledge.ts'
import type { Logger } from '../logger.ts'
import { type Recording, recordUses } from './record.ts'
import { type NewUse, newTally, type Tally } from './tally.ts'

/** What was allowed is on the record after this long, and that much of the record is lost when a process dies. */
export const recordEveryMillis = 250
/** A process believes in what it holds for this long; the store keeps it for four times as long. */
export const believedMillis = 15_000
const leaseSeconds = 60
/** What was not used for this long is given back, so that others can use it. */
const idleMillis = 2_000
/** Budgets up to this size are asked for one use at a time. */
const singlyMax = 100
const leaseUsesMax = 256
const leaseParts = 16

export interface UsesParts {
  readonly store: Store
  readonly knowledge: Knowledge
  readonly log: Logger
  readonly committed: () => void
  readonly process: string
  readonly monotonic: () => number
}

export interface Uses {
  /** Allows one use, or says why nothing is left. Answers at once unless the store has to be asked. */
  take(waiver: LiveWaiver, use: NewUse): true | RuntimeReason | Promise<true | RuntimeReason>
  /** What this process knows to be left, at most; absent: not limited. */
  left(waiver: LiveWaiver): { readonly uses?: number; readonly bytes?: number }
  /** Records what was allowed, renews what is held, gives back what is not used. @returns how many uses were recorded. */
  record(only?: WaiverId): Promise<number>
  /** Records everything and holds nothing any more. */
  stop(): Promise<void>
}

export function usesOn(parts: UsesParts): Uses {
  const { store, log, process, monotonic } = parts
  const tallies = new Map<WaiverId, Tally>()
  const asking = new Map<WaiverId, Promise<unknown>>()

  const tallyOf = (id: WaiverId): Tally => {
    const tally = tallies.get(id) ?? newTally()
    tallies.set(id, tally)
    return tally
  }

  /** One at a time for each waiver, so that two uses at once do not hold twice as much. */
  const inTurn = async <Value>(id: WaiverId, work: () => Promise<Value>): Promise<Value> => {
    const before = asking.get(id) ?? Promise.resolve()
    const mine = before.catch(() => undefined).then(work)
    asking.set(id, mine)
    try {
      return await mine
    } finally {
      if (asking.get(id) === mine) asking.delete(id)
    }
  }

  const askStore = async (waiver: LiveWaiver, use: NewUse): Promise<true | RuntimeReason> => {
    const tally = tallyOf(waiver.id)
    if (tally.spend(waiver, use, monotonic())) return true
    let given = await lease(store, process, waiver, use, tally, monotonic)
    if (tally.spend(waiver, use, monotonic())) return true
    // What this process has allowed itself may be all there was; then the record says so, and the waiver ends.
    if (!given.spent && tally.pendingCount > 0) {
      await record(waiver.id)
      given = await lease(store, process, waiver, use, tally, monotonic)
      if (tally.spend(waiver, use, monotonic())) return true
    }
    if (given.spent) return 'budget-spent'
    if (given.stretch?.uses === 0) return 'rate-reached'
    return given.left.bytes !== undefined && given.left.bytes + given.bytes < (use.use.bytes ?? 0)
      ? 'budget-spent'
      : 'budget-taken'
  }

  const record = async (only?: WaiverId): Promise<number> => {
    const taken = [...tallies].flatMap(([waiver, tally]): Recording[] => {
      if (only !== undefined && waiver !== only) return []
      const some = tally.take()
      return some === undefined ? [] : [{ waiver, ...some }]
    })
    return recordUses(parts, taken)
  }

  return {
    take(waiver, use) {
      const tally = tallyOf(waiver.id)
      if (asking.has(waiver.id) || !tally.spend(waiver, use, monotonic()))
        return inTurn(waiver.id, () => askStore(waiver, use))
      return true
    },
    left({ id, conditions: { usesMax, bytesMax }, usesCount, bytesCount }) {
      const pending = tallies.get(id)?.pendingCount ?? 0
      return {
        ...(usesMax === undefined ? {} : { uses: Math.max(0, usesMax - usesCount - pending) }),
        ...(bytesMax === undefined ? {} : { bytes: Math.max(0, bytesMax - bytesCount) }),
      }
    },
    async record(only) {
      const count = await record(only)
      if (only === undefined) await tidy(store, process, tallies, asking, monotonic())
      return count
    },
    async stop() {
      await Promise.allSettled([...asking.values()])
      await record().catch((error: unknown) => log.error({ err: error }, 'uses could not be recorded at the end'))
      const back = [...tallies].map(([waiver, tally]) => ({ waiver, process, ...tally.letGo() })).filter(isSomething)
      await store.leases.giveBack(back)
      tallies.clear()
    },
  }
}

async function lease(
  store: Store,
  process: string,
  waiver: LiveWaiver,
  { use }: NewUse,
  tally: Tally,
  monotonic: () => number,
) {
  const askedAt = monotonic()
  const given = await store.leases.take({
    waiver: waiver.id,
    process,
    seconds: leaseSeconds,
    ...wanted(waiver, use.bytes ?? 0),
  })
  tally.hold(given, askedAt + believedMillis)
  return given
}

/** Enough to go on for a while, and little enough that others are not kept waiting for what is not used. */
function wanted({ conditions: { usesMax, bytesMax, rate }, usesCount, bytesCount }: LiveWaiver, bytes: number) {
  const share = (left: number) => Math.floor(left / leaseParts)
  const many = (max: number, used: number) =>
    max <= singlyMax ? 1 : Math.max(1, Math.min(leaseUsesMax, share(max - used)))
  return {
    uses: usesMax === undefined ? 0 : many(usesMax, usesCount),
    bytes: bytesMax === undefined ? 0 : Math.max(bytes, share(bytesMax - bytesCount)),
    stretchUses: rate === undefined ? 0 : many(rate.usesMax, 0),
  }
}

async function tidy(
  store: Store,
  process: string,
  tallies: Map<WaiverId, Tally>,
  asking: ReadonlyMap<WaiverId, unknown>,
  now: number,
): Promise<void> {
  const back: LeasePart[] = []
  const kept: WaiverId[] = []
  for (const [waiver, tally] of tallies) {
    const idle = now - tally.usedAt > idleMillis
    if (idle) back.push({ waiver, process, ...tally.letGo() })
    else if (isSomething(tally.held) && tally.heldUntil - now < believedMillis / 2) kept.push(waiver)
    // INVARIANT: whoever is asking the store just now will spend from this tally, and what is spent there is recorded.
    if (idle && tally.pendingCount === 0 && !asking.has(waiver)) tallies.delete(waiver)
  }
  await store.leases.giveBack(back.filter(isSomething))
  await store.leases.renew(process, kept, leaseSeconds)
  for (const waiver of kept) tallies.get(waiver)?.renewed(now + believedMillis)
}

function isSomething({ uses, bytes }: { readonly uses: number; readonly bytes: number }): boolean {
  return uses > 0 || bytes > 0
}
