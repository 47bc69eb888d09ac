/**
 * Who of some pools is there at which time? By turns of duty, or always where a pool has no rota, and never while away.
 * A pool whose rotas plan nothing from some moment on is unplanned then, which is not the same as nobody being there.
 */
import type { CompiledDirectory } from '../compile.ts'
import type { PersonId } from '../directory.ts'
import { isAbsent, peopleOnDuty } from '../independence/duty.ts'
import { type Moment, momentAt, numberOf, Validity } from '../independence/moment.ts'
import { membersOfPool, poolOf } from '../independence/pools.ts'
import type { Policy, Pool, PoolId } from '../policy.ts'
import { instantOf } from '../time.ts'
import { addPerson, keyOf, noPeople, type PeopleSet } from './people-set.ts'
import { type Stretch, stretchesOf } from './stretches.ts'

export interface OnDuty {
  readonly onDuty: PeopleSet
  /** In the pools and not away. */
  readonly members: PeopleSet
  /** False when no rota of these pools has anything planned any more, and no pool goes without a rota. */
  readonly planned: boolean
}

interface Hours {
  readonly directory: CompiledDirectory
  readonly policy: Policy
  readonly start: number
  readonly end: number
  readonly numberOfPerson: ReadonlyMap<PersonId, number>
}

export function dutyLine(hours: Hours, ids: readonly PoolId[]): Stretch<OnDuty>[] {
  const { directory, policy, start, end, numberOfPerson } = hours
  const pools = ids.map((id) => poolOf(policy, id)).filter((pool) => pool !== undefined)
  const cuts = cutsOf(directory, pools)
  const plannedUntil = Math.max(Number.NEGATIVE_INFINITY, ...pools.map((pool) => plannedUntilOf(directory, pool)))
  return stretchesOf(
    start,
    end,
    (at) => {
      const validity = new Validity(instantOf(at))
      for (const cut of cuts) validity.changesAt(cut)
      const moment = momentAt(directory, instantOf(at), validity)
      const value: OnDuty = {
        onDuty: noPeople(numberOfPerson.size),
        members: noPeople(numberOfPerson.size),
        planned: at < plannedUntil,
      }
      for (const pool of pools) seat(moment, pool, numberOfPerson, value)
      return { value, until: validity.until }
    },
    (a, b) => a.planned === b.planned && keyOf(a.onDuty) === keyOf(b.onDuty) && keyOf(a.members) === keyOf(b.members),
  )
}

/** When the last turn on a rota of the pool ends; never for a pool without any. */
export function plannedUntilOf(directory: CompiledDirectory, { rotas }: Pool): number {
  if (rotas.length === 0) return Number.POSITIVE_INFINITY
  return Math.max(Number.NEGATIVE_INFINITY, ...turnsOn(directory, rotas).map(({ end }) => end))
}

function seat(moment: Moment, pool: Pool, numbers: ReadonlyMap<PersonId, number>, { onDuty, members }: OnDuty): void {
  const { directory, now } = moment
  const duty = new Set(
    pool.rotas.flatMap((rota) => {
      const node = numberOf(moment, rota)
      return node === undefined ? [] : peopleOnDuty(directory.duty, directory.absences, node, now)
    }),
  )
  for (const person of membersOfPool(moment, pool)) {
    const [number, node] = [numbers.get(person), numberOf(moment, person)]
    if (number === undefined || node === undefined || isAbsent(directory.absences, node, now)) continue
    addPerson(members, number)
    if (pool.rotas.length === 0 || duty.has(node)) addPerson(onDuty, number)
  }
}

/** Moments at which somebody comes on duty or goes off, leaves or comes back. */
function cutsOf(directory: CompiledDirectory, pools: readonly Pool[]): readonly number[] {
  const turns = turnsOn(directory, [...new Set(pools.flatMap(({ rotas }) => rotas))])
  const spans = [...turns, ...[...directory.absences.values()].flat()]
  return [...new Set(spans.flatMap(({ start, end }) => [start, end]))]
}

function turnsOn({ duty, nodes }: CompiledDirectory, rotas: readonly string[]) {
  return rotas.flatMap((rota) => duty.get(nodes.numbers.get(rota) ?? -1) ?? [])
}
