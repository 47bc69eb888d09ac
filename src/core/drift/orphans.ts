/** Access that is live although nobody answers any more for the workload that has it. Pure. */
import type { CompiledDirectory } from '../compile.ts'
import { isOrphaned } from '../ownership.ts'
import { grantId } from '../plan.ts'
import { nodeKindOf } from '../standing.ts'
import type { Instant } from '../time.ts'
import { isLive, type Waiver } from '../waiver.ts'
import type { Drift } from './finding.ts'

export function orphanDrift(waiver: Waiver, directory: CompiledDirectory, now: Instant): readonly Drift[] {
  const { id, terms, activation } = waiver
  if (!isLive(waiver) || activation === undefined) return []
  if (nodeKindOf(directory, terms.beneficiary) !== 'workload') return []
  if (!isOrphaned(directory, terms.beneficiary, now)) return []
  const { system, entitlement } = terms.access
  return [
    {
      kind: 'owner-left',
      system,
      entitlement,
      account: activation.account,
      holder: terms.beneficiary,
      grant: grantId(id),
      waivers: [id],
      ways: [],
    },
  ]
}
