/**
 * How long does it take to find every conflict of duties, here and as a SQL join on PostgreSQL? First the same matrix of
 * real size on both, with the answers compared before a number is believed; then an organisation of a million people
 * here alone. The join is the fastest of several, on tables that are loaded, indexed and analysed.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Client } from 'pg'
import {
  type Assignment,
  compileDuties,
  countConflicts,
  type Duties,
  fixes,
  type Holdings,
  type SeparationRule,
  scan,
  wouldAdd,
} from '../src/core/duties.ts'
import { readAssignments } from '../src/files/duty-rules/index.ts'
import { type JoinInput, joins, loadJoin } from '../src/files/duty-rules/sql-join.contract.ts'
import { seededRandom } from '../test/support/directories.ts'

export interface DutiesRow {
  readonly name: string
  readonly ours: number
  /** The same on PostgreSQL; absent where nothing was compared. */
  readonly floor?: number
  /** How many times faster. */
  readonly ratio?: number
  readonly unit: 'ms' | 'µs' | 'bytes'
  readonly note: string
}

export interface DutiesBenchOptions {
  /** A server that may be worked hard; a database is made there and removed again. */
  readonly connectionString: string
  /** People of the large organisation. */
  readonly holders?: number
  readonly seed?: number
}

const americasSmall = { holders: 3477, permissions: 1587, pairs: 105_205 }

export async function benchDuties({
  connectionString,
  holders = 1_000_000,
  seed = 1,
}: DutiesBenchOptions): Promise<DutiesRow[]> {
  const beside = await inDatabase(connectionString, (client) => benchMatrix(client, seed))
  return [...beside, ...benchLarge(holders, seed)]
}

async function benchMatrix(client: Client, seed: number): Promise<DutiesRow[]> {
  const { assignments, source } = matrix(seed)
  const input = { assignments, ...matrixRules(assignments, seededRandom(seed + 1)) }
  const begun = performance.now()
  const tables = await loadJoin(client, input)
  const loadFloor = performance.now() - begun
  const holdings = scan(compileDuties(dutiesOf(input)), assignments)
  const own = [...holdings.allBroken()].map(({ holder, rule }) => `${holder} ${rule}`).sort()
  for (const text of Object.values(joins)) assertEqual(own, await tables.conflicts(text))
  const [fastest, text] = await fastestJoin(client)
  const counted = await median(() => client.query(`SELECT count(*) FROM (${text}) conflict`))
  const fetched = await median(() => client.query({ text, rowMode: 'array' }))
  const found = await median(() => holdings.rescan())
  const inHand = await median(() => holdings.rescan() > 0 && [...holdings.allBroken()])
  const load = await median(() => scan(compileDuties(dutiesOf(input)), assignments))
  const what = `${source}, ${input.rules.length} rules`
  const note = `${own.length} conflicts, the same by every join; the fastest join: ${fastest}`
  return [
    row(`conflict scan of ${what}: found`, found, counted, `${note}; only counted there`),
    row(`conflict scan of ${what}: every conflict in hand`, inHand, fetched, `${note}; rows fetched`),
    row('reading, compiling and scanning it the first time', load, loadFloor, 'there: inserted, indexed and analysed'),
  ]
}

function row(name: string, ours: number, floor: number, note: string): DutiesRow {
  return { name, ours, floor, ratio: floor / ours, unit: 'ms', note }
}

/** The public matrix where it lies beside the repository; else one of the same size that was never anywhere. */
function matrix(seed: number): { readonly assignments: readonly Assignment[]; readonly source: string } {
  const file = join(
    process.env.COUNTERSIGN_SHARED ?? join(import.meta.dirname, '../../shared'),
    'data/matrices/americas_small.txt',
  )
  const { holders, permissions, pairs } = americasSmall
  const size = `${holders} × ${permissions}, ${pairs} pairs`
  if (!existsSync(file)) {
    console.warn(`no matrix at ${file}; taking a generated one of the same size`)
    return { assignments: generatedMatrix(seededRandom(seed)), source: `a generated matrix (${size})` }
  }
  const read = readAssignments({ name: file, text: readFileSync(file, 'utf8') })
  if ('problems' in read) throw new Error(`the matrix cannot be read: ${read.problems[0]?.message}`)
  return { assignments: read.value.assignments, source: `americas_small (${size})` }
}

