/**
 * Who holds a conflict today, what makes it, and who answers for it, as one document: totals of everything and the rows
 * that were asked for. What nothing covers comes first.
 */
import type { Instant } from '../time.ts'
import { countConflicts } from './counts.ts'
import { type Cover, type Coverage, type CoverGap, coverageOf } from './coverage.ts'
import type { Broken, Holdings } from './holdings.ts'
import type { EntitlementKey, HolderId, RuleId, Severity } from './rules.ts'
import { severities } from './rules.ts'
import { brokenAlone, conflictOf, type DutyConflict } from './sides.ts'

export interface DutiesQuestion {
  readonly rule?: RuleId
  readonly holder?: HolderId
  /** Only what nothing covers. */
  readonly uncovered: boolean
  readonly rowsMax: number
  /** Leaves out holders, such as those whom the caller may not see. */
  readonly sees?: (holder: HolderId) => boolean
}

export interface ConflictRow extends DutyConflict {
  /** Waivers and mitigations that answer for it. */
  readonly coveredBy: readonly string[]
  /** Those that would and do not, and why. */
  readonly notCoveredBy: readonly { readonly id: string; readonly why: CoverGap }[]
}

export interface DutiesReport {
  readonly at: Instant
  readonly holders: number
  readonly assignments: number
  readonly rules: number
  readonly totals: {
    /** Pairs of a holder and a rule. */
    readonly conflicts: number
    readonly holders: number
    readonly covered: number
    readonly uncovered: number
  }
  readonly severities: readonly { readonly severity: Severity; readonly conflicts: number; readonly holders: number }[]
  /** Rules that somebody breaks, most holders first. */
  readonly byRule: readonly {
    readonly rule: RuleId
    readonly name: string
    readonly severity: Severity
    readonly holders: number
    readonly uncovered: number
  }[]
  /** The rows asked for: uncovered ones first, then by severity. */
  readonly conflicts: readonly ConflictRow[]
  readonly conflictsLeft: number
  /** Entitlements that break a rule all by themselves: whoever gets one gets the conflict. */
  readonly alone: readonly { readonly entitlement: EntitlementKey; readonly rules: readonly RuleId[] }[]
  /** Waivers and mitigations of something that nobody breaks. */
  readonly idle: readonly Cover[]
  /** Entitlements that are held and described nowhere: they may hide a conflict. */
  readonly undescribed: readonly { readonly entitlement: EntitlementKey; readonly holdersCount: number }[]
}

const undescribedMax = 100

export function dutiesReport(
  holdings: Holdings,
  covers: readonly Cover[],
  now: Instant,
  question: DutiesQuestion,
): DutiesReport {
  const coverage = coverageOf(holdings, covers, now)
  const sees = question.sees ?? (() => true)
  const seen = visibleIn(coverage, sees)
  const uncovered = new Set(seen.uncovered.map(keyOf))
  const counts = countConflicts(holdings, undefined, ({ holder }) => sees(holder))
  const { rows, left } = rowsOf(holdings, seen, question)
  return {
    at: now,
    holders: holdings.holdersCount,
    assignments: holdings.assignmentsCount,
    rules: holdings.duties.rules.filter(({ held }) => held !== false).length,
    totals: { ...counts.total, covered: seen.covered.length, uncovered: seen.uncovered.length },
    severities: counts.severities,
    byRule: byRule(holdings, counts, uncovered),
    conflicts: rows,
    conflictsLeft: left,
    alone: brokenAlone(holdings.duties, holdings),
    idle: coverage.idle.filter(({ holder }) => sees(holder)),
    undescribed: holdings.undescribed().slice(0, undescribedMax),
  }
}

function visibleIn({ covered, uncovered }: Coverage, sees: (holder: HolderId) => boolean) {
  return {
    covered: covered.filter(({ holder }) => sees(holder)),
    uncovered: uncovered.filter(({ holder }) => sees(holder)),
  }
}

function rowsOf(
  holdings: Holdings,
  { covered, uncovered }: Pick<Coverage, 'covered' | 'uncovered'>,
  { rule, holder, uncovered: only, rowsMax }: DutiesQuestion,
): { readonly rows: readonly ConflictRow[]; readonly left: number } {
  const wanted = (one: Broken) =>
    (rule === undefined || one.rule === rule) && (holder === undefined || one.holder === holder)
  const severityOf = (one: Broken) => {
    const number = holdings.duties.ruleNumbers.numberOf(one.rule) as number
    return severities.indexOf(holdings.duties.rules[number]?.severity ?? 'low')
  }
  const worstFirst = (a: Broken, b: Broken) =>
    severityOf(a) - severityOf(b) || compare(a.rule, b.rule) || compare(a.holder, b.holder)
  const open = uncovered.filter(wanted).sort(worstFirst)
  const answered = only ? [] : covered.filter(wanted).sort(worstFirst)
  const shown = [
    ...open.map((one) => ({ one, coveredBy: [], notCoveredBy: one.not })),
    ...answered.map((one) => ({ one, coveredBy: one.by, notCoveredBy: [] })),
  ].slice(0, rowsMax)
  const rows = shown.flatMap(({ one, ...cover }) => {
    const conflict = conflictOf(holdings, { holder: one.holder, rule: one.rule })
    return conflict === undefined ? [] : [{ ...conflict, ...cover }]
  })
  return { rows, left: open.length + answered.length - rows.length }
}

function byRule(holdings: Holdings, counts: ReturnType<typeof countConflicts>, uncovered: ReadonlySet<string>) {
  const open = new Map<RuleId, number>()
  for (const key of uncovered) {
    const rule = ruleIn(key)
    open.set(rule, (open.get(rule) ?? 0) + 1)
  }
  return counts.rules
    .filter(({ holders }) => holders > 0)
    .map(({ rule, severity, holders }) => {
      const number = holdings.duties.ruleNumbers.numberOf(rule) as number
      return {
        rule,
        name: holdings.duties.rules[number]?.name ?? rule,
        severity,
        holders,
        uncovered: open.get(rule) ?? 0,
      }
    })
    .sort((a, b) => b.holders - a.holders || compare(a.rule, b.rule))
}

/** The rule first, so that it can be told from the key whatever the holder is called. */
function keyOf({ rule, holder }: Broken): string {
  return `${rule.length}:${rule}${holder}`
}

function ruleIn(key: string): RuleId {
  const colon = key.indexOf(':')
  return key.slice(colon + 1, colon + 1 + Number(key.slice(0, colon)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
