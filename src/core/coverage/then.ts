/** Who could decide one request at one time: whom both sides leave free, and who of them is there. */
import type { RequestKind } from '../request-kinds.ts'
import type { OnDuty } from './duty-line.ts'
import { type Free, type Freedom, freedomAt } from './freedom.ts'
import { both, butNot, countOf, type PeopleSet } from './people-set.ts'
import type { PreparedCoverage } from './prepare.ts'
import { combined, type Stretch } from './stretches.ts'

export interface Then extends Free, OnDuty {}

export interface Standing {
  /** Independent and on duty. */
  readonly count: number
  readonly needed: number
  /** How many more would be enough, none of whom keeps approving each other with the asker. */
  readonly missing: number
  /** Independent, in the pools, and neither on duty nor away. */
  readonly callable: number
  readonly options: PeopleSet
}

export function thenLine(prepared: PreparedCoverage, requesting: Freedom, kind: RequestKind): Stretch<Then>[] {
  const sides = combined(requesting.line, freedomAt(prepared, kind).line, (a, b) => ({
    free: both(a.free, b.free),
    mutual: both(a.mutual, b.free),
  }))
  return combined(sides, prepared.dutyOf(kind.rules.pools), (free, duty) => ({ ...free, ...duty }))
}

/** Whoever keeps approving each other with the asker counts, and asks for one more. */
export function standing({ free, mutual, onDuty, members }: Then, countersignersMin: number): Standing {
  const there = both(both(free, onDuty), members)
  const [count, single] = [countOf(there), countOf(butNot(there, mutual))]
  const needed = single >= countersignersMin || count === 0 ? countersignersMin : countersignersMin + 1
  const callable = butNot(both(free, members), onDuty)
  return {
    count,
    needed,
    missing: count >= needed ? 0 : Math.min(countersignersMin - single, countersignersMin + 1 - count),
    callable: countOf(callable),
    options: butNot(callable, mutual),
  }
}
