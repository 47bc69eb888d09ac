/**
 * When does a fact end? Facts from outside may carry instants that nobody can read: such an end has not come, and such a
 * beginning was not said.
 */
import type { SourceId } from '../directory.ts'
import { type Instant, millisOf } from '../time.ts'

/** Nodes, relations and access. */
export interface Lasting {
  readonly source: SourceId
  readonly until?: Instant
}

export function hasEnded({ until }: { readonly until?: Instant }, now: number): boolean {
  return until !== undefined && millisOf(until) <= now
}

export function readable(instant: Instant | undefined): Instant | undefined {
  return instant === undefined || Number.isNaN(millisOf(instant)) ? undefined : instant
}

export function latest(...instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.reduce((a: Instant | undefined, b) => (a === undefined || millisOf(b) > millisOf(a) ? b : a), undefined)
}

/** None if one of them has none; one that nobody can read is later than any other. */
export function latestEnd(a: Lasting, b: Lasting): Instant | undefined {
  if (a.until === undefined || b.until === undefined) return undefined
  return readable(a.until) === undefined || millisOf(b.until) <= millisOf(a.until) ? a.until : b.until
}

export function earliestEnd(a: Lasting, b: Lasting): Instant | undefined {
  if (a.until === undefined || b.until === undefined) return a.until ?? b.until
  return millisOf(b.until) < millisOf(a.until) ? b.until : a.until
}

export function withEnd<Fact extends Lasting>(fact: Fact, until: Instant | undefined): Fact {
  const { until: _, ...rest } = fact
  return (until === undefined ? rest : { ...rest, until }) as Fact
}
