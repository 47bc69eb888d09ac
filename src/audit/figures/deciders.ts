/**
 * Who decides, how much of it, and for whom? Counted by change, so that three hundred grants in one go are one
 * decision; and who approve each other, which no single decision shows.
 */
import { humans } from './people.ts'
import type { ActRow } from './rows.ts'

export interface Decider {
  readonly name: string
  readonly changesCount: number
  readonly decisionsCount: number
  /** Of those changes, the ones they wrote as well. */
  readonly ownCount: number
  readonly notIndependentCount: number
  readonly beneficiariesCount: number
  readonly acts: readonly number[]
}

export interface Pair {
  readonly a: string
  readonly b: string
  /** Changes of `a` that `b` approved, and the other way round. */
  readonly bForA: number
  readonly aForB: number
  readonly acts: readonly number[]
}

/** Those with the most changes first. Decisions whose approver is not known are nobody's. */
export function decidersOf(rows: readonly ActRow[]): Decider[] {
  const byName = new Map<string, ActRow[]>()
  for (const row of rows) {
    if (row.decision === undefined) continue
    for (const name of new Set(row.act.approvedBy ?? [])) {
      const known = byName.get(name)
      if (known === undefined) byName.set(name, [row])
      else known.push(row)
    }
  }
  const deciders = [...byName].map(([name, own]) => deciderOf(name, own))
  return deciders.sort((a, b) => b.changesCount - a.changesCount || (a.name < b.name ? -1 : 1))
}

function deciderOf(name: string, rows: readonly ActRow[]): Decider {
  const changes = (is: (row: ActRow) => boolean) => new Set(rows.filter(is).map(({ act }) => act.change)).size
  const beneficiaries = rows.flatMap(({ act }) => (act.beneficiary === undefined ? [] : [act.beneficiary]))
  return {
    name,
    changesCount: changes(() => true),
    decisionsCount: rows.length,
    ownCount: changes(({ act }) => act.askedBy?.includes(name) === true),
    notIndependentCount: changes(
      ({ judgement }) =>
        judgement?.approvers.some((one) => one.name === name && one.conclusion === 'not-independent') === true,
    ),
    beneficiariesCount: new Set(beneficiaries).size,
    acts: rows.map(({ index }) => index),
  }
}

/** Changes that one person asked for and another approved. */
interface Favour {
  readonly changes: Set<string>
  readonly acts: number[]
}

/** People each of whom approved changes of the other, the most balanced and frequent first. */
export function pairsOf(rows: readonly ActRow[]): Pair[] {
  const favours = favoursIn(rows)
  const pairs = [...favours].flatMap(([key, forA]): Pair[] => {
    const [a, b] = JSON.parse(key) as [string, string]
    const forB = favours.get(JSON.stringify([b, a]))
    if (a >= b || forB === undefined) return []
    const acts = [...new Set([...forA.acts, ...forB.acts])].sort((x, y) => x - y)
    return [{ a, b, bForA: forA.changes.size, aForB: forB.changes.size, acts }]
  })
  return pairs.sort((x, y) => least(y) - least(x) || y.aForB + y.bForA - x.aForB - x.bForA)
}

/** By `[asker, approver]`. */
function favoursIn(rows: readonly ActRow[]): Map<string, Favour> {
  const favours = new Map<string, Favour>()
  for (const { act, decision, index } of rows) {
    if (decision === undefined) continue
    for (const approver of humans(act.approvedBy ?? [], act)) {
      for (const asker of humans(act.askedBy ?? [], act)) {
        if (asker === approver) continue
        const key = JSON.stringify([asker, approver])
        const favour = favours.get(key) ?? { changes: new Set<string>(), acts: [] }
        favour.changes.add(act.change)
        favour.acts.push(index)
        favours.set(key, favour)
      }
    }
  }
  return favours
}

function least({ aForB, bForA }: Pair): number {
  return Math.min(aForB, bForA)
}
