/**
 * How many conflicts are there, by rule, by severity and by team? Holders are counted once in every row, and a holder
 * in several teams counts in each of them, so the rows of teams do not add up to the total.
 */
import type { Broken, Holdings } from './holdings.ts'
import { type HolderId, type RuleId, type SeparationRule, type Severity, severities } from './rules.ts'

export interface Count {
  readonly holders: number
  /** Pairs of a holder and a rule. */
  readonly conflicts: number
}

export interface Counts {
  readonly total: Count
  /** Every rule about what is held, broken or not, in the order of their ids. */
  readonly rules: readonly { readonly rule: RuleId; readonly severity: Severity; readonly holders: number }[]
  /** Worst first, all four. */
  readonly severities: readonly ({ readonly severity: Severity } & Count)[]
  /** Most conflicts first; `undefined` for holders of no team. */
  readonly teams: readonly ({ readonly team: string | undefined } & Count)[]
}

/** `teamsOf` says a holder's teams; without it everybody is counted as of no team. */
export function countConflicts(
  holdings: Holdings,
  teamsOf: (holder: HolderId) => readonly string[] = () => [],
  counted: (broken: Broken) => boolean = () => true,
): Counts {
  const { duties } = holdings
  const byRule = new Uint32Array(duties.rules.length)
  const bySeverity = new Tally<Severity>()
  const byTeam = new Tally<string | undefined>()
  const total = new Tally<'all'>()
  for (const { holder, rules } of holdings.brokenHolders()) {
    const own = rules.filter((rule) => counted({ holder, rule: (duties.rules[rule] as SeparationRule).id }))
    if (own.length === 0) continue
    for (const rule of own) byRule[rule]!++
    total.count('all', own.length)
    for (const [severity, conflicts] of grouped(own, (rule) => (duties.rules[rule] as SeparationRule).severity))
      bySeverity.count(severity, conflicts)
    const teams = new Set(teamsOf(holder))
    for (const team of teams.size === 0 ? [undefined] : teams) byTeam.count(team, own.length)
  }
  return {
    total: total.of('all'),
    rules: duties.rules.flatMap(({ id, severity, held }, rule) =>
      held === false ? [] : [{ rule: id, severity, holders: byRule[rule] as number }],
    ),
    severities: severities.map((severity) => ({ severity, ...bySeverity.of(severity) })),
    teams: [...byTeam.rows()]
      .map(([team, count]) => ({ team, ...count }))
      .sort((a, b) => b.conflicts - a.conflicts || ((a.team ?? '') < (b.team ?? '') ? -1 : 1)),
  }
}

class Tally<Key> {
  private readonly counts = new Map<Key, { holders: number; conflicts: number }>()

  /** To be called once a holder and key. */
  count(key: Key, conflicts: number): void {
    const row = this.counts.get(key) ?? { holders: 0, conflicts: 0 }
    row.holders += 1
    row.conflicts += conflicts
    this.counts.set(key, row)
  }

  of(key: Key): Count {
    return this.counts.get(key) ?? { holders: 0, conflicts: 0 }
  }

  rows(): Iterable<[Key, Count]> {
    return this.counts
  }
}

function grouped<Key>(rules: readonly number[], keyOf: (rule: number) => Key): Map<Key, number> {
  const groups = new Map<Key, number>()
  for (const rule of rules) groups.set(keyOf(rule), (groups.get(keyOf(rule)) ?? 0) + 1)
  return groups
}
