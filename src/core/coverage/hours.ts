/**
 * How many independent people are there, hour by hour? For each hour the worst moment counts, of the worst of all that
 * could be asked for: half an hour without anybody is an hour without anybody.
 */
import { describe } from '../compile.ts'
import type { Span } from '../independence/duty.ts'
import { kindsFor, type RequestKind } from '../request-kinds.ts'
import { type Freedom, freedomFrom } from './freedom.ts'
import type { GroupAsker } from './groups.ts'
import { hourMillis, type PreparedCoverage } from './prepare.ts'
import { within } from './stretches.ts'
import { standing, type Then, thenLine } from './then.ts'

/** By hour. */
export interface HourLine {
  /** What could be asked for; `kindOf` counts in it. */
  readonly kinds: readonly RequestKind[]
  /** 0 where nobody asks. */
  readonly asked: Uint8Array
  /** Independent and on duty. */
  readonly counts: Uint8Array
  readonly needs: Uint8Array
  /** Independent, in the pools, and neither on duty nor away: could be called. */
  readonly callable: Uint8Array
  readonly planned: Uint8Array
  readonly kindOf: Uint16Array
  /** Milliseconds: when in the hour it is so. */
  readonly moments: Float64Array
}

interface Cell {
  readonly count: number
  readonly needed: number
  readonly callable: number
  readonly planned: boolean
  readonly kind: number
}

const countMax = 255

export function lineOf(prepared: PreparedCoverage, asker: GroupAsker, kinds: readonly RequestKind[]): HourLine {
  const own = kindsFor(describe(prepared.directory, asker.beneficiary, prepared.from), kinds, prepared.policy)
  const freedoms = own.map((kind) => freedomFrom(prepared, asker, kind.rules.pools))
  if (asker.when !== undefined) return counted(prepared, own, freedoms, asker.when)
  const key = own.map(({ system, tier }, place) => `${system} ${tier} ${freedoms[place]?.key}`).join('\n')
  const line = prepared.known.lines.get(key) ?? counted(prepared, own, freedoms, undefined)
  prepared.known.lines.set(key, line)
  return line
}

/** True when hour `h` of `a` leaves less room than that of `b`. */
export function isWorse(a: HourLine, b: HourLine, hour: number): boolean {
  if (a.asked[hour] === 0 || b.asked[hour] === 0) return a.asked[hour] !== 0
  return compareCells(cellIn(a, hour), cellIn(b, hour)) < 0
}

function emptyLine(hours: number, kinds: readonly RequestKind[]): HourLine {
  const bytes = () => new Uint8Array(hours)
  return {
    kinds,
    asked: bytes(),
    counts: bytes(),
    needs: bytes(),
    callable: bytes(),
    planned: bytes(),
    kindOf: new Uint16Array(hours),
    moments: new Float64Array(hours),
  }
}

function counted(
  prepared: PreparedCoverage,
  kinds: readonly RequestKind[],
  freedoms: readonly Freedom[],
  when: readonly Span[] | undefined,
): HourLine {
  const line = emptyLine(prepared.hours, kinds)
  for (const [place, kind] of kinds.entries()) {
    for (const stretch of thenLine(prepared, freedoms[place] as Freedom, kind)) {
      const cell = cellOf(stretch.value, kind, place)
      for (const span of within(stretch, when)) note(line, prepared.start, span, cell)
    }
  }
  return line
}

function cellOf(then: Then, { rules }: RequestKind, place: number): Cell {
  const { count, needed, callable } = standing(then, rules.countersignersMin)
  return {
    count: Math.min(countMax, count),
    needed,
    callable: Math.min(countMax, callable),
    planned: then.planned,
    kind: place,
  }
}

function note(line: HourLine, from: number, span: Span, cell: Cell): void {
  const first = Math.floor((span.start - from) / hourMillis)
  for (let hour = first; from + hour * hourMillis < span.end; hour++) {
    if (line.asked[hour] !== 0 && compareCells(cell, cellIn(line, hour)) >= 0) continue
    line.asked[hour] = 1
    line.counts[hour] = cell.count
    line.needs[hour] = cell.needed
    line.callable[hour] = cell.callable
    line.planned[hour] = cell.planned ? 1 : 0
    line.kindOf[hour] = cell.kind
    line.moments[hour] = Math.max(span.start, from + hour * hourMillis)
  }
}

function cellIn({ counts, needs, callable, planned, kindOf }: HourLine, hour: number): Cell {
  return {
    count: counts[hour] as number,
    needed: needs[hour] as number,
    callable: callable[hour] as number,
    planned: planned[hour] !== 0,
    kind: kindOf[hour] as number,
  }
}

/** Below zero when `a` is worse: fewer to spare, then fewer who could be called. */
function compareCells(a: Cell, b: Cell): number {
  return a.count - a.needed - (b.count - b.needed) || a.callable - b.callable
}
