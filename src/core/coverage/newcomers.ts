/**
 * Where nobody in the pools would do, who from elsewhere would? Everybody in a small directory is tried, in a large one
 * those who decide elsewhere, outsiders, and an even sample of the rest, by the verdict they would get in the pool.
 */
import type { DirectoryFacts, PersonId } from '../directory.ts'
import type { Span } from '../independence/duty.ts'
import { dayMillis, isAlive, momentAt, numberOf } from '../independence/moment.ts'
import { isPerson } from '../independence/nodes.ts'
import { prepareMatter, verdictOf } from '../independence.ts'
import { entryOf, type PoolId } from '../policy.ts'
import { instantOf } from '../time.ts'
import { type Need, smallestSet } from './cover-set.ts'
import { matterOf } from './freedom.ts'
import { hasPerson } from './people-set.ts'
import type { PreparedCoverage } from './prepare.ts'
import { longAgo, type RemedyStep, timesOf, withMembers } from './remedy-steps.ts'
import type { Shortage } from './shortages.ts'

export interface Newcomers {
  readonly steps: readonly RemedyStep[]
  /** How many of the missing they would be for this shortage. */
  readonly giveTo: (shortage: Shortage) => number
  readonly unmet: readonly Shortage[]
  readonly search: 'exact' | 'greedy'
  readonly lookedAt?: { readonly people: number; readonly of: number }
}

const peopleMax = 400

export function newcomersFor(
  prepared: PreparedCoverage,
  facts: DirectoryFacts,
  stuck: readonly Shortage[],
  others: readonly Shortage[],
): Newcomers {
  if (stuck.length === 0) return { steps: [], giveTo: () => 0, unmet: [], search: 'exact' }
  const { people, of } = candidates(prepared, facts)
  const poolFor = poolsChosen(stuck)
  const needs = stuck.map((shortage) => needOf(prepared, shortage, poolFor(shortage), people))
  const met = needs.filter(({ options, needed }) => needed > 0 && options.length >= needed)
  const { people: chosen, search } = smallestSet(met)
  // Whoever comes for these hours helps in the others too, where they are independent.
  const helped = chosen.length === 0 ? [] : others.map((one) => needOf(prepared, one, poolFor(one), people))
  const given = new Map(
    [...met, ...helped].map(({ shortage, options, needed }) => [shortage, taking(options, chosen, needed)]),
  )
  return {
    steps: stepsOf(prepared, given, poolFor, people),
    giveTo: (shortage) => given.get(shortage)?.length ?? 0,
    unmet: needs.filter((need) => need.needed > 0 && !met.includes(need)).map(({ shortage }) => shortage),
    search,
    lookedAt: { people: people.length, of },
  }
}

interface OpenNeed extends Need {
  readonly shortage: Shortage
}

/** Who would be independent of this matter, were they in that pool for long enough. */
function needOf(prepared: PreparedCoverage, shortage: Shortage, pool: PoolId, people: readonly PersonId[]): OpenNeed {
  const { directory, history, policy, start } = prepared
  const joins = people.map((person) => ({ person, pool }))
  const opened = withMembers(policy, joins)
  const tenured = { ...history, tenures: [...history.tenures, ...joins.map(longAgo)] }
  const at = instantOf(shortage.spans[0]?.start ?? start)
  const matter = prepareMatter(matterOf(shortage.asker, shortage.request, opened), directory, tenured, opened, at)
  const rotas = entryOf(policy.pools, pool)?.rotas ?? []
  const isOpen = rotas.length === 0 || rotas.some((rota) => !shortage.ownRotas.has(rota))
  const options = people.flatMap((person, place) => {
    const { independent, additionalCountersigners } = verdictOf(matter, person)
    const fits = isOpen && independent && additionalCountersigners === 0 && !isIn(prepared, pool, person)
    return fits ? [place] : []
  })
  return { shortage, options, needed: shortage.missing }
}

/** Whoever is in the pool already has been looked at. */
function isIn({ numberOfPerson, dutyOf }: PreparedCoverage, pool: PoolId, person: PersonId): boolean {
  const number = numberOfPerson.get(person)
  return number !== undefined && dutyOf([pool]).some(({ value }) => hasPerson(value.members, number))
}

function taking(options: readonly number[], chosen: readonly number[], needed: number): readonly number[] {
  return options.filter((person) => chosen.includes(person)).slice(0, needed)
}

/** For each shortage the pool that would help in most of the others too, so that one person joins one pool. */
function poolsChosen(shortages: readonly Shortage[]): (shortage: Shortage) => PoolId {
  const counts = new Map<PoolId, number>()
  for (const { request } of shortages) {
    for (const pool of request.rules.pools) counts.set(pool, (counts.get(pool) ?? 0) + 1)
  }
  return ({ request }) => request.rules.pools.reduce((a, b) => ((counts.get(b) ?? 0) > (counts.get(a) ?? 0) ? b : a))
}

function stepsOf(
  { policy, start }: PreparedCoverage,
  given: ReadonlyMap<Shortage, readonly number[]>,
  poolFor: (shortage: Shortage) => PoolId,
  people: readonly PersonId[],
): RemedyStep[] {
  const joins = new Map<string, { person: number; pool: PoolId; ownRotas: Set<string>; spans: Span[] }>()
  for (const [shortage, taken] of given) {
    for (const person of taken) {
      const pool = poolFor(shortage)
      const known = joins.get(`${person} ${pool}`) ?? { person, pool, ownRotas: new Set(), spans: [] }
      known.spans.push(...shortage.spans)
      for (const rota of shortage.ownRotas) known.ownRotas.add(rota)
      joins.set(`${person} ${pool}`, known)
    }
  }
  const days = policy.independence.poolTenureDays
  return [...joins.values()].map(({ person, pool, ownRotas, spans }) => {
    const rota = entryOf(policy.pools, pool)?.rotas.find((one) => !ownRotas.has(one))
    return {
      kind: 'join' as const,
      person: people[person] as PersonId,
      pool,
      ...(rota === undefined ? {} : { rota }),
      ...timesOf(spans),
      ...(days > 0 ? { countsFrom: instantOf(start + days * dayMillis) } : {}),
    }
  })
}

/** Deciders of other pools first, then people from outside, then everybody else. */
function candidates(
  { directory, policy, from }: PreparedCoverage,
  { nodes }: DirectoryFacts,
): { readonly people: readonly PersonId[]; readonly of: number } {
  const moment = momentAt(directory, from)
  const here = [...new Set(nodes.filter(({ kind }) => kind === 'person').map(({ id }) => id))].filter((id) => {
    const node = numberOf(moment, id)
    return node !== undefined && isPerson(directory.nodes, node) && isAlive(moment, node)
  })
  const listed = new Set(Object.values(policy.pools).flatMap(({ members }) => members))
  const outside = new Set(nodes.filter(({ external }) => external).map(({ id }) => id))
  const rank = (id: PersonId) => (listed.has(id) ? 0 : outside.has(id) ? 1 : 2)
  const sorted = here.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  if (sorted.length <= peopleMax) return { people: sorted, of: sorted.length }
  const first = sorted.filter((id) => rank(id) < 2).slice(0, peopleMax / 2)
  const rest = sorted.filter((id) => !first.includes(id))
  const step = rest.length / (peopleMax - first.length)
  const sample = Array.from({ length: peopleMax - first.length }, (_, i) => rest[Math.floor(i * step)] as PersonId)
  return { people: [...first, ...sample], of: sorted.length }
}
