/**
 * What is asked about coverage, and the whole answer as one document: the map by hour, the gaps with their reasons, and
 * what would close them. A large organisation takes a while, so the answer is made in steps between which others may run.
 */
import type { DirectoryFacts, NodeId, SystemId } from '../directory.ts'
import { entryOf, type PoolId } from '../policy.ts'
import { type Instant, instantOf } from '../time.ts'
import { plannedUntilOf } from './duty-line.ts'
import { type Gap, gapsOf } from './gaps.ts'
import { type Group, type GroupKind, groupNamed, teamsAndRotas, workloadsOf } from './groups.ts'
import type { PreparedCoverage } from './prepare.ts'
import { type Remedy, remedyFor } from './remedy.ts'
import { type CoverageRow, isShort, rowOf, shortHoursOf } from './rows.ts'

export interface CoverageQuestion {
  /** Team, rota or workload: by system. Absent: everybody who could ask, together for all systems. */
  readonly group?: NodeId
  readonly system?: SystemId
  /** `workloads` takes long in a large organisation: each is looked at. */
  readonly of: 'teams-and-rotas' | 'workloads'
  /** Rows shown; those with most uncovered hours come first. */
  readonly rowsMax: number
  readonly gapsMax: number
  /** Look for the smallest change; it needs the facts. */
  readonly facts?: DirectoryFacts
}

export interface CoverageReport {
  readonly from: Instant
  readonly hours: number
  readonly rows: readonly ReportRow[]
  /** Rows there are beyond those shown. */
  readonly rowsLeft: number
  readonly totals: {
    readonly rows: number
    readonly rowsUncovered: number
    /** Summed over all rows, also those that are not shown. */
    readonly uncovered: number
    readonly unplanned: number
    /** Different hours in which at least one row is uncovered. */
    readonly uncoveredHours: number
  }
  /** Of the rows shown, the most hours first; what is the same for several groups stands once. */
  readonly gaps: readonly SharedGap[]
  readonly gapsLeft: number
  readonly pools: readonly {
    readonly pool: PoolId
    readonly rotas: readonly NodeId[]
    /** Until when its rotas say who is on duty; absent without a rota, `null` when they never say. */
    readonly plannedUntil?: Instant | null
  }[]
  readonly remedy?: Remedy
}

export interface SharedGap extends Gap {
  /** Other groups of which the same is true, of the same hours and the same people. */
  readonly alsoFor: readonly NodeId[]
}

export interface ReportRow {
  readonly group: NodeId
  readonly kind: GroupKind
  readonly system?: SystemId
  readonly askers: number
  /** By hour, of the worst moment of the worst request: independent people on duty. `null`: nobody would ask. */
  readonly counts: readonly (number | null)[]
  readonly needed: readonly (number | null)[]
  /** Independent people of the pools who are not on duty and could be called. */
  readonly callable: readonly (number | null)[]
  /** Numbers of the hours that are uncovered. */
  readonly uncovered: readonly number[]
  /** Numbers of the hours for which no rota says anything yet. */
  readonly unplanned: readonly number[]
}

interface Asked {
  readonly group: Group
  readonly system?: SystemId
}

/** @returns the report; yields between groups, so that whoever drives it can let others run. */
export function* coverageReport(
  prepared: PreparedCoverage,
  question: CoverageQuestion,
): Generator<undefined, CoverageReport> {
  const asked: (Asked & { readonly uncovered: number })[] = []
  const anywhere = new Set<number>()
  let [uncovered, unplanned, rowsUncovered] = [0, 0, 0]
  for (const one of askedIn(prepared, question)) {
    const short = shortHoursOf(prepared, one.group, one.system)
    asked.push({ ...one, uncovered: short.planned.length })
    for (const hour of short.planned) anywhere.add(hour)
    uncovered += short.planned.length
    unplanned += short.unplanned.length
    if (short.planned.length > 0) rowsUncovered++
    yield
  }
  const shown = asked.toSorted((a, b) => b.uncovered - a.uncovered).slice(0, question.rowsMax)
  const rows: CoverageRow[] = []
  for (const { group, system } of shown) {
    const row = rowOf(prepared, group, system)
    if (row !== undefined) rows.push(row)
    yield
  }
  const gaps = shared(rows.flatMap((row) => gapsOf(prepared, row)))
  yield
  const remedy = question.facts === undefined ? undefined : remedyOf(prepared, question.facts, question, asked)
  return {
    from: prepared.from,
    hours: prepared.hours,
    rows: rows.map(reportRow),
    rowsLeft: asked.length - rows.length,
    totals: { rows: asked.length, rowsUncovered, uncovered, unplanned, uncoveredHours: anywhere.size },
    gaps: gaps.slice(0, question.gapsMax),
    gapsLeft: Math.max(0, gaps.length - question.gapsMax),
    pools: poolsOf(prepared),
    ...(remedy === undefined ? {} : { remedy }),
  }
}

