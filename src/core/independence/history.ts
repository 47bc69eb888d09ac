/**
 * What happened before, found by who it concerns. The index is built once per history and kept with it, so that a
 * history is data to its owner and still quick to ask.
 */
import type { NodeId, PersonId } from '../directory.ts'
import type { IndependenceHistory } from '../independence.ts'
import type { PoolId } from '../policy.ts'
import { millisOf } from '../time.ts'

/** What one person countersigned for another. */
export interface Countersigned {
  readonly countersigner: PersonId
  readonly acts: readonly {
    /** Milliseconds, `NaN` when unreadable. */
    readonly at: number
    readonly event: string
  }[]
}

export interface HistoryIndex {
  /** By the person who asked. */
  readonly byAsker: ReadonlyMap<PersonId, readonly Countersigned[]>
  /** @returns milliseconds, or `undefined` when no record says since when. */
  readonly tenureOf: (pool: PoolId, member: NodeId) => number | undefined
}

const indexes = new WeakMap<IndependenceHistory, HistoryIndex>()

export function indexOf(history: IndependenceHistory): HistoryIndex {
  const known = indexes.get(history)
  if (known !== undefined) return known
  const tenures = tenuresOf(history)
  const index = {
    byAsker: byAskerOf(history),
    tenureOf: (pool: PoolId, member: NodeId) => tenures.get(tenureKey(pool, member)),
  }
  indexes.set(history, index)
  return index
}

function byAskerOf(history: IndependenceHistory): HistoryIndex['byAsker'] {
  const byAsker = new Map<PersonId, Map<PersonId, { at: number; event: string }[]>>()
  for (const { countersigner, askedBy, at, event } of history.decisions) {
    for (const asker of new Set(askedBy)) {
      const byCountersigner = byAsker.get(asker) ?? new Map<PersonId, { at: number; event: string }[]>()
      byAsker.set(asker, byCountersigner)
      const acts = byCountersigner.get(countersigner) ?? []
      byCountersigner.set(countersigner, acts)
      acts.push({ at: millisOf(at), event })
    }
  }
  const listed = (acts: ReadonlyMap<PersonId, Countersigned['acts']>) =>
    [...acts].map(([countersigner, own]) => ({ countersigner, acts: own }))
  return new Map([...byAsker].map(([asker, acts]) => [asker, listed(acts)]))
}

/** Two records of the same membership: the later one counts. */
function tenuresOf(history: IndependenceHistory): Map<string, number> {
  const tenures = new Map<string, number>()
  for (const { pool, member, since } of history.tenures) {
    const key = tenureKey(pool, member)
    const millis = millisOf(since)
    tenures.set(key, Math.max(tenures.get(key) ?? Number.NEGATIVE_INFINITY, Number.isNaN(millis) ? Infinity : millis))
  }
  return tenures
}

function tenureKey(pool: PoolId, member: NodeId): string {
  return `${pool.length}:${pool}${member}`
}
