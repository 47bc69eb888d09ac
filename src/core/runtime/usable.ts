/**
 * Can this waiver be used at all by whoever acts, at this moment? Everything that was true when access was started is
 * asked again, whatever it is then used for.
 */
import { personsControlling } from '../compile.ts'
import { entitlementOf } from '../policy.ts'
import type { RuntimeFacts, Use } from '../runtime.ts'
import { directoryAgeSeconds, holdsAccount, isActive } from '../standing.ts'
import type { LiveWaiver } from './live.ts'
import type { RuntimeReason } from './reasons.ts'

/** The clock, the directory: without them nothing is said to be allowed. */
export function untimely({ clock, directory, policy, now }: RuntimeFacts): RuntimeReason | undefined {
  if (clock !== 'steady') return 'clock-went-backwards'
  const age = directoryAgeSeconds(directory, now)
  return age <= policy.independence.lastGoodSecondsMax ? undefined : 'directory-too-old'
}

export function notUsable(
  who: Pick<Use, 'actor' | 'chain'>,
  waiver: LiveWaiver,
  facts: RuntimeFacts,
): RuntimeReason | undefined {
  const { directory, policy, now } = facts
  if (now >= waiver.end) return 'window-over'
  if (now < waiver.start) return 'too-early'
  if (waiver.state === 'suspended') return 'waiver-suspended'
  if (waiver.state !== 'active') return 'grant-pending'
  if (!isActive(directory, who.actor, now)) return 'subject-not-active'
  if (entitlementOf(policy, waiver)?.kinds.includes(waiver.kind) !== true) return 'policy-changed'
  if (!holdsAccount(directory, waiver.user, waiver.system, waiver.account, now)) return 'account-changed'
  return approverBehind(who, waiver, facts) ? 'approver-in-chain' : undefined
}

/** Whoever countersigned has no part in the use, neither themselves nor through a workload they control. */
function approverBehind(
  { chain }: Pick<Use, 'chain'>,
  { approvers }: LiveWaiver,
  { directory, policy, now }: RuntimeFacts,
): boolean {
  return chain.some(
    (node) =>
      approvers.has(node) || personsControlling(directory, node, now, policy).some((person) => approvers.has(person)),
  )
}