/** To the end at once, where nobody else waits. */
export function wholeReport(prepared: PreparedCoverage, question: CoverageQuestion): CoverageReport {
  const steps = coverageReport(prepared, question)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function* askedIn(prepared: PreparedCoverage, { group: id, system, of }: CoverageQuestion): Iterable<Asked> {
  if (id !== undefined) {
    const group = groupNamed(prepared, id)
    if (group === undefined) return
    const all = new Set(prepared.kinds.map((kind) => kind.system))
    const systems = system === undefined ? [...all].sort() : [system]
    for (const one of systems) if (all.has(one)) yield { group, system: one }
    return
  }
  const groups = of === 'workloads' ? workloadsOf(prepared) : teamsAndRotas(prepared)
  for (const group of groups) yield { group, ...(system === undefined ? {} : { system }) }
}

function shared(gaps: readonly Gap[]): readonly SharedGap[] {
  const found = new Map<string, { gap: Gap; groups: Set<NodeId> }>()
  for (const gap of gaps.toSorted((a, b) => b.hours - a.hours)) {
    const { system, tier, needed, count, planned, spans, people } = gap
    const there = people
      .filter(({ onDuty }) => onDuty)
      .map(({ person, conflicts }) => [person, conflicts.map(({ code }) => code)])
    const key = JSON.stringify([system, tier, needed, count, planned, spans, there])
    const known = found.get(key)
    if (known === undefined) found.set(key, { gap, groups: new Set() })
    else if (gap.group !== known.gap.group) known.groups.add(gap.group)
  }
  return [...found.values()].map(({ gap, groups }) => ({ ...gap, alsoFor: [...groups].sort() }))
}

function remedyOf(
  prepared: PreparedCoverage,
  facts: DirectoryFacts,
  { system }: CoverageQuestion,
  asked: readonly (Asked & { readonly uncovered: number })[],
): Remedy | undefined {
  const groups = new Map(asked.filter((one) => one.uncovered > 0).map(({ group }) => [group.id, group]))
  return groups.size === 0 ? undefined : remedyFor(prepared, facts, [...groups.values()], system)
}

function reportRow({ group, kind, system, askersCount, hours }: CoverageRow): ReportRow {
  const short = [...hours.entries()].flatMap(([hour, cell]) => (isShort(cell) ? [{ hour, planned: cell.planned }] : []))
  return {
    group,
    kind,
    ...(system === undefined ? {} : { system }),
    askers: askersCount,
    counts: hours.map((cell) => cell?.count ?? null),
    needed: hours.map((cell) => cell?.needed ?? null),
    callable: hours.map((cell) => cell?.callable ?? null),
    uncovered: short.filter(({ planned }) => planned).map(({ hour }) => hour),
    unplanned: short.filter(({ planned }) => !planned).map(({ hour }) => hour),
  }
}

function poolsOf({ directory, policy, kinds }: PreparedCoverage): CoverageReport['pools'] {
  const ids = new Set(kinds.flatMap(({ rules }) => rules.pools))
  return [...ids].sort().map((pool) => {
    const found = entryOf(policy.pools, pool)
    const rotas = found?.rotas ?? []
    const until = found === undefined ? Number.NEGATIVE_INFINITY : plannedUntilOf(directory, found)
    if (until === Number.POSITIVE_INFINITY) return { pool, rotas }
    return { pool, rotas, plannedUntil: Number.isFinite(until) ? instantOf(until) : null }
  })
}
