/**
 * The same question as a recursive query, as well as we know how: integer ids, covering indexes in both directions, one
 * prepared statement, planned once. Like a verdict it brings back the shortest path of each conflict; of the rules it
 * knows only the main ones. It is asked twice: as the planner plans it, and told by hand to follow the indexes.
 */
import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { Client } from 'pg'
import type { CompiledDirectory } from '../src/core/compile.ts'
import { countersignSystem, type RelationKind } from '../src/core/directory.ts'
import type { IndependenceHistory } from '../src/core/independence.ts'
import type { Policy } from '../src/core/policy.ts'
import { type BigDirectory, daysAgo, noon } from '../test/support/directories.ts'
import type { Question } from './independence-questions.ts'

/** The relations that prove a conflict, in order; `null` where there is no such conflict. */
type Path = readonly { readonly kind: number; readonly a: number; readonly b: number; readonly until: string }[] | null

export interface SqlAnswer {
  /** Is one of the parties, controls one, or is on its rota, under whichever name; by the part it has in the request. */
  readonly asks: Path
  readonly gets: Path
  readonly passes: Path
  readonly team: Path
  readonly granting: Path
  readonly rota: Path
  readonly line: Path
  readonly change: Path
  readonly operates: Path
  /** Acts for somebody of whom one of the above holds, or somebody such for them. */
  readonly delegate: boolean
  /** In one of the pools, and in all of them for too short a time. */
  readonly recent: boolean
  /** In one of the pools, and only by ways on which somebody behind the request decides. */
  readonly chosen: boolean
  /** Would close a ring; names of one being are not put together here. */
  readonly ring: boolean
}

