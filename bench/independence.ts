/**
 * How long does one independence verdict take in a large organisation, and how long the same question asked of
 * PostgreSQL? Both look at the same facts in the same run, block by block in turn, so that whatever else the machine
 * does happens to both; and no number is believed before the answers were compared.
 */
import { performance } from 'node:perf_hooks'
import { type CompiledDirectory, compileDirectory } from '../src/core/compile.ts'
import type { ConflictCode, Verdict } from '../src/core/conflict.ts'
import type { DirectoryFacts } from '../src/core/directory.ts'
import { type IndependenceHistory, independence, prepareMatter, verdictOf } from '../src/core/independence.ts'
import type { Policy } from '../src/core/policy.ts'
import {
  type BigDirectory,
  bigDirectory,
  daysAgo,
  noon,
  policyWith,
  poolWith,
  seededRandom,
} from '../test/support/directories.ts'
import { type Question, questionsFor } from './independence-questions.ts'
import { type Planning, type SqlAnswer, type SqlFloor, sqlFloor } from './independence-sql.ts'

/** The fastest round of each question counts, on both sides. */
const rounds = 3
/** Long enough for the next round to find nothing of this one in the processor's caches. */
const blockSize = 2000
/** Every so many-th question is asked of PostgreSQL too. */
const askedEvery = 100

export interface BenchRow {
  readonly name: string
  /** Microseconds. */
  readonly ours: Percentiles
  /** Microseconds; the same question as a recursive query. */
  readonly floor?: Percentiles
  /** How many times faster, at the median and at the 99th percentile. */
  readonly ratio?: Percentiles
  /** What the compiled directory occupies. */
  readonly memoryBytes?: number
  readonly note: string
}

interface Percentiles {
  readonly p50: number
  readonly p99: number
}

export interface IndependenceBenchOptions {
  /** A server that may be worked hard; a database is made there and removed again. */
  readonly connectionString: string
  readonly people?: number
  readonly workloads?: number
  readonly verdicts?: number
  readonly seed?: number
}

export async function benchIndependence(options: IndependenceBenchOptions): Promise<BenchRow[]> {
  const setting = await settingFor(options)
  const { questions, floor, compiling, mix } = setting
  try {
    const told = await sideBySide(setting, questions, 'told')
    const planned = await sideBySide(setting, questions.slice(0, questions.length / 8), 'planned')
    const again = timedAgain(setting)
    return [
      rowOf('one verdict, its matter prepared anew', told, `${mix}; the query told to follow its indexes`),
      rowOf('the same', planned, 'the query as the planner plans it'),
      { name: 'one more verdict on a prepared matter', ours: percentiles(again), note: 'as routing asks it' },
      compiling,
    ]
  } finally {
    await floor.drop()
  }
}

interface Setting {
  readonly directory: CompiledDirectory
  readonly policy: Policy
  readonly history: IndependenceHistory
  readonly questions: readonly Question[]
  readonly floor: SqlFloor
  readonly compiling: BenchRow
  readonly mix: string
}

/** The facts are let go of when everything is loaded: a server at work holds the compiled directory alone. */
async function settingFor(options: IndependenceBenchOptions): Promise<Setting> {
  const { connectionString, people = 100_000, workloads = 1_000_000, verdicts = 40_000, seed = 1 } = options
  const big = bigDirectory({ people, workloads, seed, now: Date.parse(noon) })
  const policy = benchPolicy(big, seededRandom(seed + 1))
  const history = benchHistory(big, policy, seededRandom(seed + 2))
  const questions = questionsFor(big, policy, seededRandom(seed + 3), verdicts)
  const { directory, row } = compiled(big.facts)
  const floor = await sqlFloor(connectionString, big, directory, policy, history)
  const mix = `${people} people, ${workloads} workloads, one question in ${askedEvery} asked of both and answered alike`
  return { directory, policy, history, questions, floor, compiling: row, mix }
}

function compiled(facts: DirectoryFacts): { directory: CompiledDirectory; row: BenchRow } {
  const before = memoryInUse()
  const start = performance.now()
  const directory = compileDirectory(facts)
  const micros = (performance.now() - start) * 1000
  const memoryBytes = memoryInUse() - before
  const note = `${facts.nodes.length} nodes, ${facts.relations.length} relations, once per change of the directory`
  return { directory, row: { name: 'compiling the directory', ours: { p50: micros, p99: micros }, memoryBytes, note } }
}

