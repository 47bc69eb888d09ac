/**
 * Puts uses on the record: many waivers in one transaction, each decided by the same core as any other act. What could
 * not be written is kept for the next time; what may have been written twice counts twice, never not at all.
 */
import { decide } from '../../core/decide.ts'
import { evolve } from '../../core/evolve.ts'
import type { Facts } from '../../core/facts.ts'
import { noHistory } from '../../core/independence.ts'
import { isSampled } from '../../core/sampling.ts'
import { type RecordedUses, systemActor, type Waiver, type WaiverEvent, type WaiverId } from '../../core/waiver.ts'
import { digestOfText } from '../../lib/digest.ts'
import { factsFrom, type Known } from '../../proof/circumstances.ts'
import type { LeasePart, Store, Transaction, WaiverWrite } from '../../store/contract.ts'
import { knowledgeFor, waiverWrite } from '../handle.ts'
import type { Knowledge } from '../knowledge.ts'
import type { Logger } from '../logger.ts'

export interface Recording {
  readonly waiver: WaiverId
  readonly pending: Omit<RecordedUses, 'process'>
  readonly undo: () => void
}

interface RecordParts {
  readonly store: Store
  readonly knowledge: Knowledge
  readonly log: Logger
  readonly committed: () => void
}

const batchMax = 200

/** @returns how many uses were recorded. @throws when the store fails; what was to be recorded is kept. */
export async function recordUses(
  parts: RecordParts & { readonly process: string },
  recordings: readonly Recording[],
): Promise<number> {
  let count = 0
  const left = [...recordings]
  try {
    while (left.length > 0) {
      const batch = left.slice(0, batchMax)
      const uses = new Map(batch.map(({ waiver, pending }) => [waiver, [{ process: parts.process, ...pending }]]))
      await parts.store.transact((tx) => write(parts, tx, [...uses.keys()], async () => uses))
      for (const { pending } of batch) count += pending.uses
      left.splice(0, batch.length)
    }
  } finally {
    for (const { undo } of left) undo()
  }
  if (count > 0) parts.committed()
  return count
}

/** What nobody renewed in time counts as used. @returns how many waivers were looked at. */
export async function recordLost(parts: RecordParts, limit = batchMax): Promise<number> {
  const waivers = await parts.store.leases.expired(limit)
  if (waivers.length === 0) return 0
  await parts.store.transact((tx) =>
    write(parts, tx, waivers, async (ids) => lostUses(await tx.dropExpiredLeases(ids))),
  )
  parts.committed()
  return waivers.length
}

function lostUses(parts: readonly LeasePart[]): ReadonlyMap<WaiverId, readonly RecordedUses[]> {
  const lost = Map.groupBy(parts, ({ waiver }) => waiver)
  return new Map(
    [...lost].map(([waiver, held]) => [
      waiver,
      held
        .filter(({ uses }) => uses > 0)
        .map(({ process, uses, bytes }) => ({ process, uses, bytes, lines: [], lost: true as const })),
    ]),
  )
}

type UsesOf = (locked: readonly WaiverId[]) => Promise<ReadonlyMap<WaiverId, readonly RecordedUses[]>>

async function write(
  { knowledge, log }: RecordParts,
  tx: Transaction,
  ids: readonly WaiverId[],
  usesOf: UsesOf,
): Promise<void> {
  const waivers = await tx.lockWaivers([...ids].sort())
  const uses = await usesOf(waivers.map(({ id }) => id))
  const moment = await tx.moment()
  const known = await knowledgeFor(knowledge, moment)
  if (known === undefined) return
  const writes = waivers.flatMap((waiver): WaiverWrite[] => {
    const events = eventsOf(waiver, uses.get(waiver.id) ?? [], factsOf(waiver, known, moment), log)
    return events.length === 0 ? [] : [waiverWrite(waiver.id, waiver, events, [])]
  })
  await tx.write({ waivers: writes, revisions: [], settled: settledBy(uses) })
}

function factsOf({ id }: Waiver, known: Known, { now, heads }: Awaited<ReturnType<Transaction['moment']>>): Facts {
  const actor = { id: systemActor, chain: [] }
  const sampled = isSampled(digestOfText(id))
  const reference = { directory: known.directoryDigest, policy: known.todayDigest, circumstances: '' }
  const circumstances = { actor, history: noHistory, earlier: [], held: [], clock: heads.clock, sampled }
  return factsFrom(circumstances, now, known, reference)
}

function eventsOf(waiver: Waiver, uses: readonly RecordedUses[], facts: Facts, log: Logger): readonly WaiverEvent[] {
  const events: WaiverEvent[] = []
  let state = waiver
  for (const recorded of uses) {
    const decision = decide(state, { type: 'record-uses', ...recorded }, facts)
    if (decision.outcome === 'accepted') events.push(...decision.events)
    else log.error({ waiver: waiver.id, code: decision.refusal.code }, 'uses could not be put on the record')
    state = events.slice(state.version - waiver.version).reduce((next, event) => evolve(next, event, waiver.id), state)
  }
  return events
}

/** What was lost is held no more: it was taken away before. */
function settledBy(uses: ReadonlyMap<WaiverId, readonly RecordedUses[]>): readonly LeasePart[] {
  return [...uses].flatMap(([waiver, all]) =>
    all
      .filter(({ lost }) => lost === undefined)
      .map(({ process, uses: count, bytes }) => ({ waiver, process, uses: count, bytes })),
  )
}