export interface SqlFloor {
  /** Sets the session up and warms it. */
  plan(planning: Planning, questions: readonly Question[]): Promise<void>
  /** `micros` as seen from the client. */
  ask(question: Question): Promise<{ answer: SqlAnswer; micros: number }>
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

/** Whether the planner chooses the plan, or is told to follow the indexes whatever it expects. */
export type Planning = 'planned' | 'told'

const settings: Readonly<Record<Planning, readonly string[]>> = {
  planned: ['jit = off', 'plan_cache_mode = force_generic_plan'],
  told: [
    'jit = off',
    'plan_cache_mode = force_generic_plan',
    'enable_seqscan = off',
    'enable_hashjoin = off',
    'enable_mergejoin = off',
    'max_parallel_workers_per_gather = 0',
    // Recursion allocates for the rows it expects, and it expects far too many.
    `work_mem = '256kB'`,
  ],
}

function of(...names: readonly RelationKind[]): string {
  return `r.kind IN (${names.map((name) => kinds.indexOf(name)).join(', ')}) AND (r.until IS NULL OR r.until > $4)`
}

/** In somebody's favour only what holds right now counts. */
const holdsNow = '(r.until IS NULL OR r.until > $8) AND (r.since IS NULL OR r.since <= $8)'
const identity = of('same-as', 'belongs-to')
const behind = of(
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

/** One step from the rows of a table along relations, and against them. */
function steps(from: string, along: string | undefined, against?: string): string {
  const ways = [
    along && `SELECT r.b AS node, r.id FROM relation r WHERE r.a = p.node AND ${along}`,
    against && `SELECT r.a AS node, r.id FROM relation r WHERE r.b = p.node AND ${against}`,
  ].filter((way) => way !== undefined)
  return `
    SELECT step.node, p.path || step.id, p.seen || step.node
    FROM ${from} p CROSS JOIN LATERAL (${ways.join(' UNION ALL ')}) step
    WHERE step.node <> ALL (p.seen)`
}

function nearest(all: string): string {
  return `SELECT DISTINCT ON (node) node, path, seen FROM ${all} ORDER BY node, cardinality(path)`
}

function teamsOf(people: string, all: string): string {
  const direct = `
    SELECT p.node, p.path, p.seen FROM ${people} p JOIN team ON team.id = p.node
    UNION ALL ${steps(people, of('member-of', 'maintains'))}`
  return `
    SELECT t.* FROM (${direct}) t(node, path, seen)
    WHERE NOT EXISTS (SELECT 1 FROM mark m WHERE m.team = t.node AND m.all_staff)
    UNION ALL
    SELECT t.* FROM (${steps(all, of('part-of'))}) t(node, path, seen)
    WHERE NOT EXISTS (SELECT 1 FROM mark m WHERE m.team IN (t.node, t.seen[cardinality(t.seen) - 1]))`
}

function meetings(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([a, b]) => `SELECT a.path || b.path AS path FROM ${a} a JOIN ${b} b USING (node)`)
    .join(' UNION ALL ')
}

/** The shortest of the ways between the pairs of tables, step by step; `null` where there is none. */
function shortest(...pairs: readonly (readonly [string, string])[]): string {
  return `(
    SELECT coalesce(json_agg(row_to_json(r) ORDER BY step.place) FILTER (WHERE r.id IS NOT NULL), '[]')
    FROM (SELECT path FROM (${meetings(pairs)}) ways ORDER BY cardinality(path) LIMIT 1) best
    LEFT JOIN LATERAL unnest(best.path) WITH ORDINALITY step(id, place) ON true
    LEFT JOIN relation r ON r.id = step.id
    GROUP BY best.path
  )`
}

function behindThe(parties: string, all: string): string {
  return `
    SELECT p.node, ARRAY[]::int[], ARRAY[p.node] FROM unnest(${parties}) p(node)
    UNION ALL ${steps(all, identity, behind)}`
}

/**
 * $1: who asks, $2: person, $3: system, $4: what ended later still counts, $5: who benefits, $6: who passed it on,
 * $7: pools, $8: now, $9: who joined later joined too recently, $10: this installation, $11 to $13: since when, from how
 * many and around how many approvals make a ring.
 */
const query = `
  WITH RECURSIVE
  all_asking(node, path, seen) AS (${behindThe('ARRAY[$1::int]', 'all_asking')}),
  all_getting(node, path, seen) AS (${behindThe('ARRAY[$5::int]', 'all_getting')}),
  all_passing(node, path, seen) AS (${behindThe('$6::int[]', 'all_passing')}),
  asking AS (${nearest('all_asking')}),
  getting AS (${nearest('all_getting')}),
  passing AS (${nearest('all_passing')}),
  everybody AS (
    ${nearest('(SELECT * FROM asking UNION ALL SELECT * FROM getting UNION ALL SELECT * FROM passing) s')}
  ),
  all_selves(node, path, seen) AS (
    SELECT $2::int, ARRAY[]::int[], ARRAY[$2::int]
    UNION ALL ${steps('all_selves', identity, identity)}
  ),
  selves AS (${nearest('all_selves')}),
  side_teams(node, path, seen) AS (${teamsOf('everybody', 'side_teams')}),
  own_teams(node, path, seen) AS (${teamsOf('selves', 'own_teams')}),
  standing(node, path, seen) AS (
    SELECT node, path, seen FROM selves
    UNION ALL ${steps('standing', of('member-of', 'maintains', 'part-of'))}
  ),
  side_chiefs(node, path, seen) AS (
    ${steps('everybody', of('reports-to'), of('sponsors'))}
    UNION ALL ${steps('side_chiefs', of('reports-to'), of('sponsors'))}
  ),
  own_chiefs(node, path, seen) AS (
    ${steps('selves', of('reports-to'), of('sponsors'))}
    UNION ALL ${steps('own_chiefs', of('reports-to'), of('sponsors'))}
  ),
  granting(node, path) AS (
    SELECT r.a, ARRAY[r.id] FROM relation r
    WHERE r.b = $3 AND ${of('administers', 'holds-credential-of', 'operates', 'owns')}
  ),
  side_rotas(node, path, seen) AS (${steps('everybody', of('on-rota'))}),
  own_rotas(node, path, seen) AS (${steps('selves', of('on-rota'))}),
  changers(node, path, seen) AS (${steps('everybody', undefined, of('can-change'))}),
  operators(node, path) AS (
    SELECT r.a, ARRAY[r.id] FROM relation r
    WHERE r.b = $10 AND ${of('administers', 'holds-credential-of', 'operates')}
  ),
  delegates(node, path, seen) AS (${steps('selves', of('delegate-of'), of('delegate-of'))}),
  delegate_names(node, path, seen) AS (
    SELECT * FROM delegates
    UNION ALL ${steps('delegate_names', identity, identity)}
  ),
  delegate_teams(node, path, seen) AS (${teamsOf('delegate_names', 'delegate_teams')}),
  delegate_standing(node, path, seen) AS (
    SELECT * FROM delegate_names
    UNION ALL ${steps('delegate_standing', of('member-of', 'maintains', 'part-of'))}
  ),
  delegate_rotas(node, path, seen) AS (${steps('delegate_names', of('on-rota'))}),
  memberships(node, kind, since) AS (
    SELECT $2::int, ${kinds.indexOf('member-of')}, '-infinity'::timestamptz
    UNION
    SELECT r.b, ${kinds.indexOf('part-of')}, greatest(m.since, coalesce(r.since, 'infinity'))
    FROM memberships m JOIN relation r ON r.a = m.node AND r.kind = m.kind WHERE ${holdsNow}
  ),
  untouched(node, kind) AS (
    SELECT $2::int, ${kinds.indexOf('member-of')}
    UNION
    SELECT r.b, ${kinds.indexOf('part-of')}
    FROM untouched m JOIN relation r ON r.a = m.node AND r.kind = m.kind
    WHERE ${holdsNow} AND NOT EXISTS (
      SELECT 1 FROM relation t JOIN everybody e ON e.node = t.a
      WHERE t.b = r.b AND t.kind = ${kinds.indexOf('maintains')} AND (t.until IS NULL OR t.until > $4)
    )
  ),
  ring(node, length) AS (
    SELECT node, 0 FROM selves
    UNION
    SELECT often.countersigner, r.length + 1 FROM ring r CROSS JOIN LATERAL (
      SELECT d.countersigner FROM decision d WHERE d.asker = r.node AND d.at > $11
      GROUP BY d.countersigner HAVING count(DISTINCT d.event) >= $12
    ) often WHERE r.length < $13
  )
  SELECT
    ${shortest(['selves', 'asking'])} AS asks,
    ${shortest(['selves', 'getting'])} AS gets,
    ${shortest(['selves', 'passing'])} AS passes,
    ${shortest(['own_teams', 'side_teams'])} AS team,
    ${shortest(['standing', 'granting'])} AS granting,
    ${shortest(['own_rotas', 'side_rotas'])} AS rota,
    ${shortest(['selves', 'side_chiefs'], ['own_chiefs', 'everybody'])} AS line,
    ${shortest(['standing', 'changers'])} AS change,
    ${shortest(['standing', 'operators'])} AS operates,
    EXISTS (${meetings([
      ['delegate_names', 'everybody'],
      ['delegate_teams', 'side_teams'],
      ['delegate_rotas', 'side_rotas'],
      ['delegate_standing', 'granting'],
      ['delegate_standing', 'changers'],
      ['delegate_standing', 'operators'],
    ])}) AS delegate,
    coalesce((
      SELECT min(greatest(m.since, p.since)) > $9 FROM memberships m JOIN pool_member p ON p.member = m.node
      WHERE p.pool = ANY ($7::text[])
    ), false) AS recent,
    EXISTS (SELECT 1 FROM memberships m JOIN pool_member p ON p.member = m.node WHERE p.pool = ANY ($7::text[]))
      AND NOT EXISTS (SELECT 1 FROM untouched m JOIN pool_member p ON p.member = m.node WHERE p.pool = ANY ($7::text[]))
      AS chosen,
    EXISTS (SELECT 1 FROM ring JOIN everybody USING (node) WHERE length > 0) AS ring`

export async function sqlFloor(
  connectionString: string,
  big: BigDirectory,
  directory: CompiledDirectory,
  policy: Policy,
  history: IndependenceHistory,
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
  let planned: Planning = 'told'
  try {
    await load(client, big, directory, policy, history)
    const ask = asker(client, directory, policy)
    const plan = async (planning: Planning, questions: readonly Question[]) => {
      await client.query('DISCARD ALL')
      for (const setting of settings[planning]) await client.query(`SET ${setting}`)
      for (const question of questions.slice(0, 10)) await ask(planning, question)
      planned = planning
    }
    return { plan, ask: (question) => ask(planned, question), drop }
  } catch (error) {
    await drop()
    throw error
  }
}

async function open(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  // A lost connection shows in the next query; without a listener it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

type NumberOf = (id: string) => number | undefined

async function load(
  client: Client,
  { facts }: BigDirectory,
  { nodes }: CompiledDirectory,
  policy: Policy,
  history: IndependenceHistory,
): Promise<void> {
  const numberOf: NumberOf = (id) => nodes.numbers.get(id)
  await client.query(`
    CREATE UNLOGGED TABLE relation (
      id int GENERATED ALWAYS AS IDENTITY, kind smallint NOT NULL, a int NOT NULL, b int NOT NULL,
      since timestamptz, until timestamptz
    );
    CREATE UNLOGGED TABLE team (id int PRIMARY KEY);
    CREATE UNLOGGED TABLE decision (asker int, countersigner int, event text, at timestamptz);
    CREATE UNLOGGED TABLE pool_member (pool text, member int, since timestamptz, PRIMARY KEY (member, pool));
    CREATE UNLOGGED TABLE mark (team int PRIMARY KEY, all_staff boolean NOT NULL)`)
  await insertRelations(client, facts.relations, numberOf)
  await insertRelations(client, facts.shifts.map(asRelation), numberOf)
  const teams = facts.nodes.filter(({ kind }) => kind === 'team').map(({ id }) => numberOf(id))
  await client.query('INSERT INTO team SELECT unnest($1::int[])', [teams])
  const marks = Object.entries(policy.independence.teams)
  await client.query('INSERT INTO mark SELECT * FROM unnest($1::int[], $2::boolean[])', [
    marks.map(([id]) => numberOf(id)),
    marks.map(([, mark]) => mark === 'all-staff'),
  ])
  await client.query('INSERT INTO pool_member SELECT * FROM unnest($1::text[], $2::int[], $3::timestamptz[])', [
    history.tenures.map(({ pool }) => pool),
    history.tenures.map(({ member }) => numberOf(member)),
    history.tenures.map(({ since }) => since),
  ])
  const decisions = history.decisions.flatMap(({ askedBy, ...one }) => askedBy.map((asker) => ({ asker, ...one })))
  await client.query('INSERT INTO decision SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::timestamptz[])', [
    decisions.map(({ asker }) => numberOf(asker)),
    decisions.map(({ countersigner }) => numberOf(countersigner)),
    decisions.map(({ event }) => event),
    decisions.map(({ at }) => at),
  ])
  await client.query('CREATE INDEX ON decision (asker) INCLUDE (countersigner, event, at)')
  await client.query('ALTER TABLE relation ADD PRIMARY KEY (id)')
  await client.query('CREATE INDEX ON relation (a, kind) INCLUDE (b, since, until, id)')
  await client.query('CREATE INDEX ON relation (b, kind) INCLUDE (a, until, id)')
  await client.query('VACUUM ANALYZE')
}

interface Stated {
  readonly from: string
  readonly relation: RelationKind
  readonly to: string
  readonly since?: string
  readonly until?: string
}

function asRelation({ person, rota, end }: BigDirectory['facts']['shifts'][number]): Stated {
  return { from: person, relation: 'on-rota', to: rota, until: end }
}

async function insertRelations(client: Client, stated: readonly Stated[], numberOf: NumberOf): Promise<void> {
  const insert = `INSERT INTO relation (kind, a, b, since, until)
    SELECT * FROM unnest($1::smallint[], $2::int[], $3::int[], $4::timestamptz[], $5::timestamptz[])`
  for (let i = 0; i < stated.length; i += 50_000) {
    const part = stated.slice(i, i + 50_000)
    await client.query(insert, [
      part.map(({ relation }) => kinds.indexOf(relation)),
      part.map(({ from }) => numberOf(from)),
      part.map(({ to }) => numberOf(to)),
      part.map(({ since }) => since ?? null),
      part.map(({ until }) => until ?? null),
    ])
  }
}

function asker(client: Client, { nodes }: CompiledDirectory, policy: Policy) {
  const numberOf: NumberOf = (id) => nodes.numbers.get(id)
  const { lingerDays, poolTenureDays, reciprocal } = policy.independence
  const [countsAfter, joinedAfter] = [daysAgo(lingerDays), daysAgo(poolTenureDays)]
  const ring = [daysAgo(reciprocal.overDays), reciprocal.from, reciprocal.ringMax - 1]
  const ourselves = numberOf(countersignSystem)
  return async (planning: Planning, { matter, person }: Question) => {
    const { requester, beneficiary, chain, system = '', pools } = matter
    const [asks, who, target, gets] = [requester, person, system, beneficiary].map(numberOf)
    const values = [asks, who, target, countsAfter, gets, chain.map(numberOf), pools, noon, joinedAfter, ourselves]
    const start = performance.now()
    const { rows } = await client.query<SqlAnswer>({
      // The name keeps a plan apart from the one made under other settings.
      name: `independence ${planning}`,
      text: query,
      values: [...values, ...ring],
    })
    return { answer: rows[0] as SqlAnswer, micros: (performance.now() - start) * 1000 }
  }
}
