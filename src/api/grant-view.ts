/** A row of the schedule as it is shown. What connectors report is data and is passed on as far as its shape is known. */
import type { Observation } from '../connectors/access.ts'
import type { GrantView as Row } from '../store/contract.ts'
import type { GrantView } from './schema/grant.ts'

export function shownGrant({
  wanted,
  waiver,
  attempts,
  lastError,
  settled,
  nextAt,
  observed,
  observedAt,
}: Row): GrantView {
  const { grant, generation, present, system, entitlement, account, resources, actions, until } = wanted
  return {
    grant,
    waiver,
    generation,
    wanted: present ? 'present' : 'absent',
    settled,
    system,
    entitlement,
    account,
    resources,
    actions,
    until,
    attempts,
    ...(lastError === undefined ? {} : { lastError }),
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(observedAt === undefined ? {} : { observedAt }),
    // Written by the reconciler from what `observe` said.
    ...(observed === undefined ? {} : { observed: observed as Observation }),
  }
}
