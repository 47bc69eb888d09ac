/**
 * Who stands behind a request? Everybody who could be the one asking, or gain by it: the parties named in it, all other
 * names of the same human beings, whoever controls a workload among them, whoever stands for an outsider. A walk
 * against the direction of control, which a circle of delegations cannot hold up.
 */
import type { NodeId } from '../directory.ts'
import { type Graph, kindsAt } from './graph.ts'
import { type KindSet, kindSet, soleAccounts } from './kinds.ts'
import type { Moment } from './moment.ts'
import type { Nodes } from './nodes.ts'
import { once } from './once.ts'
import type { Reach } from './reach.ts'
import { walkFrom, walkOn } from './walk.ts'

/** Links between names of one being. They work both ways, confirmed or not. */
const identity = kindSet('same-as', 'belongs-to')
/** Against their direction, leaving out accounts that lead back to where a walk came from and nowhere else. */
const named = identity & ~soleAccounts
/** `from` can act as `to`, or decides what `to` does. A team in control means everybody in it, however nested. */
const control = kindSet('owns', 'operates', 'created', 'holds-credential-of', 'delegates-to', 'member-of', 'part-of')
const delegation = kindSet('delegates-to')
const duty = kindSet('on-rota')
const sponsorship = kindSet('sponsors')

/** Everybody behind these nodes. */
export function everybodyBehind(moment: Moment, parties: readonly number[]): Reach {
  return walkFrom(moment, parties, { along: identity, against: named | control | duty | sponsorship })
}

/** Whether any of these nodes stands behind a party. Looks no further than it must. */
export function isAnybodyBehind(moment: Moment, party: number, isWanted: (node: number) => boolean): boolean {
  const against = named | control | duty | sponsorship
  const { nodes } = walkFrom(moment, [party], { along: identity, against, until: isWanted })
  return nodes.some(isWanted)
}

/** Like `everybodyBehind`, but only those who control the nodes, and all their names. */
export function controllersOf(moment: Moment, nodes: readonly number[]): Reach {
  return walkFrom(moment, nodes, { along: identity, against: named | control })
}

/** All names of one being: accounts, other entries of the same person, whoever shares an account. */
export function selvesOf(moment: Moment, node: number): Reach {
  return walkFrom(moment, [node], { along: identity, against: identity })
}

/** Everything that somebody among these nodes can act as: their names, their teams, what they and these control. */
export function actsAs(moment: Moment, nodes: readonly number[]): Reach {
  return walkFrom(moment, nodes, { along: identity | control, against: named })
}

/** Few: whoever is said to be somebody else too, or to have an account that is said to be somebody else's. */
export function idsWithOtherNames({ ids }: Nodes, graph: Graph): Set<NodeId> {
  return new Set(ids.filter((_, node) => kindsAt(graph, node, identity, named) !== 0))
}

/**
 * A requesting side by what makes somebody part of it, other names of such people left out. Each is computed when first
 * asked for: most verdicts are about somebody who is not on the side at all.
 */
export interface Side {
  readonly parties: () => Reach
  readonly controllers: () => Reach
  /** Those of the controllers who delegated. */
  readonly delegators: () => Reach
  readonly sponsors: () => Reach
  readonly onRota: () => Reach
}

/** `everybody` behind these parties, by what puts them there. */
export function sideOf(moment: Moment, everybody: Reach, parties: readonly number[]): Side {
  const whoever = (against: KindSet) => once(() => walkOn(moment, everybody, { first: { against } }))
  return {
    parties: once(() => walkOn(moment, everybody, { keeps: (node) => parties.includes(node) })),
    controllers: whoever(control),
    delegators: whoever(delegation),
    sponsors: whoever(sponsorship),
    onRota: whoever(duty),
  }
}
