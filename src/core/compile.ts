/**
 * How do a hundred thousand people and a million workloads fit in memory so that one question takes microseconds?
 * `compileDirectory` turns the facts into numbers once per change of the directory. It adds nothing and drops nothing:
 * two sources that disagree both stay, and an id that nobody describes is kept as unknown.
 */
import type { DirectoryFacts, NodeId, SourceId, SourceState } from './directory.ts'
import { type Absences, absencesOf, type Duty, dutyOf } from './independence/duty.ts'
import { buildGraph, type Graph } from './independence/graph.ts'
import { type Held, heldOf } from './independence/held.ts'
import { endingsWith, isAccount, type Nodes, numberNodes } from './independence/nodes.ts'
import { rowsOf } from './independence/rows.ts'
import { idsWithOtherNames } from './independence/side.ts'
import { endsMoved } from './merge/ends-moved.ts'
import { atOnce, type Steps } from './steps.ts'
import { type Instant, millisOf } from './time.ts'

export { accessOf, accessWithPaths, type EntitlementName, type HeldAccess } from './independence/held.ts'
export {
  accountsNamed,
  accountsOf,
  type Described,
  describe,
  isAway,
  membersOf,
  membersOfTeam,
  nodeOf,
  onDuty,
  personsControlling,
  type ResolvedAccount,
  resolveAccount,
  sourceOf,
} from './independence/lookup.ts'
export { isStatedFor, type StandingStatement, standingStatements } from './independence/standing-access.ts'

export interface CompiledDirectory {
  readonly nodes: Nodes
  readonly graph: Graph
  readonly duty: Duty
  readonly absences: Absences
  readonly held: Held
  /** Nodes that may be known under other names, their own accounts apart. */
  readonly withOtherNames: ReadonlySet<NodeId>
  /** By `accountKey`. */
  readonly accounts: ReadonlyMap<string, readonly number[]>
  /** The other way round: where an account lives and what it is called there. */
  readonly accountNames: ReadonlyMap<number, { readonly on: string; readonly login: string }>
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
  return atOnce(compileSteps(facts))
}

/** The same, step by step. */
export function* compileSteps(facts: DirectoryFacts): Steps<CompiledDirectory> {
  const numbered = yield* numberNodes(facts)
  const { nodes } = numbered
  const sources = compileSources(facts)
  yield
  const sourceNumbers = new Map(sources.map((source, number) => [source.id, number]))
  const rows = yield* rowsOf(facts, numbered, sourceNumbers)
  const graph = yield* buildGraph(rows, nodes.ids.length, (node) => isAccount(nodes, node))
  const held = heldOf(facts.access ?? [], numbered.holders, nodes.ids.length, sourceNumbers)
  yield
  const withOtherNames = idsWithOtherNames(nodes, graph)
  yield
  const accounts = accountsByName(facts, nodes)
  yield
  return {
    nodes,
    graph,
    duty: dutyOf(facts.shifts, nodes),
    absences: absencesOf(facts.absences ?? [], nodes),
    held,
    withOtherNames,
    accounts,
    accountNames: namesOfAccounts(facts, nodes),
    sources,
  }
}

/**
 * The same facts but for when some nodes end, and what they are called: somebody was deactivated, or is back. Nothing that was
 * numbered moves. @returns nothing where more is otherwise.
 */
export function recompiled(
  { facts: before, compiled }: { readonly facts: DirectoryFacts; readonly compiled: CompiledDirectory },
  facts: DirectoryFacts,
): CompiledDirectory | undefined {
  const ends = endsMoved(before, facts)
  if (ends === undefined) return undefined
  const sources = facts.sources.map(({ id }) => id)
  if (sources.join() !== before.sources.map(({ id }) => id).join()) return undefined
  return {
    ...compiled,
    nodes: { ...compiled.nodes, endings: endingsWith(compiled.nodes, ends, facts.nodes) },
    sources: compiled.sources.map(({ id }) => compileSource(id, facts.sources)),
  }
}

/** Unambiguous whatever the names contain, so that no account can be spelled to look like another. */
export function accountKey(on: string, login: string): string {
  return `${on.length}:${on}${login}`
}

/**
 * The same directory with sources read again since it last changed. What they said is unchanged, so only their age is. The
 * last reading counts, also when it bears an earlier time: then the clock ran ahead when the facts were stated, and they
 * are as old as that reading, neither younger nor from a time that has not come.
 */
export function refreshed(
  directory: CompiledDirectory,
  freshness: Readonly<Record<SourceId, Instant>>,
): CompiledDirectory {
  const sources = directory.sources.map((source) => {
    const readAt = Object.hasOwn(freshness, source.id) ? millisOf(freshness[source.id] as Instant) : Number.NaN
    if (Number.isNaN(readAt)) return source
    return { ...source, observedAt: readAt, freshUntil: source.freshUntil + readAt - source.observedAt }
  })
  return { ...directory, sources }
}

function compileSources(facts: DirectoryFacts): CompiledSource[] {
  const cited = new Set<SourceId>()
  for (const fact of facts.nodes) cited.add(fact.source)
  for (const fact of facts.relations) cited.add(fact.source)
  for (const fact of facts.shifts) cited.add(fact.source)
  for (const fact of facts.access ?? []) cited.add(fact.source)
  for (const fact of facts.absences ?? []) cited.add(fact.source)
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
    revision: own
      .map((state) => state.revision)
      .sort()
      .join('+'),
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

/** Sources that name one account differently cannot be told apart by name, so such an account has none. */
function namesOfAccounts(facts: DirectoryFacts, nodes: Nodes): Map<number, { on: string; login: string }> {
  const names = new Map<number, { on: string; login: string }>()
  const contradicted = new Set<number>()
  for (const { id, kind, on, login } of facts.nodes) {
    if (kind !== 'account' || on === undefined || login === undefined) continue
    const number = nodes.numbers.get(id) as number
    const known = names.get(number)
    if (known !== undefined && (known.on !== on || known.login !== login)) contradicted.add(number)
    names.set(number, { on, login })
  }
  for (const number of contradicted) names.delete(number)
  return names
}
