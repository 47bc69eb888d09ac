/**
 * Time passes for every waiver without anybody acting: what has become due is taken in batches, decided by the same core
 * and committed at once. Two sweeps side by side never take the same waiver.
 */
import { decide } from '../core/decide.ts'
import { noHistory } from '../core/independence.ts'
import { isSampled } from '../core/sampling.ts'
import { plusSeconds } from '../core/time.ts'
import type { Waiver } from '../core/waiver.ts'
import { systemActor } from '../core/waiver.ts'
import { digestOfText } from '../lib/digest.ts'
import { factsFrom, type Known } from '../proof/circumstances.ts'
import type { Heads, WaiverWrite } from '../store/contract.ts'
import { handle, knowledgeFor, type Machinery, waiverWrite } from './handle.ts'

const batchMax = 1_000
/** Something that stays due although nothing happened is a bug; it must not stop the sweep for everybody else. */
const stuckSeconds = 60

/** While the database writes one batch, the next one is decided. */
const lanes = 2

/** Batch after batch, until nothing is due any more. @returns how many waivers were looked at. */
export async function sweepAll(machinery: Machinery, limit = batchMax): Promise<number> {
  const lane = async () => {
    let total = 0
    for (let count = 1; count > 0; total += count) count = await sweep(machinery, limit)
    return total
  }
  const totals = await Promise.all(Array.from({ length: lanes }, lane))
  return totals.reduce((sum, total) => sum + total, 0)
}

/** One batch. @returns how many waivers were looked at; there may be more while that is not 0. */
export async function sweep(machinery: Machinery, limit = batchMax): Promise<number> {
  const { store, knowledge } = machinery
  const starting: string[] = []
  const count = await store.transact(async (tx) => {
    const { now, heads, waivers } = await tx.lockDue(limit)
    const known = waivers.length === 0 ? undefined : await knowledgeFor(knowledge, { heads })
    if (known === undefined) return 0
    const writes = waivers.map((waiver): WaiverWrite => {
      if (startsByItself(waiver, now)) {
        starting.push(waiver.id)
        return postponed(waiver, plusSeconds(now, 1))
      }
      try {
        return ticked(waiver, now, heads, known)
      } catch (error) {
        // One waiver that nobody can make sense of must not keep the others from ending.
        machinery.log.error(
          { err: error, waiver: waiver.id },
          'a waiver that is due cannot be decided; it is tried again',
        )
        return postponed(waiver, plusSeconds(now, stuckSeconds))
      }
    })
    await tx.write({ waivers: writes, revisions: [] })
    return waivers.length
  })
  if (count > 0) machinery.committed()
  // Starting access asks everything anew and needs the target's word: one by one, on the common path.
  for (const waiver of starting)
    await handle(machinery, { waiver, command: { type: 'tick' }, actor: { id: systemActor, chain: [] } })
  return count
}

function ticked(waiver: Waiver, now: string, heads: Heads, known: Known): WaiverWrite {
  const actor = { id: systemActor, chain: [] }
  const sampled = isSampled(digestOfText(waiver.id))
  const circumstances = { actor, history: noHistory, earlier: [], held: [], clock: heads.clock, sampled }
  const reference = { directory: known.directoryDigest, policy: known.todayDigest, circumstances: '' }
  const decision = decide(waiver, { type: 'tick' }, factsFrom(circumstances, now, known, reference))
  const write = waiverWrite(waiver.id, waiver, decision.events, [])
  return write.dueAt !== undefined && write.dueAt <= now ? postponed(waiver, plusSeconds(now, stuckSeconds)) : write
}

function startsByItself(waiver: Waiver, now: string): boolean {
  const waits = waiver.status === 'countersigned' && waiver.activation === undefined
  return waits && now < (waiver.activateBy ?? waiver.terms.window.end)
}

function postponed(waiver: Waiver, dueAt: string): WaiverWrite {
  return { id: waiver.id, before: waiver, after: { ...waiver }, events: [], dueAt, grant: undefined, askedBy: [] }
}
