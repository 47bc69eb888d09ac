/**
 * How does a stated relation become a row of numbers? One row per fact, never fewer: two sources that say the same are
 * two rows. Turns of duty become one row per person, rota and source, which ends when the last turn does.
 */
import type { DirectoryFacts, Relation, Shift, SourceId } from '../directory.ts'
import { factsInStep, type Steps } from '../steps.ts'
import { type Instant, millisOf } from '../time.ts'
import { confirmedFlag, type Rows, unreadableEndFlag } from './graph.ts'
import { kindNumber } from './kinds.ts'
import type { Numbered } from './nodes.ts'

export function* rowsOf(
  facts: DirectoryFacts,
  numbered: Numbered,
  sources: ReadonlyMap<SourceId, number>,
): Steps<Rows> {
  const { nodes, from, to } = numbered
  const turns = dutyRelations(facts.shifts)
  const writer = rowWriter(facts.relations.length + turns.length, sources)
  for (const [i, relation] of facts.relations.entries()) {
    writer.write(relation, from[i] as number, to[i] as number)
    if (i % factsInStep === 0) yield
  }
  for (const turn of turns) {
    writer.write(turn, nodes.numbers.get(turn.from) as number, nodes.numbers.get(turn.to) as number)
  }
  return writer.rows()
}

function rowWriter(capacity: number, sources: ReadonlyMap<SourceId, number>) {
  const kind = new Uint8Array(capacity)
  const from = new Int32Array(capacity)
  const to = new Int32Array(capacity)
  const source = new Uint32Array(capacity)
  const flags = new Uint8Array(capacity)
  const beginning = new Uint32Array(capacity)
  const ending = new Uint32Array(capacity)
  const instants = instantTable()
  let count = 0

  function write(stated: Relation, fromNode: number, toNode: number): void {
    const number = kindNumber(stated.relation)
    if (number < 0) return
    const end = instants.numberOf(stated.until)
    kind[count] = number
    from[count] = fromNode
    to[count] = toNode
    source[count] = sources.get(stated.source) as number
    flags[count] = (stated.confirmed === true ? confirmedFlag : 0) | (end === undefined ? unreadableEndFlag : 0)
    beginning[count] = instants.numberOf(stated.since) ?? 0
    ending[count] = end ?? 0
    count++
  }

  const rows = (): Rows => ({ count, kind, from, to, source, flags, beginning, ending, instants: instants.table() })
  return { write, rows }
}

/** The distinct instants: few, however many relations begin and end. Number 0 is none, later than any other. */
export function instantTable() {
  const numbers = new Map<Instant, number>()
  const known = [Number.POSITIVE_INFINITY]

  /** `undefined` when nobody can read it. */
  function numberOf(instant: Instant | undefined): number | undefined {
    if (instant === undefined) return 0
    const number = numbers.get(instant)
    if (number !== undefined) return number
    const millis = millisOf(instant)
    if (Number.isNaN(millis)) return undefined
    numbers.set(instant, known.push(millis) - 1)
    return known.length - 1
  }

  return { numberOf, table: () => Float64Array.from(known) }
}

function dutyRelations(shifts: readonly Shift[]): Relation[] {
  const last = new Map<string, Relation>()
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
