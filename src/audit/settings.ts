/**
 * The few numbers an audit depends on, with the strict values it uses unless told otherwise. They choose what is worth
 * counting; none of them can make anybody independent.
 */
import type { Policy } from '../core/policy.ts'
import { independenceSchema } from '../files/policy-schema.ts'

export interface AuditSettings {
  /** Access that was there longer than this in one stay is standing access. */
  readonly standingDays: number
  /** Grants of the same access at most this far apart are one stay. */
  readonly gapDays: number
  /** So many ends moved in one change were not looked at one by one. */
  readonly bulkFrom: number
  /** Extended at least this often is extended often. */
  readonly oftenFrom: number
}

export const settingsDefault: AuditSettings = { standingDays: 365, gapDays: 30, bulkFrom: 10, oftenFrom: 3 }

/** The rules of independence where nobody wrote any: the defaults of a policy file, which are the strict ones. */
export function strictPolicy(): Policy {
  const { lastGoodMax, teams, ...independence } = independenceSchema.parse({})
  return {
    tiers: {},
    beneficiaryRisk: {},
    systems: {},
    connectors: {},
    pools: {},
    functions: {},
    dutyRules: {},
    controls: {},
    independence: { ...independence, teams, lastGoodSecondsMax: lastGoodMax },
    changeDelaySeconds: 0,
    founders: [],
  }
}