/** Few hold much and many hold little, as in real ones. */
function generatedMatrix(random: () => number): Assignment[] {
  const { holders, permissions, pairs } = americasSmall
  const held = new Set<number>()
  while (held.size < pairs)
    held.add(Math.floor(random() ** 2 * holders) * permissions + Math.floor(random() ** 2 * permissions))
  return Array.from(held, (pair) => ({
    holder: String(Math.floor(pair / permissions)),
    entitlement: String(pair % permissions),
  }))
}

/** Six hundred functions of one to six permissions; rules of two to four functions, broken from two or three. */
function matrixRules(assignments: readonly Assignment[], random: () => number): Omit<JoinInput, 'assignments'> {
  const permissions = [...new Set(assignments.map(({ entitlement }) => entitlement))].sort()
  const pick = picker(random)
  const functions = Array.from({ length: 600 }, (_, number) => ({
    id: `f${number}`,
    entitlements: pick(1, 6, permissions.length).map((place) => permissions[place] as string),
  }))
  const rules = Array.from({ length: 300 }, (_, number) => ruleOf(number, pick(2, 4, functions.length), random))
  return { functions, rules }
}

function ruleOf(number: number, functions: readonly number[], random: () => number): SeparationRule {
  const conflictsFrom = Math.min(functions.length, random() < 0.5 ? 2 : 3)
  const sides = functions.map((each) => `f${each}`)
  return { id: `r${number}`, name: `rule ${number}`, severity: 'high', functions: sides, conflictsFrom, controls: [] }
}

function dutiesOf({ assignments, functions, rules }: JoinInput): Duties {
  const ids = new Set(Array.from(assignments, ({ entitlement }) => entitlement))
  return {
    entitlements: Array.from(ids, (id) => ({ id, duties: [] })),
    functions: functions.map((each) => ({ ...each, name: each.id, duties: [] })),
    rules,
  }
}

/** With everything a hurried administrator would have set, and without: whichever is faster. */
async function fastestJoin(client: Client): Promise<readonly [name: string, text: string]> {
  await client.query('SET jit = off')
  const timed: (readonly [number, string, string])[] = []
  for (const [name, text] of Object.entries(joins)) {
    timed.push([await median(() => client.query(`SELECT count(*) FROM (${text}) conflict`), 5), name, text])
  }
  const [, name, text] = timed.sort(([a], [b]) => a - b)[0] as readonly [number, string, string]
  return [name, text]
}

function benchLarge(holders: number, seed: number): DutiesRow[] {
  const random = seededRandom(seed + 2)
  const duties = compileDuties(largeDuties(random))
  const before = memoryInUse()
  const begun = performance.now()
  const holdings = scan(duties, largeAssignments(holders, random))
  const loaded = performance.now() - begun
  const memory = memoryInUse() - before
  const { assignmentsCount, conflictsCount, holdersCount, arrayBytes } = holdings
  const size = `${holdersCount} people, ${duties.entitlements.names.length} entitlements, ${duties.rules.length} rules, ${assignmentsCount} assignments, ${conflictsCount} conflicts`
  const alone = (name: string, ours: number, unit: DutiesRow['unit'], note: string): DutiesRow => ({
    name,
    ours,
    unit,
    note,
  })
  return [
    alone(
      'a million people: every conflict found',
      timed(() => holdings.rescan()),
      'ms',
      size,
    ),
    alone('a million people: reading and scanning the first time', loaded, 'ms', 'generating the assignments included'),
    alone(
      'memory per assignment, arrays',
      arrayBytes / assignmentsCount,
      'bytes',
      `conflicts included; ${mega(arrayBytes)} in all`,
    ),
    alone(
      'memory per assignment, with names',
      memory / assignmentsCount,
      'bytes',
      `${mega(memory)} in all${globalThis.gc === undefined ? ', garbage included: no --expose-gc' : ''}`,
    ),
    ...changes(holdings, holders, random),
    alone(
      'a million people: counts by rule and severity',
      timed(() => countConflicts(holdings)),
      'ms',
      'no teams',
    ),
    alone(
      'a million people: the fixes that resolve most',
      timed(() => fixes(holdings)),
      'ms',
      'every single drop tried',
    ),
  ]
}

