/**
 * What the figures count: acts, grants and stays, each with everything that was found out about it. A figure is always
 * the number of some of these rows, so that it can be opened and checked.
 */
import type { Act } from '../history.ts'
import type { Instead } from '../judge/instead.ts'
import type { Case } from '../judge/judge.ts'
import type { Judgement } from '../judge/verdict.ts'
import type { Chain } from '../lives/chains.ts'
import type { Ending, GrantLife } from '../lives/life.ts'
import type { Meaning } from '../lives/replay.ts'

/** What somebody had to decide. Taking access away, or shortening it, needs nobody's approval. */
export const decisionKinds = ['grant', 'extension', 'access-change'] as const
export type DecisionKind = (typeof decisionKinds)[number]

export interface ActRow {
  readonly index: number
  readonly act: Act
  readonly meaning: Meaning
  /** Absent for acts that nobody had to approve. */
  readonly decision?: DecisionKind
  readonly judgement?: Judgement
  /** For decisions that were found not to be independent. */
  readonly instead?: Instead
  /** How many decisions of this kind were made in the same change, this one included; 0 when it is none. */
  readonly togetherCount: number
}

export interface GrantRow extends Ending {
  readonly index: number
  readonly life: GrantLife
}

export interface ChainRow {
  readonly index: number
  readonly chain: Chain
}

export interface Rows {
  readonly act: readonly ActRow[]
  readonly grant: readonly GrantRow[]
  readonly chain: readonly ChainRow[]
}
export type RowKind = keyof Rows

export function decisionOf(act: Act, { move, grants }: Meaning): DecisionKind | undefined {
  if (act.kind === 'granted') return 'grant'
  // Clearing the date of somebody who has nothing left gives nothing.
  if (move === 'later' || (move === 'taken-away' && grants.length > 0)) return 'extension'
  return act.kind === 'access-changed' ? 'access-change' : undefined
}

export function actRows(
  acts: readonly Act[],
  meanings: readonly Meaning[],
  cases: ReadonlyMap<number, Case>,
  insteadOf: (one: Case) => Instead,
): ActRow[] {
  const together = new Map<string, number>()
  const decisions = acts.map((act, index) => decisionOf(act, meanings[index] as Meaning))
  for (const [index, act] of acts.entries()) {
    const key = `${decisions[index]} ${act.change}`
    if (decisions[index] !== undefined) together.set(key, (together.get(key) ?? 0) + 1)
  }
  return acts.map((act, index) => {
    const one = cases.get(index)
    const decision = decisions[index]
    return {
      index,
      act,
      meaning: meanings[index] as Meaning,
      togetherCount: together.get(`${decision} ${act.change}`) ?? 0,
      ...(decision === undefined ? {} : { decision }),
      ...(one === undefined ? {} : { judgement: one.judgement }),
      ...(one?.judgement.conclusion === 'not-independent' ? { instead: insteadOf(one) } : {}),
    }
  })
}
