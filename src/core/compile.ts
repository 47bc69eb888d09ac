/**
 * How do a hundred thousand people and a million workloads fit in memory so that one question takes microseconds?
 * `compileDirectory` turns the facts into numbers once per change of the directory. It adds nothing and drops nothing:
 * two sources that disagree both stay, and an id that nobody describes is kept as unknown.
 */
import type { DirectoryFacts, SourceId, SourceState } from './directory.ts'
import { type Duty, dutyOf } from './independence/duty.ts'
import { buildGraph, type Graph } from './independence/graph.ts'
import { type Nodes, numberNodes } from './independence/nodes.ts'
import { rowsOf } from './independence/rows.ts'
import { millisOf } from './time.ts'

export {
  accountsOf,
  type Described,
  describe,
  membersOf,
  membersOfTeam,
  nodeOf,
  onDuty,
  personsControlling,
  type ResolvedAccount,
  resolveAccount,
  sourceOf,
} from './independence/lookup.ts'

export interface CompiledDirectory {
  readonly nodes: Nodes
  readonly graph: Graph
  readonly duty: Duty
  /** By `accountKey`. */
  readonly accounts: ReadonlyMap<string, readonly number[]>
  readonly sources: readonly CompiledSource[]
}

export interface CompiledSource {
  readonly id: SourceId
  /** Empty when facts cite a source of which nothing is known. */
  readonly revision: string
  /** Milliseconds; `NaN` when unknown, and then the source is too old at any moment. */
  readonly observedAt: number
  readonly freshUntil: number
}

/** @returns the directory in numbers. Equal facts in any order give equal answers to every question. */
export function compileDirectory(facts: DirectoryFacts): CompiledDirectory {
  const nodes = numberNodes(facts)
  const sources = compileSources(facts)
  const sourceNumbers = new Map(sources.map((source, number) => [source.id, number]))
  const rows = rowsOf(facts, nodes, sourceNumbers)
  return {
    nodes,
    graph: buildGraph(rows, nodes.ids.length),
    duty: dutyOf(facts.shifts, nodes),
    accounts: accountsByName(facts, nodes),
    sources,
  }
}

/** Unambiguous whatever the names contain, so that no account can be spelled to look like another. */
export function accountKey(on: string, login: string): string {
  return `${on.length}:${on}${login}`
}

function compileSources(facts: DirectoryFacts): CompiledSource[] {
  const cited = new Set<SourceId>()
  for (const fact of facts.nodes) cited.add(fact.source)
  for (const fact of facts.relations) cited.add(fact.source)
  for (const fact of facts.shifts) cited.add(fact.source)
  for (const source of facts.sources) cited.add(source.id)
  return [...cited].sort().map((id) => compileSource(id, facts.sources))
}

/** A source that stands there twice is as old as its older state. */
function compileSource(id: SourceId, states: readonly SourceState[]): CompiledSource {
  const own = states.filter((state) => state.id === id)
  const observed = own.map((state) => millisOf(state.observedAt))
  const fresh = own.map((state, i) => (observed[i] as number) + state.staleAfterSeconds * 1000)
  return {
    id,
    revision: own.map((state) => state.revision).sort().join('+'),
    observedAt: own.length === 0 ? Number.NaN : Math.max(...observed),
    freshUntil: own.length === 0 ? Number.NaN : Math.min(...fresh),
  }
}

function accountsByName(facts: DirectoryFacts, nodes: Nodes): Map<string, number[]> {
  const accounts = new Map<string, number[]>()
  for (const { id, kind, on, login } of facts.nodes) {
    if (kind !== 'account' || on === undefined || login === undefined) continue
    const key = accountKey(on, login)
    const number = nodes.numbers.get(id) as number
    const known = accounts.get(key)
    if (known === undefined) accounts.set(key, [number])
    else if (!known.includes(number)) known.push(number)
  }
  return accounts
}
