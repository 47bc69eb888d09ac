/**
 * In which hours would somebody ask and find nobody independent on duty, and why is each of those who are there out? The
 * reasons are the engine's own verdicts at that moment, with their paths; hours with the same answer are told once.
 */
import type { Conflict } from '../conflict.ts'
import type { NodeId, PersonId, SystemId } from '../directory.ts'
import { momentAt } from '../independence/moment.ts'
import { membersOfPool, poolOf } from '../independence/pools.ts'
import { prepareMatter, verdictOf } from '../independence.ts'
import type { PoolId, TierId } from '../policy.ts'
import { type Instant, instantOf } from '../time.ts'
import { matterOf } from './freedom.ts'
import type { GroupKind } from './groups.ts'
import { hasPerson } from './people-set.ts'
import { hourMillis, type PreparedCoverage } from './prepare.ts'
import { type CoverageRow, type HourCell, isShort } from './rows.ts'
import { stretchAt } from './stretches.ts'

type ShortHour = NonNullable<HourCell>

export interface Gap {
  readonly group: NodeId
  readonly kind: GroupKind
  /** Whoever of the group would be left most alone. */
  readonly asker: NodeId
  readonly system: SystemId
  readonly tier: TierId
  readonly pools: readonly PoolId[]
  readonly needed: number
  readonly count: number
  /** False: no rota says anything about these hours yet. */
  readonly planned: boolean
  /** Spans of whole hours, in order, neighbours joined. */
  readonly spans: readonly { readonly start: Instant; readonly end: Instant }[]
  readonly hours: number
  /** Everybody of the pools, those on duty first. */
  readonly people: readonly PersonThen[]
}

/** How somebody of the pools stands to the request at that moment. */
export interface PersonThen {
  readonly person: PersonId
  readonly onDuty: boolean
  readonly away: boolean
  readonly independent: boolean
  readonly conflicts: readonly Conflict[]
}

/** @returns the most hours first. */
export function gapsOf(prepared: PreparedCoverage, row: CoverageRow): readonly Gap[] {
  const found = new Map<string, { cell: ShortHour; hours: number[] }>()
  for (const [hour, cell] of row.hours.entries()) {
    if (!isShort(cell)) continue
    const key = keyFor(prepared, cell)
    const known = found.get(key)
    if (known === undefined) found.set(key, { cell, hours: [hour] })
    else known.hours.push(hour)
  }
  return [...found.values()]
    .map(({ cell, hours }) => gapOf(prepared, row, cell, hours))
    .sort((a, b) => b.hours - a.hours || (a.spans[0]?.start ?? '').localeCompare(b.spans[0]?.start ?? ''))
}

/** Who of the pools could decide about what is asked at this hour, who could not, and why. */
export function peopleThen(prepared: PreparedCoverage, { asker, request, at }: ShortHour): readonly PersonThen[] {
  const { directory, history, policy, numberOfPerson } = prepared
  const now = instantOf(at)
  const { onDuty, members } = stretchAt(prepared.dutyOf(request.rules.pools), at).value
  const matter = prepareMatter(matterOf(asker, request, policy), directory, history, policy, now)
  const moment = momentAt(directory, now)
  const everybody = request.rules.pools.flatMap((id) => {
    const pool = poolOf(policy, id)
    return pool === undefined ? [] : membersOfPool(moment, pool)
  })
  const people = [...new Set(everybody)].map((person) => {
    const number = numberOfPerson.get(person) as number
    const { independent, conflicts } = verdictOf(matter, person)
    return { person, onDuty: hasPerson(onDuty, number), away: !hasPerson(members, number), independent, conflicts }
  })
  const rank = ({ onDuty: duty, independent, away }: PersonThen) => (duty ? 0 : away ? 3 : independent ? 1 : 2)
  return people.sort((a, b) => rank(a) - rank(b) || (a.person < b.person ? -1 : 1))
}

/** Hours that differ in none of this have one explanation. */
function keyFor(prepared: PreparedCoverage, cell: ShortHour): string {
  const { asker, request, at, count, needed, callable, planned } = cell
  const { onDuty, members } = stretchAt(prepared.dutyOf(request.rules.pools), at).value
  return [asker.requester, request.system, request.tier, count, needed, callable, planned, onDuty, members].join(' | ')
}

function gapOf(prepared: PreparedCoverage, row: CoverageRow, cell: ShortHour, hours: readonly number[]): Gap {
  const { asker, request, needed, count, planned } = cell
  return {
    group: row.group,
    kind: row.kind,
    asker: asker.requester,
    system: request.system,
    tier: request.tier,
    pools: request.rules.pools,
    needed,
    count,
    planned,
    spans: spansOf(prepared.start, hours),
    hours: hours.length,
    people: peopleThen(prepared, cell),
  }
}

/** Hours as spans; neighbours are one. */
export function spansOf(start: number, hours: readonly number[]): readonly { start: Instant; end: Instant }[] {
  const spans: { start: number; end: number }[] = []
  for (const hour of hours) {
    const from = start + hour * hourMillis
    const last = spans.at(-1)
    if (last !== undefined && last.end === from) last.end = from + hourMillis
    else spans.push({ start: from, end: from + hourMillis })
  }
  return spans.map((span) => ({ start: instantOf(span.start), end: instantOf(span.end) }))
}