function changes(holdings: Holdings, holders: number, random: () => number): DutiesRow[] {
  const names = holdings.duties.entitlements.names
  const any = () => ({
    holder: `per_${Math.floor(random() * holders)}`,
    entitlement: names[Math.floor(random() * names.length)] as string,
  })
  const each = (work: (assignment: Assignment) => unknown) => {
    const asked = Array.from({ length: 20_000 }, any)
    return (timed(() => asked.forEach(work)) / asked.length) * 1000
  }
  const added = each((assignment) => holdings.add(assignment))
  const asked = each(({ holder, entitlement }) => wouldAdd(holdings, holder, [entitlement]))
  return [
    {
      name: 'one assignment more, judged again',
      ours: added,
      unit: 'µs',
      note: 'mean of 20,000, laying out anew included',
    },
    {
      name: 'what one more would add',
      ours: asked,
      unit: 'µs',
      note: 'mean of 20,000, with the assignments that make it',
    },
  ]
}

/** A thousand rules over eight hundred functions of eight duties each; one entitlement in ten contains another. */
function largeDuties(random: () => number): Duties {
  const pick = picker(random)
  const duty = (number: number) => `d${number}`
  const entitlements = Array.from({ length: 10_000 }, (_, number) => ({
    id: `e${number}`,
    duties: pick(1, 3, 20_000).map(duty),
    contains: random() < 0.1 ? [`e${Math.floor(random() * 10_000)}`] : [],
  }))
  const functions = Array.from({ length: 800 }, (_, number) => ({
    id: `f${number}`,
    name: `function ${number}`,
    duties: pick(8, 8, 20_000).map(duty),
  }))
  const rules = Array.from({ length: 1000 }, (_, number) => ruleOf(number, pick(2, 3, 800), random))
  return { entitlements, functions, rules }
}

/** Five to forty-four entitlements each, half of them from the same corner of the catalogue. */
function* largeAssignments(holders: number, random: () => number): Generator<Assignment> {
  const below = (limit: number) => Math.floor(random() * limit)
  for (let person = 0; person < holders; person++) {
    const [holder, corner] = [`per_${person}`, below(10_000)]
    for (let left = 5 + below(40); left > 0; left--) {
      yield { holder, entitlement: `e${random() < 0.5 ? (corner + below(60)) % 10_000 : below(10_000)}` }
    }
  }
}

/** Different numbers below a limit, at least and at most so many. */
function picker(random: () => number) {
  return (min: number, max: number, limit: number): number[] => {
    const picked = new Set<number>()
    const count = min + Math.floor(random() * (max - min + 1))
    while (picked.size < count) picked.add(Math.floor(random() * limit))
    return [...picked]
  }
}

function assertEqual(ours: readonly string[], theirs: readonly string[]): void {
  if (ours.length === theirs.length && ours.every((each, place) => each === theirs[place])) return
  throw new Error(`the scan found ${ours.length} conflicts and the join ${theirs.length}, or others`)
}

/** Milliseconds, after a few rounds that nobody counts. */
async function median(work: () => unknown, rounds = 21): Promise<number> {
  for (let warm = 0; warm < 5; warm++) await work()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    await work()
    times.push(performance.now() - begun)
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number
}

function timed(work: () => unknown): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

/** Heap and typed arrays, after collections where the process allows them (`--expose-gc`): arrays go in the second. */
function memoryInUse(): number {
  for (let turn = 0; turn < 3; turn++) globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

async function inDatabase<Answer>(connectionString: string, use: (client: Client) => Promise<Answer>): Promise<Answer> {
  const name = `bench${randomBytes(4).toString('hex')}`
  const root = await open(connectionString)
  try {
    await root.query(`CREATE DATABASE ${name}`)
    const url = new URL(connectionString)
    url.pathname = `/${name}`
    const client = await open(url.href)
    try {
      return await use(client)
    } finally {
      await client.end()
    }
  } finally {
    await root.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await root.end()
  }
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  // A lost connection shows in the next query; without a listener it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  return client
}
