/**
 * Who should be asked to decide? Every member of the matter's pools is looked at; the independent ones come back in the
 * order in which to ask them, the others with the reasons. An empty pool, or one the policy does not know, has nobody:
 * nothing here ever widens a pool.
 */

import type { CompiledDirectory } from './compile.ts'
import { isAway, onDuty } from './compile.ts'
import type { Conflict } from './conflict.ts'
import type { PersonId } from './directory.ts'
import { type Moment, momentAt } from './independence/moment.ts'
import { membersOfPool, poolOf } from './independence/pools.ts'
import { type IndependenceHistory, type Matter, prepareMatter, verdictOf } from './independence.ts'
import type { Policy, Pool, PoolId } from './policy.ts'
import type { Instant } from './time.ts'

export interface Candidate {
  readonly person: PersonId
  /** The pool by which they may decide: one in which they are on duty if there is one. */
  readonly pool: PoolId
  readonly onDuty: boolean
  /** Whatever the caller counts as load; less is asked first. */
  readonly load: number
  /** 1 when their countersignature would close a ring, so that one more is needed. */
  readonly additionalCountersigners: number
}

export interface Excluded {
  readonly person: PersonId
  readonly pool: PoolId
  readonly conflicts: readonly Conflict[]
}

export interface Routing {
  /** In the order in which to ask: on duty first, then those with the least load, then by id. */
  readonly eligible: readonly Candidate[]
  readonly excluded: readonly Excluded[]
  /** The pools of the matter, in its order, with how many they have and how many of those may decide. */
  readonly pools: readonly { readonly pool: PoolId; readonly members: number; readonly eligible: number }[]
}

interface Seat {
  readonly person: PersonId
  readonly pool: PoolId
  readonly onDuty: boolean
}

export function route(
  matter: Matter,
  directory: CompiledDirectory,
  history: IndependenceHistory,
  policy: Policy,
  now: Instant,
  loadOf: (person: PersonId) => number = () => 0,
): Routing {
  const seats = matter.pools.map((id) => seatsOf(poolOf(policy, id), id, directory, now))
  const prepared = prepareMatter(matter, directory, history, policy, now)
  const eligible: Candidate[] = []
  const excluded: Excluded[] = []
  for (const seat of bestSeats(seats.flat())) {
    const { independent, conflicts, additionalCountersigners } = verdictOf(prepared, seat.person)
    if (independent) eligible.push({ ...seat, load: loadOf(seat.person), additionalCountersigners })
    else excluded.push({ person: seat.person, pool: seat.pool, conflicts })
  }
  return { eligible: eligible.sort(inAskingOrder), excluded, pools: summary(matter, seats, eligible) }
}

function seatsOf(pool: Pool | undefined, id: PoolId, directory: CompiledDirectory, now: Instant): Seat[] {
  if (pool === undefined) return []
  const duty = new Set(pool.rotas.flatMap((rota) => onDuty(directory, rota, now)))
  const moment: Moment = momentAt(directory, now)
  return membersOfPool(moment, pool).map((person) => ({
    person,
    pool: id,
    onDuty: pool.rotas.length === 0 ? !isAway(directory, person, now) : duty.has(person),
  }))
}

/** One seat each, in the order of the ids: the first in which somebody is on duty, or else their first. */
function bestSeats(seats: readonly Seat[]): Seat[] {
  const best = new Map<PersonId, Seat>()
  for (const seat of seats) {
    const known = best.get(seat.person)
    if (known === undefined || (seat.onDuty && !known.onDuty)) best.set(seat.person, seat)
  }
  return [...best.values()].sort((a, b) => compareIds(a.person, b.person))
}

function inAskingOrder(a: Candidate, b: Candidate): number {
  if (a.onDuty !== b.onDuty) return a.onDuty ? -1 : 1
  const [less, more] = [weightOf(a.load), weightOf(b.load)]
  return less === more ? compareIds(a.person, b.person) : less - more
}

/** A load nobody can read is the heaviest. */
function weightOf(load: number): number {
  return Number.isNaN(load) ? Number.MAX_VALUE : Math.min(load, Number.MAX_VALUE)
}

function compareIds(a: PersonId, b: PersonId): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function summary(matter: Matter, seats: readonly (readonly Seat[])[], eligible: readonly Candidate[]) {
  const people = new Set(eligible.map(({ person }) => person))
  return matter.pools.map((pool, i) => {
    const members = seats[i] ?? []
    return { pool, members: members.length, eligible: members.filter(({ person }) => people.has(person)).length }
  })
}
