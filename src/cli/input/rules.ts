/**
 * What would change between two policies, compared on this machine. Where the server leaves out the settings of connectors
 * they are left out on both sides, and it is said so: what one cannot see one cannot compare.
 */
import type { PolicyView } from '../../client/index.ts'
import type { Policy } from '../../core/policy.ts'
import { admittedBy, compareRules, type RuleDifference } from '../../core/rules-diff.ts'

export interface Comparison {
  readonly differences: readonly RuleDifference[]
  /** People and teams that come into a pool by it. */
  readonly admits: readonly string[]
  /** Settings were left out on both sides. */
  readonly complete: boolean
}

/** Founders are set by `init`, never by files. */
export function compareWithForce(inForce: PolicyView, files: Policy): Comparison {
  const current = policyIn(inForce)
  return compared(current, { ...files, founders: current.founders }, inForce.complete)
}

export function compareViews(before: PolicyView, after: PolicyView): Comparison {
  return compared(policyIn(before), policyIn(after), before.complete && after.complete)
}

function compared(before: Policy, after: Policy, complete: boolean): Comparison {
  const [old, fresh] = complete ? [before, after] : [withoutSettings(before), withoutSettings(after)]
  return { differences: compareRules(old, fresh), admits: admittedBy(before, after), complete }
}

export function policyIn({ policy }: PolicyView): Policy {
  return policy as unknown as Policy
}

function withoutSettings(policy: Policy): Policy {
  const connectors = Object.entries(policy.connectors).map(([id, connector]) => [id, { ...connector, settings: {} }])
  const systems = Object.entries(policy.systems).map(([id, system]) => {
    const entitlements = Object.entries(system.entitlements).map(([key, entitlement]) => [
      key,
      { ...entitlement, target: {} },
    ])
    return [id, { ...system, entitlements: Object.fromEntries(entitlements) }]
  })
  return { ...policy, connectors: Object.fromEntries(connectors), systems: Object.fromEntries(systems) }
}
