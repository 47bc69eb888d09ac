/** One line of the map: a group that could ask, hour by hour, each with whoever of it would be left most alone. */
import type { NodeId, SystemId } from '../directory.ts'
import type { RequestKind } from '../request-kinds.ts'
import type { Group, GroupAsker, GroupKind } from './groups.ts'
import { type HourLine, isWorse, lineOf } from './hours.ts'
import { kindsOn, type PreparedCoverage } from './prepare.ts'

export interface CoverageRow {
  readonly group: NodeId
  readonly kind: GroupKind
  /** Set when the row is about one system only. */
  readonly system?: SystemId
  /** How many of the group could ask. */
  readonly askersCount: number
  readonly hours: readonly HourCell[]
}

/** `undefined`: nobody of the group would ask then. */
export type HourCell =
  | {
      /** Independent people on duty. */
      readonly count: number
      readonly needed: number
      /** Independent people of the pools who are not on duty and could be called. */
      readonly callable: number
      /** False where no rota of the pools has anything planned any more. */
      readonly planned: boolean
      readonly asker: GroupAsker
      readonly request: RequestKind
      /** Milliseconds: the moment of the hour at which it is so. */
      readonly at: number
    }
  | undefined

/** @returns `undefined` where the policy offers the group nothing that anybody would have to countersign. */
export function rowOf(prepared: PreparedCoverage, group: Group, system?: SystemId): CoverageRow | undefined {
  const kinds = kindsOn(prepared.kinds, system)
  if (kinds.length === 0) return undefined
  const lines = group.askers.map((asker) => ({ asker, line: lineOf(prepared, asker, kinds) }))
  const hours = Array.from({ length: prepared.hours }, (_, hour) => worstAt(lines, hour))
  return {
    group: group.id,
    kind: group.kind,
    ...(system === undefined ? {} : { system }),
    askersCount: group.askers.reduce((sum, { alike }) => sum + alike, 0),
    hours,
  }
}

/** The same reduced to the hours that are short, for organisations in which nobody looks at every row. */
export function shortHoursOf(prepared: PreparedCoverage, group: Group, system?: SystemId): ShortHours {
  const kinds = kindsOn(prepared.kinds, system)
  const lines = [...new Set(group.askers.map((asker) => lineOf(prepared, asker, kinds)))]
  const short: { planned: number[]; unplanned: number[] } = { planned: [], unplanned: [] }
  for (let hour = 0; kinds.length > 0 && hour < prepared.hours; hour++) {
    const line = lines.reduce((a, b) => (isWorse(b, a, hour) ? b : a))
    if (line.asked[hour] === 0 || (line.counts[hour] as number) >= (line.needs[hour] as number)) continue
    short[line.planned[hour] === 0 ? 'unplanned' : 'planned'].push(hour)
  }
  return short
}

/** Hours by their number, in order. */
export interface ShortHours {
  /** Too few independent people would be on duty. */
  readonly planned: readonly number[]
  /** No rota says anything yet, and nobody would be there. */
  readonly unplanned: readonly number[]
}

export function isShort(cell: HourCell): cell is NonNullable<HourCell> {
  return cell !== undefined && cell.count < cell.needed
}

interface AskerLine {
  readonly asker: GroupAsker
  readonly line: HourLine
}

function worstAt(lines: readonly AskerLine[], hour: number): HourCell {
  const worst = lines.reduce((a, b) => (isWorse(b.line, a.line, hour) ? b : a))
  const { asker, line } = worst
  if (line.asked[hour] === 0) return undefined
  return {
    count: line.counts[hour] as number,
    needed: line.needs[hour] as number,
    callable: line.callable[hour] as number,
    planned: line.planned[hour] !== 0,
    asker,
    request: line.kinds[line.kindOf[hour] as number] as RequestKind,
    at: line.moments[hour] as number,
  }
}
