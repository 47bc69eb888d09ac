/**
 * How does a stated relation become a row of numbers? One row per fact, never fewer: two sources that say the same are
 * two rows. Turns of duty become one row per person, rota and source, which ends when the last turn does.
 */
import type { DirectoryFacts, Relation, Shift, SourceId } from '../directory.ts'
import { type Instant, millisOf } from '../time.ts'
import { confirmedFlag, kindNumber, type Rows, unknownSince, unreadableEndFlag } from './graph.ts'
import { markDangling, type Nodes } from './nodes.ts'

type Stated = Pick<Relation, 'from' | 'relation' | 'to' | 'source' | 'since' | 'until' | 'confirmed'>

export function rowsOf(facts: DirectoryFacts, nodes: Nodes, sources: ReadonlyMap<SourceId, number>): Rows {
  const fromShifts = dutyRelations(facts.shifts)
  const capacity = facts.relations.length + fromShifts.length
  const writer = rowWriter(capacity, nodes, sources)
  for (const relation of facts.relations) writer.write(relation)
  for (const relation of fromShifts) writer.write(relation)
  return writer.rows()
}

function rowWriter(capacity: number, nodes: Nodes, sources: ReadonlyMap<SourceId, number>) {
  const kind = new Uint8Array(capacity)
  const from = new Int32Array(capacity)
  const to = new Int32Array(capacity)
  const source = new Uint32Array(capacity)
  const flags = new Uint8Array(capacity)
  const ending = new Uint32Array(capacity)
  const since = new Float64Array(capacity)
  const endings = endingTable()
  let count = 0

  function write(stated: Stated): void {
    const number = kindNumber(stated.relation)
    if (number < 0) return
    const end = endings.numberOf(stated.until)
    kind[count] = number
    from[count] = nodes.numbers.get(stated.from) as number
    to[count] = nodes.numbers.get(stated.to) as number
    source[count] = sources.get(stated.source) as number
    flags[count] = (stated.confirmed === true ? confirmedFlag : 0) | (end === undefined ? unreadableEndFlag : 0)
    ending[count] = end ?? 0
    since[count] = sinceOf(stated.since)
    markDangling(nodes, from[count] as number, to[count] as number)
    count++
  }

  return {
    write,
    rows: (): Rows => ({ count, kind, from, to, source, flags, ending, since, endings: endings.table() }),
  }
}

/** The distinct ends: few, however many relations have ended. Number 0 is "has not ended". */
function endingTable() {
  const numbers = new Map<Instant, number>()
  const ends = [Number.POSITIVE_INFINITY]

  function numberOf(until: Instant | undefined): number | undefined {
    if (until === undefined) return 0
    const known = numbers.get(until)
    if (known !== undefined) return known
    const millis = millisOf(until)
    if (Number.isNaN(millis)) return undefined
    numbers.set(until, ends.push(millis) - 1)
    return ends.length - 1
  }

  return { numberOf, table: () => Float64Array.from(ends) }
}

function sinceOf(since: Instant | undefined): number {
  const millis = since === undefined ? Number.NaN : millisOf(since)
  return Number.isNaN(millis) ? unknownSince : millis
}

function dutyRelations(shifts: readonly Shift[]): Stated[] {
  const last = new Map<string, Stated>()
  for (const { person, rota, source, end } of shifts) {
    const key = JSON.stringify([person, rota, source])
    const known = last.get(key)
    if (known === undefined || endsLater(end, known.until as Instant)) {
      last.set(key, { from: person, relation: 'on-rota', to: rota, source, until: end })
    }
  }
  return [...last.values()]
}

/** An end that nobody can read is later than any other. */
function endsLater(a: Instant, b: Instant): boolean {
  return !Number.isNaN(millisOf(b)) && !(millisOf(a) <= millisOf(b))
}
