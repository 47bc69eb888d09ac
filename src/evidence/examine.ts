/**
 * Did each control hold in this period? Every check looks at what was done and says how much it looked at and what did not
 * hold, event by event. Where nothing was done there is nothing to show, and that is said rather than counted as good.
 */
import type { Window } from '../core/time.ts'
import { accessChecks } from './checks/access.ts'
import { approvalChecks } from './checks/approvals.ts'
import type { Check, Lapse } from './checks/check.ts'
import { driftChecks } from './checks/drift.ts'
import { reviewChecks } from './checks/reviews.ts'
import { ruleChecks } from './checks/rules.ts'
import { type EvidencedControlId, evidencedControlIds } from './controls.ts'
import type { Story } from './lives.ts'

export interface Examined {
  readonly control: EvidencedControlId
  /** What was looked at, in the plural: `approvals`. */
  readonly looked: string
  readonly count: number
  /** What did not hold; empty when everything did, or when there was nothing. */
  readonly lapses: readonly Lapse[]
  readonly state: 'held' | 'did-not-hold' | 'nothing-to-examine'
}

const checks: Readonly<Record<EvidencedControlId, Check>> = {
  ...approvalChecks,
  ...accessChecks,
  ...reviewChecks,
  ...driftChecks,
  ...ruleChecks,
}

/** @param period acts at or after its start and before its end; what is still open is judged as of its end */
export function examine(
  story: Story,
  period: Window,
  controls: readonly EvidencedControlId[] = evidencedControlIds,
): readonly Examined[] {
  return controls.map((control) => {
    const { looked, look } = checks[control]
    const { count, lapses } = look(story, period)
    const state = count === 0 ? 'nothing-to-examine' : lapses.length === 0 ? 'held' : 'did-not-hold'
    return { control, looked, count, lapses, state }
  })
}
