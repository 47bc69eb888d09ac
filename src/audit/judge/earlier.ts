/**
 * Who had approved for whom before a given decision? The approvals of the history itself, as the engine's rule about
 * people who keep approving each other wants them: one for each change, however many grants it was about.
 */
import type { NodeId } from '../../core/directory.ts'
import { type IndependenceHistory, noHistory } from '../../core/independence.ts'
import { type Instant, instantOf, millisOf } from '../../core/time.ts'
import { dayMillis } from '../calendar.ts'

export interface PastApproval {
  readonly change: string
  readonly at: Instant
  readonly approvers: readonly NodeId[]
  readonly askers: readonly NodeId[]
}

/** @returns the approvals of the days before a moment, the change that is being judged left out. */
export function approvalsBefore(
  approvals: readonly PastApproval[],
  days: number,
): (at: Instant, change: string) => IndependenceHistory {
  const decisions = [...approvals]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .flatMap(({ change, at, approvers, askers }) =>
      approvers.map((countersigner) => ({ countersigner, askedBy: askers, at, event: change })),
    )
  const moments = decisions.map(({ at }) => at)
  const known = new Map<string, IndependenceHistory>()
  return (at, change) => {
    const key = `${at} ${change}`
    const kept = known.get(key)
    if (kept !== undefined) return kept
    const from = instantOf(millisOf(at) - days * dayMillis)
    const between = decisions.slice(firstFrom(moments, from), firstFrom(moments, at))
    const history = { ...noHistory, decisions: between.filter(({ event }) => event !== change) }
    known.clear()
    known.set(key, history)
    return history
  }
}

function firstFrom(moments: readonly Instant[], at: Instant): number {
  let [low, high] = [0, moments.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle] as Instant) < at) low = middle + 1
    else high = middle
  }
  return low
}
