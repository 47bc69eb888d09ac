/** What changed between two directories? For people who look before they believe; it decides nothing. */
import type { DirectoryFacts, StandingAccess } from '../directory.ts'
import { millisOf } from '../time.ts'
import { hasEnded, type Lasting } from './lasting.ts'
import { accessOrder, nodeOrder, type Order, relationOrder, sorted } from './order.ts'

/** Facts that are in one directory and not in the other, ended ones counted as absent. */
export interface DirectoryDifference {
  readonly added: StandingFacts
  readonly removed: StandingFacts
}

/** Turns of duty are left out: they come and go with the calendar. */
export interface StandingFacts extends Pick<DirectoryFacts, 'nodes' | 'relations'> {
  readonly access: readonly StandingAccess[]
}

/** Every source's word is compared with its own: two sources saying the same are two facts. */
export function diffDirectories(a: DirectoryFacts, b: DirectoryFacts): DirectoryDifference {
  const [nodesA, nodesB] = [standing(a.nodes, a), standing(b.nodes, b)]
  const [relationsA, relationsB] = [standing(a.relations, a), standing(b.relations, b)]
  const [accessA, accessB] = [standing(a.access ?? [], a), standing(b.access ?? [], b)]
  return {
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

/** Latest observation of any source: the moment the directory speaks of. */
function standing<Fact extends Lasting>(facts: readonly Fact[], directory: DirectoryFacts): Fact[] {
  const observed = directory.sources.map(({ observedAt }) => millisOf(observedAt)).filter((at) => !Number.isNaN(at))
  const asOf = observed.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...observed)
  return facts.filter((fact) => !hasEnded(fact, asOf))
}

/** Those of `facts` of which `others` has no equal. */
function without<Fact>(facts: readonly Fact[], others: readonly Fact[], order: Order<Fact>): Fact[] {
  const [mine, theirs] = [sorted(facts, order), sorted(others, order)]
  let j = 0
  return mine.filter((fact) => {
    while (j < theirs.length && order.key(theirs[j] as Fact, fact) < 0) j++
    return j === theirs.length || order.key(theirs[j] as Fact, fact) !== 0
  })
}
