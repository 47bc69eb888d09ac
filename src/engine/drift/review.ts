/** Somebody looks back on a finding: decided under its lock, on the newest directory, and written down either way. */
import { askingOfDrift, type DriftFinding, type DriftReviewCommand, decideDriftReview } from '../../core/drift.ts'
import { type Refusal, refusal } from '../../core/refusal.ts'
import type { Actor } from '../../core/waiver.ts'
import { checkFacts } from '../directories/moment.ts'
import type { Machinery } from '../handle.ts'
import { writeFinding } from './record.ts'

export type DriftReviewHandled =
  | { readonly outcome: 'accepted'; readonly finding: DriftFinding }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

/** @returns `undefined` when there is no such finding. */
export async function reviewDrift(
  machinery: Machinery,
  id: string,
  command: DriftReviewCommand,
  actor: Actor,
): Promise<DriftReviewHandled | undefined> {
  const handled = await machinery.store.transact(async (tx): Promise<DriftReviewHandled | undefined> => {
    const locked = await tx.lockRecord(id)
    const known = locked.state as DriftFinding | undefined
    if (known === undefined) return undefined
    const waivers = await machinery.store.waivers.findAll(known.drift.waivers)
    const facts = await checkFacts(machinery, tx, { locked }, actor, (directory, policy) =>
      [actor.id, ...askingOfDrift(known, waivers, { directory, policy, now: locked.now })].filter(
        (node) => directory.nodes.numbers.get(node) !== undefined,
      ),
    )
    if (facts === undefined) return { outcome: 'refused', refusal: refusal('not-initialised') }
    const decision = decideDriftReview(known, command, waivers, facts)
    const finding = await writeFinding(tx, id, locked.version, known, decision.events)
    return decision.outcome === 'refused' ? decision : { outcome: 'accepted', finding }
  })
  machinery.committed()
  return handled
}
