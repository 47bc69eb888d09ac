/**
 * How long does one independence verdict take in a large organisation, and how long the same question asked of
 * PostgreSQL? Both look at the same facts in the same run; the answers are compared one by one before any number is
 * believed. The verdict finds every conflict with its path; the query only says which of the main ones hold.
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
import { type SqlAnswer, sqlFloor } from './independence-sql.ts'

export const rounds = 3

export interface BenchRow {
  readonly name: string
  /** Microseconds. */
  readonly ours: { readonly p50: number; readonly p99: number }
  /** Microseconds; the same question as a recursive query. */
  readonly floor?: { readonly p50: number; readonly p99: number }
  /** How many times faster, at the median and at the 99th percentile. */
  readonly ratio?: { readonly p50: number; readonly p99: number }
  /** What the compiled directory occupies. */
  readonly memoryBytes?: number
  readonly note: string
}

export interface IndependenceBenchOptions {
  /** A server that may be worked hard; a database is made there and removed again. */
  readonly connectionString: string
  readonly people?: number
  readonly workloads?: number
  /** How many verdicts are timed; every hundredth is asked of PostgreSQL as well. */
  readonly verdicts?: number
  readonly seed?: number
}

export async function benchIndependence(options: IndependenceBenchOptions): Promise<BenchRow[]> {
  const { connectionString, people = 100_000, workloads = 1_000_000, verdicts = 40_000, seed = 1 } = options
  const big = bigDirectory({ people, workloads, seed, now: Date.parse(noon) })
  const policy = benchPolicy(big, seededRandom(seed + 1))
  const history = benchHistory(big, policy, seededRandom(seed + 2))
  const questions = questionsFor(big, policy, seededRandom(seed + 3), verdicts)
  const { directory, row } = compiled(big.facts)
  const floor = await sqlFloor(connectionString, big, directory, policy, history)
  try {
    const asked = questions.filter((_, i) => i % 100 === 0)
    const told = await floor.ask(asked, 'told', rounds)
    const planned = await floor.ask(asked.slice(0, 50), 'planned', rounds)
    for (const [i, question] of asked.entries()) {
      const verdict = answerOf(question, directory, history, policy)
      compareAnswers(question, verdict, told.answers[i] as SqlAnswer)
      if (i < 50) compareAnswers(question, verdict, planned.answers[i] as SqlAnswer)
    }
    const whole = timed(questions, (question) => microsOf(() => answerOf(question, directory, history, policy)))
    const again = timed(questions, ({ matter, person }) => {
      const prepared = prepareMatter(matter, directory, history, policy, noon)
      return microsOf(() => verdictOf(prepared, person))
    })
    const mix = describeMix(big, asked.length)
    return [
      withFloor(
        'one verdict, its matter prepared anew',
        whole,
        told.micros,
        `${mix}; the query told to follow its indexes; the fastest of ${rounds} rounds counts, on both sides`,
      ),
      withFloor('the same', whole, planned.micros, 'the query as the planner plans it'),
      { name: 'one more verdict on a prepared matter', ours: percentiles(again), note: 'as routing asks it' },
      row,
    ]
  } finally {
    await floor.drop()
  }
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

function answerOf(
  question: Question,
  directory: CompiledDirectory,
  history: IndependenceHistory,
  policy: Policy,
): Verdict {
  return independence(question.matter, question.person, directory, history, policy, noon)
}

/**
 * Microseconds of each call: the fastest of three rounds, so that other work on the machine does not count. A round is
 * long enough for the next one to find nothing of it in the processor's caches. A first, shorter round is not counted.
 */
function timed(questions: readonly Question[], ask: (question: Question) => number): Float64Array {
  for (const question of questions.slice(0, questions.length / 4)) ask(question)
  const fastest = new Float64Array(questions.length).fill(Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (const [i, question] of questions.entries()) fastest[i] = Math.min(fastest[i] as number, ask(question))
  }
  return fastest
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

function withFloor(name: string, ours: Float64Array, floor: Float64Array, note: string): BenchRow {
  const [a, b] = [percentiles(ours), percentiles(floor)]
  return { name, ours: a, floor: b, ratio: { p50: b.p50 / a.p50, p99: b.p99 / a.p99 }, note }
}

function percentiles(micros: Float64Array): { p50: number; p99: number } {
  const sorted = micros.toSorted()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] as number
  return { p50: at(0.5), p99: at(0.99) }
}

function describeMix({ people, workloads }: BigDirectory, asked: number): string {
  return `${people.length} people, ${workloads.length} workloads; ${asked} of the questions asked of both, all answered alike`
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
