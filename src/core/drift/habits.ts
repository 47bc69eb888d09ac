/** What waivers come to over time: the same asked for again and again, or asked for and never used. Pure. */
import type { NodeId, SystemId } from '../directory.ts'
import { type EntitlementId, entryOf, type HabitLimits, type Policy } from '../policy.ts'
import type { WaiverId } from '../waiver.ts'
import type { Drift } from './finding.ts'

/** So many of the waivers are named; all of them are counted. */
export const waiversNamedMax = 20

export interface HabitSeen {
  readonly holder: NodeId
  readonly system: SystemId
  readonly entitlement: EntitlementId
  readonly waiversCount: number
  readonly waivers: readonly WaiverId[]
}

export function habitDrift(kind: 'repeated-waivers' | 'never-used', seen: HabitSeen, limits: HabitLimits): Drift {
  const { holder, system, entitlement, waivers, waiversCount } = seen
  const overDays = kind === 'repeated-waivers' ? limits.repeatedOverDays : limits.unusedOverDays
  return { kind, system, entitlement, holder, waivers, ways: [], waiversCount, overDays }
}

/**
 * Whether access that is over was used. "Unused" is said only where a use would have been seen: the target was asked and
 * answers for it, or whoever uses it has to ask at each use. Otherwise nobody knows.
 */
export function usageOf(
  { system, usesCount, used, asked }: { system: SystemId; usesCount: number; used: boolean; asked: boolean },
  policy: Policy,
): 'used' | 'unused' | 'unknown' {
  if (used || usesCount > 0) return 'used'
  const isEnforced = (entryOf(policy.systems, system)?.enforcers ?? []).length > 0
  return asked || isEnforced ? 'unused' : 'unknown'
}
