/** One holder looked at closely: every conflict with how they come to hold each side, the least to give up, what more would do. */
import type { Instant } from '../time.ts'
import { type Cover, coverageOf } from './coverage.ts'
import { type DropPlan, dropPlan, type HolderFix, holderFix } from './drop-plan.ts'
import { type Fixes, fixes } from './fixes.ts'
import type { Broken, Holdings } from './holdings.ts'
import type { Origin } from './in-force.ts'
import { type ConflictRow, dutiesReport } from './report.ts'
import type { EntitlementKey, HolderId } from './rules.ts'
import { type Addition, wouldAdd } from './would-add.ts'

export interface HolderReport {
  readonly holder: HolderId
  readonly entitlements: readonly EntitlementKey[]
  readonly conflicts: readonly ConflictRow[]
  /** How they come to hold each entitlement that takes part in a conflict; empty where files say no more than that. */
  readonly origins: readonly { readonly entitlement: EntitlementKey; readonly by: readonly Origin[] }[]
  /** Absent without a conflict. */
  readonly fix?: HolderFix
  /** What these entitlements would add. */
  readonly adds?: Addition
}

const conflictsMax = 10_000

export function holderReport(
  holdings: Holdings,
  covers: readonly Cover[],
  holder: HolderId,
  origins: ReadonlyMap<EntitlementKey, readonly Origin[]>,
  adding: readonly EntitlementKey[],
  now: Instant,
): HolderReport {
  const { conflicts } = dutiesReport(holdings, covers, now, { holder, uncovered: false, rowsMax: conflictsMax })
  const adds = adding.length === 0 ? undefined : wouldAdd(holdings, holder, adding)
  const all = [...conflicts, ...(adds?.breaks ?? []), ...(adds?.joins ?? [])]
  const taking = new Set(
    all.flatMap(({ sides }) => sides.flatMap(({ through }) => through.map((one) => one.entitlement))),
  )
  return {
    holder,
    entitlements: holdings.entitlementsOf(holder).sort(),
    conflicts,
    origins: [...taking].sort().map((entitlement) => ({ entitlement, by: origins.get(entitlement) ?? [] })),
    ...(conflicts.length === 0 ? {} : { fix: holderFix(holdings, holder) }),
    ...(adds === undefined ? {} : { adds }),
  }
}

export interface FixesReport extends Fixes {
  readonly plan: DropPlan
}

/** What to take away from whom, for all conflicts or for those that nothing covers. */
export function fixesReport(
  holdings: Holdings,
  covers: readonly Cover[],
  now: Instant,
  {
    uncovered,
    rowsMax,
    dropsMax,
  }: { readonly uncovered: boolean; readonly rowsMax: number; readonly dropsMax: number },
): FixesReport {
  const open = uncovered ? new Set(coverageOf(holdings, covers, now).uncovered.map(keyOf)) : undefined
  const of = open === undefined ? {} : { of: (broken: Broken) => open.has(keyOf(broken)) }
  return { ...fixes(holdings, { rowsMax, ...of }), plan: dropPlan(holdings, dropsMax, of.of) }
}

function keyOf({ holder, rule }: Broken): string {
  return `${holder.length}:${holder}${rule}`
}
