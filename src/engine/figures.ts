/**
 * Figures of a period, for those who look over everything. Counting goes through what is kept of months, so answers are
 * made one at a time and kept for half a minute: however many look, the database counts once.
 */
import { type Instant, instantOf, millisOf, type Window } from '../core/time.ts'
import type { ApprovalPairs, PeriodSpans, StandingCounts, StretchFigures } from '../store/figures-contract.ts'
import type { Machinery } from './handle.ts'

export interface FiguresReport {
  readonly period: Window
  readonly by: Stretch
  /** When it was counted. */
  readonly asOf: Instant
  readonly stretches: readonly (Window & StretchFigures)[]
  readonly spans: PeriodSpans
  readonly refusals: readonly { readonly code: string; readonly count: number }[]
  readonly standing: StandingCounts
}

export type Stretch = 'day' | 'week'

export interface FiguresDesk {
  figures(period: Window, by: Stretch, now: Instant): Promise<FiguresReport>
  approvals(period: Window, limit: number, now: Instant): Promise<ApprovalPairs & { readonly asOf: Instant }>
}

const keptMillis = 30_000
const answersMax = 50

export function figuresDesk({ store }: Pick<Machinery, 'store'>): FiguresDesk {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()
  let last: Promise<unknown> = Promise.resolve()

  function once<Value>(key: string, now: Instant, count: () => Promise<Value>): Promise<Value> {
    const at = millisOf(now)
    const before = kept.get(key)
    if (before !== undefined && at - before.at < keptMillis) return before.answer as Promise<Value>
    const answer = last.then(count)
    last = answer.catch(() => {})
    kept.delete(key)
    kept.set(key, { at, answer })
    answer.catch(() => kept.delete(key))
    if (kept.size > answersMax) kept.delete(kept.keys().next().value as string)
    return answer
  }

  return {
    figures: (period, by, now) =>
      once(`figures ${period.start} ${period.end} ${by}`, now, async () => {
        const edges = edgesOf(period, by)
        const [stretches, spans, refusals, standing] = await Promise.all([
          store.figures.overTime(edges),
          store.figures.spans(period),
          store.figures.refusals(period),
          store.figures.standing(now),
        ])
        const windows = stretches.map((one, index) => ({
          start: edges[index] as Instant,
          end: edges[index + 1] as Instant,
          ...one,
        }))
        return { period, by, asOf: now, stretches: windows, spans, refusals, standing }
      }),
    approvals: (period, limit, now) =>
      once(`approvals ${period.start} ${period.end} ${limit}`, now, async () => ({
        ...(await store.figures.approvals(period, limit)),
        asOf: now,
      })),
  }
}

const dayMillis = 86_400_000

/** Whole days or weeks from the start; the last stretch ends with the period. */
export function edgesOf({ start, end }: Window, by: Stretch): readonly Instant[] {
  const step = by === 'day' ? dayMillis : 7 * dayMillis
  const edges: Instant[] = []
  for (let at = millisOf(start); at < millisOf(end); at += step) edges.push(instantOf(at))
  return [...edges, end]
}
