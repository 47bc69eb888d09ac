/**
 * What is the smallest change that closes the hours? First by turns on a rota for people who are in the pools already;
 * where none of them would be independent, by people from elsewhere. No rule is ever relaxed: whoever is proposed is
 * independent by the engine, and the coverage is computed again as if the change were made.
 */
import { compileDirectory } from '../compile.ts'
import type { DirectoryFacts, PersonId, RotaId, Shift, SystemId } from '../directory.ts'
import type { Span } from '../independence/duty.ts'
import { entryOf, type PoolId } from '../policy.ts'
import { smallestSet } from './cover-set.ts'
import { type Group, groupNamed } from './groups.ts'
import { newcomersFor } from './newcomers.ts'
import { hasPerson, peopleIn } from './people-set.ts'
import { type CoverageInput, type PreparedCoverage, prepareCoverage } from './prepare.ts'
import { hoursIn, longAgo, type RemedyStep, timesOf, withMembers } from './remedy-steps.ts'
import { shortHoursOf } from './rows.ts'
import { type Shortage, shortagesOf } from './shortages.ts'

export interface Remedy {
  readonly steps: readonly RemedyStep[]
  /** `exact`: fewer from elsewhere would not do, nor, beside these, fewer of the pools. `greedy`: fewer might. */
  readonly search: 'exact' | 'greedy'
  /** Others of the pools who could take some of these turns, so that nobody has to take all of them. */
  readonly couldShare: readonly PersonId[]
  /** How many people were looked at for joining a pool, of how many there are. */
  readonly lookedAt?: { readonly people: number; readonly of: number }
  /** Uncovered hours of all groups together: now, and computed again with the change made. */
  readonly before: number
  readonly after: number
  /** Hours that nobody there is could close: somebody from outside is needed. */
  readonly unclosable: number
}

/** @returns `undefined` when there is nothing to close. */
export function remedyFor(
  prepared: PreparedCoverage,
  facts: DirectoryFacts,
  groups: readonly Group[],
  system?: SystemId,
): Remedy | undefined {
  const before = uncoveredIn(prepared, groups, system)
  const shortages = shortagesOf(prepared, groups, system)
  if (before === 0 || shortages.length === 0) return undefined
  const stuck = shortages.filter((one) => optionsOf(prepared, one).length < one.missing)
  const others = shortages.filter((one) => !stuck.includes(one))
  const joining = newcomersFor(prepared, facts, stuck, others)
  const needs = shortages.map((shortage) => {
    const options = optionsOf(prepared, shortage)
    return { shortage, options, needed: Math.min(options.length, shortage.missing - joining.giveTo(shortage)) }
  })
  const wanted = needs.filter(({ needed }) => needed > 0)
  const chosen = smallestSet(wanted)
  const steps = [...joining.steps, ...turnSteps(prepared, wanted, chosen.people)]
  const after = uncoveredAfter(prepared, facts, steps, groups, system)
  return {
    steps,
    couldShare: sharing(prepared, wanted, chosen.people),
    search: chosen.search === 'exact' && joining.search === 'exact' ? 'exact' : 'greedy',
    ...(joining.lookedAt === undefined ? {} : { lookedAt: joining.lookedAt }),
    before,
    after,
    unclosable: hoursIn(joining.unmet.flatMap(({ spans }) => spans)),
  }
}

function sharing({ people }: PreparedCoverage, wanted: readonly Wanted[], chosen: readonly number[]): PersonId[] {
  const able = new Set(wanted.flatMap(({ options }) => options))
  return [...able]
    .filter((one) => !chosen.includes(one))
    .sort((a, b) => a - b)
    .map((one) => people[one] as PersonId)
}

/** Those who could take a turn: on a rota of a pool of theirs that whoever asks is not on. */
function optionsOf(prepared: PreparedCoverage, { options, ownRotas, request }: Shortage): number[] {
  return peopleIn(options).filter((person) => rotaFor(prepared, person, request.rules.pools, ownRotas) !== undefined)
}

interface Seat {
  readonly pool: PoolId
  readonly rota: RotaId
}

function rotaFor(
  { policy, dutyOf }: PreparedCoverage,
  person: number,
  pools: readonly PoolId[],
  ownRotas: ReadonlySet<string>,
): Seat | undefined {
  for (const id of pools) {
    const rota = entryOf(policy.pools, id)?.rotas.find((one) => !ownRotas.has(one))
    if (rota !== undefined && dutyOf([id]).some(({ value }) => hasPerson(value.members, person)))
      return { pool: id, rota }
  }
  return undefined
}

interface Wanted {
  readonly shortage: Shortage
  readonly options: readonly number[]
  readonly needed: number
}

/** Each stretch is given to whoever of the chosen could take it and has least so far. */
function turnSteps(prepared: PreparedCoverage, wanted: readonly Wanted[], chosen: readonly number[]): RemedyStep[] {
  const turns = new Map<string, { person: number; seat: Seat; spans: Span[] }>()
  const load = new Map<number, number>(chosen.map((person) => [person, 0]))
  for (const { shortage, options, needed } of wanted) {
    for (const span of shortage.spans) {
      const able = options.filter((person) => load.has(person))
      const taking = able.sort((a, b) => (load.get(a) as number) - (load.get(b) as number) || a - b).slice(0, needed)
      for (const person of taking) {
        const seat = rotaFor(prepared, person, shortage.request.rules.pools, shortage.ownRotas) as Seat
        const key = `${person} ${seat.rota}`
        const known = turns.get(key) ?? { person, seat, spans: [] }
        known.spans.push(span)
        turns.set(key, known)
        load.set(person, (load.get(person) as number) + span.end - span.start)
      }
    }
  }
  return [...turns.values()].map(({ person, seat, spans }) => ({
    kind: 'turns' as const,
    person: prepared.people[person] as PersonId,
    ...seat,
    ...timesOf(spans),
  }))
}

function uncoveredIn(prepared: PreparedCoverage, groups: Iterable<Group>, system: SystemId | undefined): number {
  let hours = 0
  for (const group of groups) hours += shortHoursOf(prepared, group, system).planned.length
  return hours
}

/** The same question of the directory and the rules as they would be; time in a pool taken as having passed. */
function uncoveredAfter(
  prepared: PreparedCoverage,
  facts: DirectoryFacts,
  steps: readonly RemedyStep[],
  groups: readonly Group[],
  system: SystemId | undefined,
): number {
  const changed = prepareCoverage(asIf(prepared, facts, steps))
  const same = groups.map(({ id }) => groupNamed(changed, id)).filter((group) => group !== undefined)
  return uncoveredIn(changed, same, system)
}

function asIf(prepared: PreparedCoverage, facts: DirectoryFacts, steps: readonly RemedyStep[]): CoverageInput {
  const { now, from, hours, history } = prepared
  const joins = steps.filter(({ kind }) => kind === 'join')
  return {
    now,
    from,
    hours,
    directory: compileDirectory({ ...facts, shifts: [...facts.shifts, ...turnsIn(steps, facts)] }),
    policy: withMembers(prepared.policy, joins),
    history: { ...history, tenures: [...history.tenures, ...joins.map(longAgo)] },
  }
}

function turnsIn(steps: readonly RemedyStep[], { sources }: DirectoryFacts): Shift[] {
  const source = sources[0]?.id ?? 'remedy'
  return steps.flatMap(({ rota, person, spans }) =>
    rota === undefined ? [] : spans.map(({ start, end }) => ({ rota, person, start, end, source })),
  )
}
