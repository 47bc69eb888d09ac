/**
 * Could what was just denied be asked for? Only where asking leads somewhere: the rules offer it, the subject has an
 * account there, nothing that is live stands in the way, and exactly this use can be put into terms. It promises nothing;
 * whoever asks is judged like everybody.
 */
import { describe } from '../compile.ts'
import type { Conditions } from '../conditions.ts'
import { type Entitlement, type EntitlementId, entryOf, type Policy } from '../policy.ts'
import { kindsFor } from '../request-kinds.ts'
import type { RuntimeFacts, Use } from '../runtime.ts'
import { accountsHeld } from '../standing.ts'
import { exactCall } from './exact-call.ts'
import type { LiveWaiver } from './live.ts'
import type { RuntimeReason } from './reasons.ts'

export interface Askable {
  readonly entitlement: EntitlementId
  /** Of the subject on the system. */
  readonly accounts: readonly [string, ...string[]]
  /** That allow exactly this use. */
  readonly conditions: Conditions
}

/** Reasons that a new approval could change. The others pass by themselves, or no approval changes them. */
const lacksApproval: ReadonlySet<RuntimeReason> = new Set([
  'no-waiver',
  'outside-scope',
  'resource-excluded',
  'window-over',
  'policy-changed',
  'account-changed',
  'tool-not-covered',
  'tool-changed',
  'argument-not-covered',
  'budget-spent',
])

export function askableAs(
  use: Use,
  reason: RuntimeReason,
  live: readonly LiveWaiver[],
  facts: RuntimeFacts,
): Askable | undefined {
  if (!lacksApproval.has(reason)) return undefined
  const entitlement = offering(use, facts)
  const conditions = exactCall(use)
  const [account, ...more] = accountsHeld(facts.directory, use.actor, use.system, facts.now)
  if (entitlement === undefined || conditions === undefined || account === undefined) return undefined
  if (live.some((waiver) => standsInTheWay(use, entitlement.id, waiver, facts))) return undefined
  return { entitlement: entitlement.id, accounts: [account, ...more], conditions }
}

/** The one that asks for least where several offer it: the lowest tier, then the first by name. */
function offering(use: Use, { directory, policy, now }: RuntimeFacts): Entitlement | undefined {
  const user = describe(directory, use.actor, now)
  if (user === undefined || (user.kind !== 'workload' && user.kind !== 'person')) return undefined
  const rankOf = ({ tier }: Entitlement) => {
    const rules = entryOf(policy.tiers, tier)
    if (rules === undefined) return undefined
    const [kind] = kindsFor(user, [{ system: use.system, tier, rules, breakGlass: false }], policy)
    return kind?.rules.rank
  }
  return offeredOn(policy, use)
    .flatMap((entitlement) => {
      const rank = rankOf(entitlement)
      return rank === undefined ? [] : [{ entitlement, rank }]
    })
    .sort((a, b) => a.rank - b.rank || (a.entitlement.id < b.entitlement.id ? -1 : 1))[0]?.entitlement
}

function offeredOn(policy: Policy, { system, resource, action }: Use): readonly Entitlement[] {
  const rule = entryOf(policy.systems, system)
  return Object.values(rule?.entitlements ?? {}).filter(
    ({ kinds, resources, actions }) =>
      kinds.includes('access-override') && resources.includes(resource) && actions.includes(action),
  )
}

/** Asking again for what one has is refused: it has to be extended, or ended first. */
function standsInTheWay(use: Use, entitlement: EntitlementId, waiver: LiveWaiver, { now }: RuntimeFacts): boolean {
  if (waiver.kind === 'break-glass' || waiver.user !== use.actor || waiver.system !== use.system) return false
  if (now >= waiver.end) return false
  return waiver.entitlement === entitlement || (waiver.resources.has(use.resource) && waiver.actions.has(use.action))
}
