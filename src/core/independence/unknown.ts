/**
 * What does nobody know about a request? A party that no source describes, a workload behind which no person can be
 * found, a relation into the dark. Whoever looks at such a request cannot be said to be independent of it.
 */
import type { NodeId } from '../directory.ts'
import type { Matter } from '../independence.ts'
import { type Finding, stepsOf } from './finding.ts'
import { everyKind } from './kinds.ts'
import { eachIn, eachOut, idOf, type Moment, numberOf } from './moment.ts'
import { isDescribed, isPerson, mayBe, mayDangle } from './nodes.ts'
import type { Subject } from './prepare.ts'
import type { Hop, Reach } from './reach.ts'
import { isAnybodyBehind } from './side.ts'

/** The first thing unknown about the request itself, or about the target. */
export function unknownBehind(
  moment: Moment,
  matter: Matter,
  reaches: { readonly everybody: Reach; readonly teams: Reach; readonly granting: Reach },
): Finding | undefined {
  const parties = [...new Set([matter.requester, matter.beneficiary, ...matter.chain])]
  const named = matter.system === undefined ? parties : [...parties, matter.system]
  // Looked up once: finding a name among a million is a good part of all that is done here.
  const numbers = named.map((id) => numberOf(moment, id))
  return (
    first(named, (id, place) => undescribed(moment, id, numbers[place])) ??
    first(parties, (id, place) => orphaned(moment, id, numbers[place] as number)) ??
    first([reaches.everybody, reaches.teams, reaches.granting], (reach) => unknownIn(moment, reach)) ??
    danglingSide(moment, reaches.everybody)
  )
}

/** A relation between one of the subject's names, or a team they are in, and an id that nobody describes. */
export function unknownAround(moment: Moment, { selves, teams }: Subject): Finding | undefined {
  if (!moment.directory.nodes.hasUndescribed) return undefined
  const hop = danglingHop(moment, selves)
  if (hop !== undefined) return dark(moment, [...selves.out(hop.from), hop], hop.to)
  const team = teams().nodes.find((node) => !isDescribed(moment.directory.nodes, node))
  return team === undefined ? undefined : dark(moment, teams().out(team), team)
}

function undescribed(moment: Moment, id: NodeId, node: number | undefined): Finding | undefined {
  if (node !== undefined && isDescribed(moment.directory.nodes, node)) return undefined
  return { path: [], because: `${id} is in no source of the directory` }
}

/** A person stands for themselves; behind everything else there must be one. */
function orphaned(moment: Moment, id: NodeId, node: number): Finding | undefined {
  const { nodes } = moment.directory
  if (isPerson(nodes, node) || isAnybodyBehind(moment, node, (other) => isPerson(nodes, other))) return undefined
  return { path: [], because: `no person can be found behind ${id}` }
}

function unknownIn(moment: Moment, reach: Reach): Finding | undefined {
  if (!moment.directory.nodes.hasUndescribed) return undefined
  const node = reach.nodes.find((other) => !isDescribed(moment.directory.nodes, other))
  return node === undefined ? undefined : dark(moment, reach.back(node), node)
}

function danglingSide(moment: Moment, everybody: Reach): Finding | undefined {
  const hop = danglingHop(moment, everybody)
  if (hop === undefined) return undefined
  const { from, relation, to } = hop
  return dark(moment, [{ from: to, relation, to: from }, ...everybody.back(from)], to)
}

/** Teams are left out: what a team owns besides says nothing about who is in it. */
function danglingHop(moment: Moment, reach: Reach): Hop | undefined {
  const { nodes } = moment.directory
  if (!nodes.hasUndescribed) return undefined
  const doubtful = reach.nodes.filter((node) => mayDangle(nodes, node) && !mayBe(nodes, node, 'team'))
  return first(doubtful, (node) => hopIntoTheDark(moment, node))
}

function hopIntoTheDark(moment: Moment, from: number): Hop | undefined {
  let found: Hop | undefined
  const look = (relation: number, to: number) => {
    if (!isDescribed(moment.directory.nodes, to)) found ??= { from, relation, to }
  }
  eachOut(moment, everyKind, from, look)
  eachIn(moment, everyKind, from, look)
  return found
}

function dark(moment: Moment, hops: readonly Hop[], node: number): Finding {
  return { path: stepsOf(moment, hops), because: `${idOf(moment, node)} is in no source of the directory` }
}

function first<T, R>(values: readonly T[], look: (value: T, place: number) => R | undefined): R | undefined {
  for (let place = 0; place < values.length; place++) {
    const found = look(values[place] as T, place)
    if (found !== undefined) return found
  }
  return undefined
}
