/**
 * The same question as a recursive query, as well as we know how: integer ids, covering indexes in both directions,
 * one prepared statement, a plan made once, nothing compiled just in time, and no paths to bring back.
 */
import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { Client } from 'pg'
import type { CompiledDirectory } from '../src/core/compile.ts'
import type { RelationKind } from '../src/core/directory.ts'
import type { Policy } from '../src/core/policy.ts'
import { type BigDirectory, noon } from '../test/support/directories.ts'
import type { Question } from './independence-questions.ts'

/** Which of the main conflicts hold. `behind`: asks, benefits, controls or passed on, under whichever name. */
export interface SqlAnswer {
  readonly behind: boolean
  readonly team: boolean
  readonly granting: boolean
  readonly rota: boolean
  readonly line: boolean
  readonly change: boolean
}

export interface SqlFloor {
  /** Microseconds of each question, seen from the client. */
  ask(questions: readonly Question[]): Promise<{ answers: SqlAnswer[]; micros: Float64Array }>
  drop(): Promise<void>
}

const kinds: readonly RelationKind[] = [
  'member-of',
  'part-of',
  'maintains',
  'reports-to',
  'belongs-to',
  'same-as',
  'owns',
  'operates',
  'created',
  'holds-credential-of',
  'can-change',
  'delegates-to',
  'delegate-of',
  'administers',
  'on-rota',
  'sponsors',
]

/** Numbers of kinds as a list for `IN`. */
function numbered(...names: readonly RelationKind[]): string {
  return names.map((name) => kinds.indexOf(name)).join(', ')
}

const identity = numbered('same-as', 'belongs-to')
const behind = numbered(
  'same-as',
  'belongs-to',
  'owns',
  'operates',
  'created',
  'holds-credential-of',
  'delegates-to',
  'member-of',
  'part-of',
  'on-rota',
  'sponsors',
)
const counts = `(r.until IS NULL OR r.until > $4)`

function namesOf(start: string): string {
  return `
    ${start}
    UNION
    SELECT step.node FROM selves s CROSS JOIN LATERAL (
      SELECT r.b AS node FROM relation r WHERE r.a = s.node AND r.kind IN (${identity}) AND ${counts}
      UNION ALL
      SELECT r.a FROM relation r WHERE r.b = s.node AND r.kind IN (${identity}) AND ${counts}
    ) step`
}

function teamsOf(people: string, itself: string): string {
  return `
    SELECT t.node FROM (
      SELECT p.node FROM ${people} p JOIN team ON team.id = p.node
      UNION
      SELECT r.b FROM ${people} p JOIN relation r ON r.a = p.node
      WHERE r.kind IN (${numbered('member-of', 'maintains')}) AND ${counts}
    ) t WHERE NOT EXISTS (SELECT 1 FROM mark m WHERE m.team = t.node AND m.all_staff)
    UNION
    SELECT r.b FROM ${itself} t JOIN relation r ON r.a = t.node
    WHERE r.kind IN (${numbered('part-of')}) AND ${counts}
      AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.team = t.node)
      AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.team = r.b)`
}

function chiefsOf(people: string, itself: string): string {
  const step = (from: string) => `
    SELECT step.node FROM ${from} p CROSS JOIN LATERAL (
      SELECT r.b AS node FROM relation r WHERE r.a = p.node AND r.kind IN (${numbered('reports-to')}) AND ${counts}
      UNION ALL
      SELECT r.a FROM relation r WHERE r.b = p.node AND r.kind IN (${numbered('sponsors')}) AND ${counts}
    ) step`
  return `${step(people)} UNION ${step(itself)}`
}

/** $1: parties, $2: person, $3: system, $4: what ended later still counts. */
export const question = `
  WITH RECURSIVE
  everybody(node) AS (
    SELECT unnest($1::int[])
    UNION
    SELECT step.node FROM everybody e CROSS JOIN LATERAL (
      SELECT r.b AS node FROM relation r WHERE r.a = e.node AND r.kind IN (${identity}) AND ${counts}
      UNION ALL
      SELECT r.a FROM relation r WHERE r.b = e.node AND r.kind IN (${behind}) AND ${counts}
    ) step
  ),
  selves(node) AS (${namesOf('SELECT $2::int')}),
  side_teams(node) AS (${teamsOf('everybody', 'side_teams')}),
  own_teams(node) AS (${teamsOf('selves', 'own_teams')}),
  standing(node) AS (
    SELECT node FROM selves
    UNION
    SELECT r.b FROM standing s JOIN relation r ON r.a = s.node
    WHERE r.kind IN (${numbered('member-of', 'maintains', 'part-of')}) AND ${counts}
  ),
  side_chiefs(node) AS (${chiefsOf('everybody', 'side_chiefs')}),
  own_chiefs(node) AS (${chiefsOf('selves', 'own_chiefs')})
  SELECT
    EXISTS (SELECT 1 FROM selves JOIN everybody USING (node)) AS behind,
    EXISTS (SELECT 1 FROM own_teams JOIN side_teams USING (node)) AS team,
    EXISTS (
      SELECT 1 FROM relation r JOIN standing s ON s.node = r.a WHERE r.b = $3
      AND r.kind IN (${numbered('administers', 'holds-credential-of', 'operates', 'owns')}) AND ${counts}
    ) AS granting,
    EXISTS (
      SELECT r.b FROM selves s JOIN relation r ON r.a = s.node WHERE r.kind IN (${numbered('on-rota')}) AND ${counts}
      INTERSECT
      SELECT r.b FROM everybody e JOIN relation r ON r.a = e.node WHERE r.kind IN (${numbered('on-rota')}) AND ${counts}
    ) AS rota,
    EXISTS (SELECT 1 FROM selves JOIN side_chiefs USING (node))
      OR EXISTS (SELECT 1 FROM own_chiefs JOIN everybody USING (node)) AS line,
    EXISTS (
      SELECT 1 FROM everybody e JOIN relation r ON r.b = e.node JOIN standing s ON s.node = r.a
      WHERE r.kind IN (${numbered('can-change')}) AND ${counts}
    ) AS change`

