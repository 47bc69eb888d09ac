/**
 * Who could decide if somebody of a group asked in the coming hour? Of every kind of request the one that would be left
 * most alone counts, as on the map; but here everybody of the pools is told, not only where nobody is left.
 */
import type { NodeId, PersonId, SystemId } from '../directory.ts'
import type { Matter } from '../independence.ts'
import type { PoolId, TierId } from '../policy.ts'
import { type Instant, instantOf } from '../time.ts'
import { matterOf } from './freedom.ts'
import { type PersonThen, peopleThen } from './gaps.ts'
import { groupNamed } from './groups.ts'
import { kindsOn, type PreparedCoverage } from './prepare.ts'
import { rowOf } from './rows.ts'

export interface Standby {
  readonly system: SystemId
  readonly tier: TierId
  readonly pools: readonly PoolId[]
  /** Whoever of the group would be left most alone. */
  readonly asker: PersonId | NodeId
  readonly needed: number
  /** Independent and on duty. */
  readonly count: number
  /** Independent, neither on duty nor away. */
  readonly callable: number
  /** The worst moment of the hour. */
  readonly at: Instant
  /** What is judged, for whoever draws it. */
  readonly matter: Matter
  /** Everybody of the pools, those on duty first. */
  readonly people: readonly PersonThen[]
}

/** @returns one a system of which the policy offers something; none for a group of which nobody would ask now. */
export function standbyOf(prepared: PreparedCoverage, id: NodeId, system?: SystemId): readonly Standby[] {
  const group = groupNamed(prepared, id)
  if (group === undefined) return []
  const systems = new Set(kindsOn(prepared.kinds, system).map((kind) => kind.system))
  return [...systems].sort().flatMap((one) => {
    const cell = rowOf(prepared, group, one)?.hours[0]
    if (cell === undefined) return []
    const { asker, request, needed, count, callable, at } = cell
    return [
      {
        system: request.system,
        tier: request.tier,
        pools: request.rules.pools,
        asker: asker.requester,
        needed,
        count,
        callable,
        at: instantOf(at),
        matter: matterOf(asker, request, prepared.policy),
        people: peopleThen(prepared, cell),
      },
    ]
  })
}
