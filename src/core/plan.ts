/**
 * What shall be true on the target, and which steps lead there from what is true now. The plan leaves its executor no
 * choice; the executor repeats it for ever, so every step is safe to take twice.
 */
import type { SystemId } from './directory.ts'
import type { EntitlementId } from './policy.ts'
import { resourcesGiven } from './terms.ts'
import type { Instant } from './time.ts'
import { isLive, type Waiver } from './waiver.ts'

/** What shall be true for one grant. One waiver gives at most one grant. */
export interface WantedGrant {
  /** `grt_…`, from the waiver's id. */
  readonly grant: string
  readonly generation: number
  readonly present: boolean
  readonly system: SystemId
  readonly entitlement: EntitlementId
  readonly account: string
  readonly resources: readonly string[]
  readonly actions: readonly string[]
  readonly until: Instant
}

export interface ObservedGrant {
  readonly present: boolean
  readonly differs: readonly string[]
  readonly sessionsCount: number
}

/** In order; after the last one the target is observed again. `settled` says that nothing is left to do. */
export type Step = 'apply' | 'revoke' | 'end-sessions' | 'settled'

/** @returns the grant this waiver asks of its target; undefined while it never gave any. */
export function wantedGrant(waiver: Waiver): WantedGrant | undefined {
  const { activation, terms } = waiver
  if (activation === undefined) return undefined
  return {
    grant: grantId(waiver.id),
    generation: waiver.generation,
    present: isLive(waiver) && waiver.status !== 'suspended',
    system: terms.access.system,
    entitlement: terms.access.entitlement,
    account: activation.account,
    resources: resourcesGiven(terms),
    actions: terms.access.actions,
    until: activation.end,
  }
}

/**
 * @returns the steps from observed to wanted. Access that shall be gone is revoked first and its sessions are ended
 * after that, so that no session can be opened in between and survive.
 */
export function plan(wanted: Pick<WantedGrant, 'present'>, observed: ObservedGrant): readonly Step[] {
  if (wanted.present) return observed.present && observed.differs.length === 0 ? ['settled'] : ['apply']
  const steps: Step[] = []
  if (observed.present || observed.differs.length > 0) steps.push('revoke')
  if (steps.length > 0 || observed.sessionsCount > 0) steps.push('end-sessions')
  return steps.length === 0 ? ['settled'] : steps
}

export function grantId(waiver: string): string {
  return `grt_${waiver.slice(waiver.indexOf('_') + 1)}`
}