/** Heap and typed arrays, after a collection where the process allows one (`--expose-gc`). */
function memoryInUse(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Microseconds of each question; those asked of PostgreSQL too are in `floor`. */
interface Timed {
  readonly ours: Float64Array
  readonly floor: Float64Array
}

async function sideBySide(setting: Setting, questions: readonly Question[], planning: Planning): Promise<Timed> {
  const ours = new Float64Array(questions.length).fill(Number.POSITIVE_INFINITY)
  const floor = new Float64Array(Math.ceil(questions.length / askedEvery)).fill(Number.POSITIVE_INFINITY)
  await setting.floor.plan(planning, questions)
  for (const question of questions.slice(0, 2 * blockSize)) verdictIn(setting, question)
  for (let round = 0; round < rounds; round++) {
    for (let start = 0; start < questions.length; start += blockSize) {
      const end = Math.min(questions.length, start + blockSize)
      for (let i = start; i < end; i++) {
        const micros = microsOf(() => verdictIn(setting, questions[i] as Question))
        ours[i] = Math.min(ours[i] as number, micros)
      }
      for (let i = start; i < end; i += askedEvery) {
        const { answer, micros } = await setting.floor.ask(questions[i] as Question)
        compareAnswers(questions[i] as Question, verdictIn(setting, questions[i] as Question), answer)
        floor[i / askedEvery] = Math.min(floor[i / askedEvery] as number, micros)
      }
    }
  }
  return { ours, floor }
}

function timedAgain({ questions, directory, history, policy }: Setting): Float64Array {
  const fastest = new Float64Array(questions.length).fill(Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (const [i, { matter, person }] of questions.entries()) {
      const prepared = prepareMatter(matter, directory, history, policy, noon)
      fastest[i] = Math.min(
        fastest[i] as number,
        microsOf(() => verdictOf(prepared, person)),
      )
    }
  }
  return fastest
}

function verdictIn({ directory, history, policy }: Setting, { matter, person }: Question): Verdict {
  return independence(matter, person, directory, history, policy, noon)
}

function microsOf(act: () => unknown): number {
  const start = performance.now()
  act()
  return (performance.now() - start) * 1000
}

/** Codes whose shortest path the query finds too. */
const withPath = {
  'on-requesting-team': 'team',
  'on-granting-team': 'granting',
  'on-requesting-rota': 'rota',
  'in-reporting-line': 'line',
  'can-change-beneficiary': 'change',
  'operates-countersign': 'operates',
} as const satisfies Partial<Record<ConflictCode, keyof SqlAnswer>>

const behind: readonly ConflictCode[] = [
  'is-requester',
  'is-beneficiary',
  'same-person-other-account',
  'controls-beneficiary',
  'in-delegation-chain',
]

/** Codes of which the query only says whether they hold. */
const withoutPath = {
  'delegate-of-conflicted': 'delegate',
  'joined-pool-too-recently': 'recent',
  'can-change-approver-pool': 'chosen',
} as const satisfies Partial<Record<ConflictCode, keyof SqlAnswer>>

/** A number is worth nothing if the two do not answer the same, with paths of the same length. */
function compareAnswers(question: Question, { conflicts }: Verdict, sql: SqlAnswer): void {
  const codes = new Set(conflicts.map(({ code }) => code))
  const lengthOf = (code: string) => conflicts.find((conflict) => conflict.code === code)?.path.length
  const ours = [
    ...Object.keys(withPath).map(lengthOf),
    ...Object.keys(withoutPath).map((code) => codes.has(code as ConflictCode)),
    behind.some((code) => codes.has(code)),
  ]
  const theirs = [
    ...Object.values(withPath).map((name) => sql[name]?.length),
    ...Object.values(withoutPath).map((name) => sql[name]),
    [sql.asks, sql.gets, sql.passes].some((path) => path !== null),
  ]
  const isRingMissed = sql.ring && !codes.has('reciprocal')
  if (JSON.stringify(ours) === JSON.stringify(theirs) && !isRingMissed) return
  throw new Error(`verdict and query disagree on ${JSON.stringify(question)}: ${JSON.stringify({ conflicts, sql })}`)
}

function rowOf(name: string, { ours, floor }: Timed, note: string): BenchRow {
  const [a, b] = [percentiles(ours), percentiles(floor)]
  return { name, ours: a, floor: b, ratio: { p50: b.p50 / a.p50, p99: b.p99 / a.p99 }, note }
}

function percentiles(micros: Float64Array): Percentiles {
  const sorted = micros.toSorted()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] as number
  return { p50: at(0.5), p99: at(0.99) }
}

/** Two pools of forty people and a team each, from across the organisation; all-staff and divisions are marked. */
function benchPolicy(big: BigDirectory, random: () => number): Policy {
  const any = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T
  const members = () => [...new Set(Array.from({ length: 40 }, () => any(big.people))), any(big.leafTeams)]
  const divisions = big.divisions.map((division) => [division, 'boundary'] as const)
  return policyWith({
    pools: [poolWith('pool_security', members()), poolWith('pool_risk', members())],
    poolTenureDays: 14,
    teams: Object.fromEntries([...divisions, [big.allStaff, 'all-staff'] as const]),
  })
}

/** A quarter of countersignatures by the pools, and since when everybody has been in them. */
function benchHistory(big: BigDirectory, policy: Policy, random: () => number): IndependenceHistory {
  const any = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T
  const pools = Object.values(policy.pools)
  const judges = pools.flatMap(({ members }) => members).filter((member) => member.startsWith('per_'))
  const decisions = Array.from({ length: 5000 }, (_, i) => ({
    countersigner: any(judges),
    askedBy: [random() < 0.1 ? any(judges) : any(big.people)],
    at: daysAgo(random() * 90),
    event: `evt_${i}`,
  }))
  const tenures = pools.flatMap(({ id, members }) =>
    members.map((member) => ({ pool: id, member, since: daysAgo(random() < 0.9 ? 200 : 5) })),
  )
  return { decisions, ruleChanges: [], tenures }
}
