/** What changed between two directories? For people who look before they believe; it decides nothing. */
import type { DirectoryFacts, DirectoryNode, Shift, StandingAccess } from '../directory.ts'
import { millisOf } from '../time.ts'
import { hasEnded, type Lasting } from './lasting.ts'
import { accessOrder, type ListOrder, nodeOrder, relationOrder, shiftOrder, sorted } from './order.ts'

/** Facts that are in one directory and not in the other, ended ones counted as absent. */
export interface DirectoryDifference {
  readonly added: StandingFacts
  readonly removed: StandingFacts
  /** Described otherwise than before: another name, external, gone. */
  readonly changed: readonly { readonly before: DirectoryNode; readonly after: DirectoryNode }[]
  /** Turns of duty that are not over; counted, since they come and go with the calendar. */
  readonly turns: { readonly addedCount: number; readonly removedCount: number }
}

export interface StandingFacts extends Pick<DirectoryFacts, 'nodes' | 'relations'> {
  readonly access: readonly StandingAccess[]
}

/** Every source's word is compared with its own: two sources saying the same are two facts. */
export function diffDirectories(a: DirectoryFacts, b: DirectoryFacts): DirectoryDifference {
  const [nodesA, nodesB] = [standing(a.nodes, a), standing(b.nodes, b)]
  const [relationsA, relationsB] = [standing(a.relations, a), standing(b.relations, b)]
  const [accessA, accessB] = [standing(a.access ?? [], a), standing(b.access ?? [], b)]
  const asOf = momentOf(b)
  const [shiftsA, shiftsB] = [ahead(a, asOf), ahead(b, asOf)]
  return {
    changed: changedNodes(nodesA, nodesB),
    turns: {
      addedCount: without(shiftsB, shiftsA, shiftOrder).length,
      removedCount: without(shiftsA, shiftsB, shiftOrder).length,
    },
    added: {
      nodes: without(nodesB, nodesA, nodeOrder),
      relations: without(relationsB, relationsA, relationOrder),
      access: without(accessB, accessA, accessOrder),
    },
    removed: {
      nodes: without(nodesA, nodesB, nodeOrder),
      relations: without(relationsA, relationsB, relationOrder),
      access: without(accessA, accessB, accessOrder),
    },
  }
}

function changedNodes(a: readonly DirectoryNode[], b: readonly DirectoryNode[]): DirectoryDifference['changed'] {
  const known = new Map(a.map((node) => [keyOf(node), node]))
  return b.flatMap((after) => {
    const before = known.get(keyOf(after))
    return before === undefined || nodeOrder.full(before, after) === 0 ? [] : [{ before, after }]
  })
}

function keyOf({ id, kind, source }: DirectoryNode): string {
  return JSON.stringify([id, kind, source])
}

/** Turns that are not over. */
function ahead(directory: DirectoryFacts, asOf: number): Shift[] {
  return directory.shifts.filter(({ end }) => !(millisOf(end) <= asOf))
}

function standing<Fact extends Lasting>(facts: readonly Fact[], directory: DirectoryFacts): Fact[] {
  const asOf = momentOf(directory)
  return facts.filter((fact) => !hasEnded(fact, asOf))
}

/** Latest observation of any source: the moment the directory speaks of. */
function momentOf({ sources }: DirectoryFacts): number {
  const observed = sources.map(({ observedAt }) => millisOf(observedAt)).filter((at) => !Number.isNaN(at))
  return observed.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...observed)
}

/** Those of `facts` of which `others` has no equal. */
function without<Fact>(facts: readonly Fact[], others: readonly Fact[], order: ListOrder<Fact>): Fact[] {
  const [mine, theirs] = [sorted(facts, order), sorted(others, order)]
  let j = 0
  return mine.filter((fact) => {
    while (j < theirs.length && order.key(theirs[j] as Fact, fact) < 0) j++
    return j === theirs.length || order.key(theirs[j] as Fact, fact) !== 0
  })
}
