/**
 * How did a walk through the directory arrive where it did? A reach remembers, for every node it came to, the relation
 * it came by, nearest nodes first; so every answer can show its shortest path. A reach may continue an earlier one, its
 * base, and its paths then lead through both.
 */

/** Stands where a node was not reached by a relation: the walk began there, or took the node over from its base. */
export const noRelation = -1

const beginning = -(2 ** 30)

/** One step of a path, in numbers. */
export interface Hop {
  readonly from: number
  readonly relation: number
  readonly to: number
}

/** Up to so many nodes, looking through them is faster than any index. */
const unindexedMax = 8

export class Reach {
  /** Nearest first; among equally near ones in the order in which the walk met them. A place is an index into it. */
  readonly nodes: number[] = []
  readonly base: Reach | undefined
  /** All kinds of relations that lead away from its nodes, and to them; of walks that continue no other. */
  kindsOut = 0
  kindsIn = 0
  /** Three numbers for each place: the relation, the place before (`~place` of the base), the depth. */
  private readonly trail: number[] = []
  private index: Map<number, number> | undefined

  constructor(base?: Reach) {
    this.base = base
  }

  has(node: number): boolean {
    return this.placeOf(node) >= 0
  }

  /** How many relations lie between the place and the beginning. */
  depthAt(place: number): number {
    return this.trail[3 * place + 2] as number
  }

  depthOf(node: number): number {
    return this.depthAt(this.placeOf(node))
  }

  /** The walk begins here. */
  begin(node: number): void {
    this.put(node, noRelation, beginning, 0)
  }

  /** From a place of this reach by a relation to a node; the first way to a node is kept. */
  step(node: number, relation: number, place: number): void {
    this.put(node, relation, place, this.depthAt(place) + 1)
  }

  /** From a place of the base by a relation. */
  enter(node: number, relation: number, basePlace: number): void {
    this.put(node, relation, ~basePlace, (this.base as Reach).depthAt(basePlace) + 1)
  }

  /** The node at that place of the base belongs to this reach too. */
  stay(basePlace: number): void {
    const base = this.base as Reach
    this.put(base.nodes[basePlace] as number, noRelation, ~basePlace, base.depthAt(basePlace))
  }

  /** From the node back to where it all began. */
  back(node: number): Hop[] {
    const hops: Hop[] = []
    let reach: Reach = this
    let place = this.placeOf(node)
    for (let at = node; reach.trail[3 * place + 1] !== beginning; ) {
      const relation = reach.trail[3 * place] as number
      const before = reach.trail[3 * place + 1] as number
      if (before < 0) reach = reach.base as Reach
      place = before < 0 ? ~before : before
      const to = reach.nodes[place] as number
      if (relation !== noRelation) hops.push({ from: at, relation, to })
      at = to
    }
    return hops
  }

  /** From where it all began to the node. */
  out(node: number): Hop[] {
    const hops = this.back(node).reverse()
    return hops.map(({ from, relation, to }) => ({ from: to, relation, to: from }))
  }

  private put(node: number, relation: number, previous: number, depth: number): void {
    if (this.placeOf(node) >= 0) return
    this.index?.set(node, this.nodes.length)
    this.nodes.push(node)
    this.trail.push(relation, previous, depth)
    if (this.index === undefined && this.nodes.length > unindexedMax) this.index = indexed(this.nodes)
  }

  private placeOf(node: number): number {
    return this.index === undefined ? this.nodes.indexOf(node) : (this.index.get(node) ?? -1)
  }
}

function indexed(nodes: readonly number[]): Map<number, number> {
  const index = new Map<number, number>()
  for (let place = 0; place < nodes.length; place++) index.set(nodes[place] as number, place)
  return index
}

export interface Meeting {
  readonly node: number
  /** From where `a` began to where `b` began. */
  readonly path: readonly Hop[]
  /** At how many further nodes the two meet. */
  readonly more: number
}

/** Where two reaches meet by the shortest way; the first one of `a` among equals. */
export function meet(a: Reach, b: Reach): Meeting | undefined {
  let node: number | undefined
  let length = Number.POSITIVE_INFINITY
  let count = 0
  for (const candidate of a.nodes) {
    if (!b.has(candidate)) continue
    count++
    const total = a.depthOf(candidate) + b.depthOf(candidate)
    if (total >= length) continue
    node = candidate
    length = total
  }
  return node === undefined ? undefined : { node, path: [...a.out(node), ...b.back(node)], more: count - 1 }
}
