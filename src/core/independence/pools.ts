/**
 * Who is in a pool, by which way, and since when? Membership is in somebody's favour, so only what holds right now
 * counts: listed and alive, or in a listed team through memberships that have begun and not ended. An empty pool, or
 * one the policy does not know, has nobody.
 */
import type { NodeId } from '../directory.ts'
import type { Policy, Pool, PoolId } from '../policy.ts'
import { appliedTo } from './applied.ts'
import { kindSet } from './kinds.ts'
import { eachCurrentIn, eachCurrentOut, idOf, isAlive, type Moment, numberOf, sinceOf } from './moment.ts'
import { mayBe } from './nodes.ts'
import { Reach } from './reach.ts'

const memberOf = kindSet('member-of')
const partOf = kindSet('part-of')

export function poolOf(policy: Policy, id: PoolId): Pool | undefined {
  return Object.hasOwn(policy.pools, id) ? policy.pools[id] : undefined
}

/** Says which steps of the way from a person into a pool's team may be used. */
type Usable = (relation: number, team: number) => boolean

/** The person and the teams they are in at this moment, through nested teams too. */
export function membershipsOf(moment: Moment, person: number, usable: Usable = () => true): Reach {
  const teams = new Reach()
  if (!isAlive(moment, person)) return teams
  teams.begin(person)
  for (let place = 0; place < teams.nodes.length; place++) {
    eachTeam(moment, teams.nodes[place] as number, place, (relation, team) => {
      if (usable(relation, team)) teams.step(team, relation, place)
    })
  }
  return teams
}

export function poolsHolding(moment: Moment, person: NodeId, pools: readonly PoolId[], policy: Policy): PoolId[] {
  const node = numberOf(moment, person)
  if (node === undefined) return []
  const holding = new Set(entriesInto(moment, policy, membershipsOf(moment, node), pools).map(({ pool }) => pool))
  return pools.filter((pool) => holding.has(pool))
}

/** A way into a pool: the person, or a team of theirs, is listed in it. */
export interface Entry {
  readonly pool: PoolId
  readonly node: number
}

/** Ways into any of these pools, the person's own listing before any team's; none when they are in none. */
export function entriesInto(moment: Moment, policy: Policy, memberships: Reach, pools: readonly PoolId[]): Entry[] {
  const { listings } = appliedTo(moment.directory.nodes, policy)
  const entries: Entry[] = []
  for (const node of memberships.nodes) {
    for (const pool of listings.get(node) ?? []) if (pools.includes(pool)) entries.push({ pool, node })
  }
  return entries
}

/** False when no pool lists any of these people and teams. */
export function mayBeListed(moment: Moment, policy: Policy, { nodes }: Reach): boolean {
  const { listings } = appliedTo(moment.directory.nodes, policy)
  return nodes.some((node) => listings.has(node))
}

/** @returns milliseconds since when the person has been in each of the teams, by the way that lends most tenure. */
export function sinceInTeams(moment: Moment, person: number): ReadonlyMap<number, number> {
  const since = new Map<number, number>([[person, Number.NEGATIVE_INFINITY]])
  const queue = [person]
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    const sinceNode = since.get(node) as number
    eachTeam(moment, node, node === person ? 0 : 1, (relation, team) => {
      const joined = Math.max(sinceNode, sinceOf(moment, relation))
      const known = since.get(team)
      if (known !== undefined && known <= joined) return
      since.set(team, joined)
      queue.push(team)
    })
  }
  return since
}

/** Everybody the pool consists of at this moment, and whoever else it lists, so that it can be said why they are out. */
export function membersOfPool(moment: Moment, pool: Pool): NodeId[] {
  const listed = pool.members.flatMap((id) => {
    const node = numberOf(moment, id)
    const isTeam = node !== undefined && mayBe(moment.directory.nodes, node, 'team')
    return isTeam ? peopleInTeam(moment, node).map((person) => idOf(moment, person)) : [id]
  })
  return [...new Set(listed)].sort()
}

/** Members of the team and of its sub-teams at this moment. */
export function peopleInTeam(moment: Moment, team: number): number[] {
  const teams = new Set(isAlive(moment, team) ? [team] : [])
  const people = new Set<number>()
  for (const one of teams) {
    eachCurrentIn(moment, partOf, one, (_, child) => teams.add(child))
    eachCurrentIn(moment, memberOf, one, (_, person) => people.add(person))
  }
  return [...people].sort((a, b) => a - b)
}

/** A person is a member of teams, a team is part of teams. */
function eachTeam(moment: Moment, node: number, place: number, visit: (relation: number, team: number) => void): void {
  eachCurrentOut(moment, place === 0 ? memberOf : partOf, node, visit)
}