export const explainFor=1
export async function sqlFloor(
  connectionString: string,
  big: BigDirectory,
  directory: CompiledDirectory,
  policy: Policy,
): Promise<SqlFloor> {
  const name = `bench${randomBytes(4).toString('hex')}`
  const root = await open(connectionString)
  await root.query(`CREATE DATABASE ${name}`)
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  const client = await open(url.href)
  const drop = async () => {
    await client.end()
    await root.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await root.end()
  }
  try {
    await load(client, big, directory, policy)
    return { ask: (questions) => ask(client, directory, policy, questions), drop } as any
  } catch (error) {
    await drop()
    throw error
  }
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

export async function load(
  client: Client,
  { facts }: BigDirectory,
  { nodes }: CompiledDirectory,
  policy: Policy,
): Promise<void> {
  await client.query(`
    CREATE UNLOGGED TABLE relation (kind smallint NOT NULL, a int NOT NULL, b int NOT NULL, until timestamptz);
    CREATE UNLOGGED TABLE team (id int PRIMARY KEY);
    CREATE UNLOGGED TABLE mark (team int PRIMARY KEY, all_staff boolean NOT NULL)`)
  const numberOf = (id: string) => nodes.numbers.get(id)
  const turns = facts.shifts.map(({ person, rota, end }) => ({
    from: person,
    relation: 'on-rota' as const,
    to: rota,
    until: end,
  }))
  for (const part of [facts.relations, turns]) {
    for (let i = 0; i < part.length; i += 50_000) await insertRelations(client, part.slice(i, i + 50_000), numberOf)
  }
  const teams = facts.nodes.filter(({ kind }) => kind === 'team').map(({ id }) => numberOf(id))
  await client.query('INSERT INTO team SELECT unnest($1::int[])', [teams])
  const marks = Object.entries(policy.independence.teams)
  await client.query('INSERT INTO mark SELECT * FROM unnest($1::int[], $2::boolean[])', [
    marks.map(([id]) => numberOf(id)),
    marks.map(([, mark]) => mark === 'all-staff'),
  ])
  await client.query('CREATE INDEX ON relation (a, kind) INCLUDE (b, until)')
  await client.query('CREATE INDEX ON relation (b, kind) INCLUDE (a, until)')
  await client.query('VACUUM ANALYZE')
}

interface Stated {
  readonly from: string
  readonly relation: RelationKind
  readonly to: string
  readonly until?: string
}

async function insertRelations(client: Client, part: readonly Stated[], numberOf: (id: string) => number | undefined) {
  await client.query(
    'INSERT INTO relation SELECT * FROM unnest($1::smallint[], $2::int[], $3::int[], $4::timestamptz[])',
    [
      part.map(({ relation }) => kinds.indexOf(relation)),
      part.map(({ from }) => numberOf(from)),
      part.map(({ to }) => numberOf(to)),
      part.map(({ until }) => until ?? null),
    ],
  )
}

async function ask(client: Client, { nodes }: CompiledDirectory, policy: Policy, questions: readonly Question[]) {
  await client.query(
    'SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET max_parallel_workers_per_gather = 0; SET work_mem = $$64MB$$'.replaceAll('$$', "'"),
  )
  const numberOf = (id: string) => nodes.numbers.get(id)
  const cutoff = new Date(Date.parse(noon) - policy.independence.lingerDays * 86_400_000).toISOString()
  const answers: SqlAnswer[] = []
  const micros = new Float64Array(questions.length)
  const one = async ({ matter, person }: Question) => {
    const parties = [matter.requester, matter.beneficiary, ...matter.chain].map(numberOf)
    const values = [parties, numberOf(person), numberOf(matter.system ?? ''), cutoff]
    const { rows } = await client.query<SqlAnswer>({ name: 'independence', text: question, values })
    return rows[0] as SqlAnswer
  }
  for (const warm of questions.slice(0, 20)) await one(warm)
  for (const [i, asked] of questions.entries()) {
    const start = performance.now()
    answers.push(await one(asked))
    micros[i] = (performance.now() - start) * 1000
  }
  return { answers, micros }
}
