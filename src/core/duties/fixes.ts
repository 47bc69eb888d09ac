/**
 * Which access would have to go? Ranks single assignments by how many conflicts end with each, and entitlements by how
 * many end when nobody whom they cost a conflict has them any more. It only proposes: whether somebody still needs the
 * access is not a question of rules.
 */
import type { Assignment, Holdings } from './holdings.ts'
import { gains, type Knot, knots, nameOf, ruleIdOf, type Wanted } from './knot.ts'
import type { EntitlementKey, RuleId } from './rules.ts'

/** Dropping this one assignment ends these conflicts, alone. */
export interface SingleFix extends Assignment {
  readonly resolves: readonly RuleId[]
}

/** Taking this entitlement from everybody whom it costs a conflict. */
export interface EntitlementFix {
  readonly entitlement: EntitlementKey
  readonly holdersCount: number
  readonly resolvesCount: number
}

export interface Fixes {
  /** Most conflicts first; at most as many as were asked for. */
  readonly assignments: readonly SingleFix[]
  readonly entitlements: readonly EntitlementFix[]
  readonly conflictsCount: number
  /** Conflicts that no single drop ends, since every side is held in several ways. */
  readonly stubbornCount: number
}

export interface FixOptions {
  /** How many rows of each kind. Default 50. */
  readonly rowsMax?: number
  /** Which conflicts to resolve, such as those that nothing covers. Default: all. */
  readonly of?: Wanted
}

/** Exact for every row; what the rows resolve does not add up, since one conflict may end in several ways. */
export function fixes(holdings: Holdings, { rowsMax = 50, of }: FixOptions = {}): Fixes {
  const top = new Top<SingleFix>(rowsMax, ({ resolves }) => resolves.length)
  const byEntitlement = new Map<number, { holders: number; resolves: number }>()
  let [conflictsCount, stubbornCount] = [0, 0]
  for (const knot of knots(holdings, of)) {
    const resolvedBy = resolvedAlone(knot)
    conflictsCount += knot.rules.length
    stubbornCount += knot.rules.length - new Set(resolvedBy.flat()).size
    for (const [place, rules] of resolvedBy.entries()) {
      if (rules.length === 0) continue
      const number = knot.entitlements[place] as number
      const row = byEntitlement.get(number) ?? { holders: 0, resolves: 0 }
      byEntitlement.set(number, { holders: row.holders + 1, resolves: row.resolves + rules.length })
      if (top.takes(rules.length)) top.add(singleFix(holdings, knot, number, rules))
    }
  }
  const entitlements = [...byEntitlement]
    .map(([number, row]) => entitlementFix(holdings, number, row))
    .sort((a, b) => b.resolvesCount - a.resolvesCount || (a.entitlement < b.entitlement ? -1 : 1))
  return { assignments: top.rows(), entitlements: entitlements.slice(0, rowsMax), conflictsCount, stubbornCount }
}

function singleFix(holdings: Holdings, { holder }: Knot, entitlement: number, rules: readonly number[]): SingleFix {
  return {
    holder,
    entitlement: nameOf(holdings, entitlement),
    resolves: rules.map((rule) => ruleIdOf(holdings, rule)),
  }
}

function entitlementFix(
  holdings: Holdings,
  number: number,
  { holders, resolves }: { readonly holders: number; readonly resolves: number },
): EntitlementFix {
  return { entitlement: nameOf(holdings, number), holdersCount: holders, resolvesCount: resolves }
}

/** For every place of the knot, the rules that dropping it alone would end. */
function resolvedAlone({ rules, entitlements }: Knot): number[][] {
  const none = new Uint8Array(entitlements.length)
  const resolved = entitlements.map((): number[] => [])
  for (const rule of rules) {
    const gain = gains([rule], entitlements.length, none)
    for (const [place, count] of gain.entries()) if (count > 0) resolved[place]?.push(rule.rule)
  }
  return resolved
}

/** The best few of many, without keeping the many. Among equals the first stays. */
class Top<Row> {
  private readonly max: number
  private readonly scoreOf: (row: Row) => number
  private kept: Row[] = []
  private floor = 0

  constructor(max: number, scoreOf: (row: Row) => number) {
    this.max = max
    this.scoreOf = scoreOf
  }

  takes(score: number): boolean {
    return this.max > 0 && score > this.floor
  }

  add(row: Row): void {
    if (this.kept.push(row) < 4 * this.max) return
    this.kept = this.rows()
    this.floor = this.scoreOf(this.kept.at(-1) as Row)
  }

  rows(): Row[] {
    return this.kept.toSorted((a, b) => this.scoreOf(b) - this.scoreOf(a)).slice(0, this.max)
  }
}
