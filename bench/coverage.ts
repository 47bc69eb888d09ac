/**
 * How long does it take to look four weeks ahead for a team of a large organisation, beside asking PostgreSQL the same
 * verdicts as recursive queries? The query is asked of one moment only, which flatters it: it would have to be asked again
 * whenever something changes. What both say of the pairs asked is compared before a number is believed.
 */
import { performance } from 'node:perf_hooks'
import { compileDirectory } from '../src/core/compile.ts'
import { groupNamed, type PreparedCoverage, prepareCoverage, rowOf, settledIn } from '../src/core/coverage.ts'
import type { NodeId, Shift } from '../src/core/directory.ts'
import { independence, type Matter } from '../src/core/independence.ts'
import type { Policy } from '../src/core/policy.ts'
import { instantOf } from '../src/core/time.ts'
import {
  type BigDirectory,
  bigDirectory,
  noon,
  policyWith,
  poolWith,
  seededRandom,
} from '../test/support/directories.ts'
import { type SqlAnswer, sqlFloor } from './independence-sql.ts'

export interface CoverageRow {
  readonly name: string
  /** Milliseconds a group. */
  readonly ours: number
  readonly floor?: number
  readonly ratio?: number
  readonly note: string
}

export interface CoverageBenchOptions {
  readonly connectionString: string
  readonly people?: number
  readonly workloads?: number
  /** Teams, and as many workloads, that are looked at. */
  readonly groups?: number
  readonly seed?: number
}

const weeks = 4
const pairsAsked = 60

export async function benchCoverage(options: CoverageBenchOptions): Promise<CoverageRow[]> {
  const { connectionString, people = 100_000, workloads = 1_000_000, groups = 200, seed = 1 } = options
  const big = bigDirectory({ people, workloads, seed, now: Date.parse(noon) })
  const policy = policyOver(big, seededRandom(seed + 1))
  const rota = { id: 'rota_bench', kind: 'rota', name: 'bench', source: 'hr' } as const
  const facts = { ...big.facts, nodes: [...big.facts.nodes, rota], shifts: [...big.facts.shifts, ...turnsOf(policy)] }
  const directory = compileDirectory(facts)
  const history = settledIn(policy)
  const coverage = () => prepareCoverage({ directory, policy, history, now: noon, from: noon, hours: weeks * 168 })
  const floor = await sqlFloor(connectionString, { ...big, facts }, directory, policy, history)
  try {
    const teams = covered(coverage(), sample(big.leafTeams, groups))
    const machines = covered(coverage(), sample(big.workloads, groups))
    const deciders = coverage().people
    const pairs = sample(big.people, pairsAsked).map((asker, i) => ({
      matter: matterFor(asker, policy),
      person: deciders[i % deciders.length] as NodeId,
    }))
    await floor.plan('told', pairs)
    let micros = 0
    for (const pair of pairs) {
      const found = await floor.ask(pair)
      const verdict = independence(pair.matter, pair.person, directory, history, policy, noon)
      if (isFree(found.answer) !== verdict.independent)
        throw new Error(`coverage and query disagree on ${JSON.stringify(pair)}`)
      micros += found.micros
    }
    const asked = micros / pairs.length / 1000
    const row = (name: string, { millis, askers }: Covered): CoverageRow => {
      const there = asked * askers * deciders.length
      return {
        name,
        ours: millis,
        floor: there,
        ratio: there / millis,
        note: `${askers.toFixed(1)} in different positions, ${deciders.length} deciders; the query for one moment`,
      }
    }
    return [
      row(`${weeks} weeks of a team, hour by hour, ${people} people and ${workloads} workloads`, teams),
      row(`${weeks} weeks of a workload, the same`, machines),
    ]
  } finally {
    await floor.drop()
  }
}

interface Covered {
  readonly millis: number
  readonly askers: number
}

function covered(prepared: PreparedCoverage, ids: readonly NodeId[]): Covered {
  let [askers, groups] = [0, 0]
  const start = performance.now()
  for (const id of ids) {
    const group = groupNamed(prepared, id)
    if (group === undefined || rowOf(prepared, group) === undefined) continue
    askers += group.askers.length
    groups++
  }
  return { millis: (performance.now() - start) / Math.max(1, groups), askers: askers / Math.max(1, groups) }
}

function isFree({ delegate, recent, chosen, ring: _, ...paths }: SqlAnswer): boolean {
  return !delegate && !recent && !chosen && Object.values(paths).every((path) => path === null)
}

function sample<Item>(all: readonly Item[], count: number): readonly Item[] {
  const step = Math.max(1, Math.floor(all.length / count))
  return all.filter((_, place) => place % step === 0).slice(0, count)
}

function matterFor(asker: NodeId, policy: Policy): Matter {
  const [system] = Object.keys(policy.systems)
  const base = { requester: asker, beneficiary: asker, chain: [], took: [], rules: [], pools: ['pool_security'] }
  return system === undefined ? base : { ...base, system }
}

/** One pool of forty people, two of whom are on duty each day. */
function policyOver(big: BigDirectory, random: () => number): Policy {
  const any = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T
  const members = [...new Set(Array.from({ length: 40 }, () => any(big.people)))]
  const system = any(big.systems)
  const divisions = big.divisions.map((division) => [division, 'boundary'] as const)
  const base = policyWith({
    pools: [{ ...poolWith('pool_security', members), rotas: ['rota_bench'] }],
    poolTenureDays: 14,
    teams: Object.fromEntries([...divisions, [big.allStaff, 'all-staff'] as const]),
  })
  const tier = {
    rank: 1,
    pools: ['pool_security'],
    countersignersMin: 1,
    endorsePools: [],
    controlsRequired: [],
    steps: [],
  }
  const entitlement = { id: 'x', name: 'x', tier: 'usual', duties: [], kinds: ['access-override'] }
  return {
    ...base,
    tiers: { usual: tier },
    systems: { [system]: { id: system, name: system, connector: 'c', entitlements: { x: entitlement } } },
  } as unknown as Policy
}

function turnsOf(policy: Policy): Shift[] {
  const members = policy.pools.pool_security?.members ?? []
  const day = 86_400_000
  return Array.from({ length: weeks * 7 * 2 }, (_, turn) => {
    const start = Date.parse(noon) + Math.floor(turn / 2) * day
    const person = members[turn % members.length] as NodeId
    return { rota: 'rota_bench', person, start: instantOf(start), end: instantOf(start + day), source: 'hr' }
  })
}
