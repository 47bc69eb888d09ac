/**
 * What does a directory of the size we name take: in memory, and to come into force? Memory is what is left of it after
 * everything else was let go of, for each kind of thing apart. The import is the real one, from a source to the commit, on a
 * real PostgreSQL, beside inserting the same facts as bare rows there; and then one person more.
 */
import { performance } from 'node:perf_hooks'
import { Client } from 'pg'
import { assemble } from '../src/app.ts'
import type { DirectorySource } from '../src/connectors/directory.ts'
import { type CompiledDirectory, compileDirectory } from '../src/core/compile.ts'
import type { DirectoryFacts, NodeId, SourceSnapshot, StandingAccess } from '../src/core/directory.ts'
import { importDirectory } from '../src/engine/directories.ts'
import type { Machinery } from '../src/engine/handle.ts'
import { silent } from '../src/engine/logger.ts'
import { migrate } from '../src/store/migrate.ts'
import { openStore } from '../src/store/store.ts'
import { bigDirectory, noon, seededRandom } from '../test/support/directories.ts'

export interface DirectoryRow {
  readonly name: string
  readonly ours: number
  readonly floor?: number
  readonly ratio?: number
  readonly unit: 's' | 'bytes' | 'kB' | 'MB'
  readonly note: string
}

export interface DirectoryBenchOptions {
  /** A server that may be worked hard; nothing is in it yet. */
  readonly connectionString: string
  readonly people?: number
  readonly workloads?: number
  readonly accessRows?: number
  readonly seed?: number
}

export async function benchDirectory(options: DirectoryBenchOptions): Promise<DirectoryRow[]> {
  const { connectionString, people = 100_000, workloads = 1_000_000, accessRows = 1_000_000, seed = 1 } = options
  const size = { people, workloads, accessRows, seed }
  return [...memoryRows(size), ...(await importRows(connectionString, size))]
}

type Size = Required<Omit<DirectoryBenchOptions, 'connectionString'>>

/** Workloads alone, and access alone, are what is more with them than without. */
function memoryRows(size: Size): DirectoryRow[] {
  const people = compiledBytes({ ...size, workloads: 0, accessRows: 0 })
  const withWorkloads = compiledBytes({ ...size, accessRows: 0 })
  const withAccess = compiledBytes(size)
  const row = (name: string, bytes: number, count: number, note: string): DirectoryRow => ({
    name,
    ours: bytes / count,
    unit: 'bytes',
    note: `${note}${globalThis.gc === undefined ? '; garbage included: no --expose-gc' : ''}`,
  })
  return [
    row(
      'memory per person, compiled',
      people,
      size.people,
      `${size.people} people with their teams, accounts, chiefs and systems; ${mega(people)}`,
    ),
    row(
      'memory per workload, compiled',
      withWorkloads - people,
      size.workloads,
      `${size.workloads} workloads with owners and operators; ${mega(withWorkloads)} in all`,
    ),
    row(
      'memory per assignment, compiled',
      withAccess - withWorkloads,
      size.accessRows,
      `${size.accessRows} rows of standing access; ${mega(withAccess)} in all`,
    ),
  ]
}

function compiledBytes(size: Size): number {
  const before = memoryInUse()
  const directory = compiledOf(size)
  const bytes = memoryInUse() - before
  // Held until it was measured.
  if (directory.nodes.ids.length === 0) throw new Error('bug: a directory of nobody')
  return bytes
}

function compiledOf(size: Size): CompiledDirectory {
  return compileDirectory(factsOf(size))
}

function factsOf({ people, workloads, accessRows, seed }: Size): DirectoryFacts {
  const big = bigDirectory({ people, workloads, seed, now: Date.parse(noon) })
  const random = seededRandom(seed + 1)
  const any = (ids: readonly NodeId[]) => ids[Math.floor(random() * ids.length)] as NodeId
  const access = Array.from({ length: accessRows }, (): StandingAccess => {
    const holder = any(random() < 0.7 ? big.people : big.workloads)
    return { holder, system: any(big.systems), entitlement: `role-${Math.floor(random() * 40)}`, source: 'hr' }
  })
  return accessRows === 0 ? big.facts : { ...big.facts, access }
}

async function importRows(connectionString: string, size: Size): Promise<DirectoryRow[]> {
  await migrate(connectionString)
  const store = await openStore({ url: connectionString })
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const facts = factsOf(size)
    const bare = await insertedBare(client, facts)
    const said = withoutSources(facts)
    const { machinery } = assemble({ store, log: silent, sources: [], kinds: [], relyingParty })
    const first = await imported(machinery, client, said)
    const again = await imported(machinery, client, said)
    const person = { id: 'per_9999999', kind: 'person', name: 'one more' } as const
    const oneMore = await imported(machinery, client, { ...said, nodes: [...said.nodes, person] })
    const count = facts.nodes.length + facts.relations.length + facts.shifts.length + size.accessRows
    return [
      {
        name: 'a whole directory comes into force',
        ours: first.seconds,
        floor: bare,
        ratio: first.seconds / bare,
        unit: 's',
        note: `${size.people} people, ${size.workloads} workloads, ${size.accessRows} rows of access, ${count} facts; there: inserted as bare rows, not indexed`,
      },
      { name: 'written for it', ours: first.bytes / 1e6, unit: 'MB', note: `${first.contents} contents, compressed` },
      { name: 'the same word again', ours: again.seconds, unit: 's', note: `${again.contents} contents written` },
      { name: 'one person more', ours: oneMore.seconds, unit: 's', note: `${oneMore.contents} contents written` },
      { name: 'written for one person more', ours: oneMore.bytes / 1e3, unit: 'kB', note: 'compressed' },
      {
        name: 'memory at its highest, this process',
        ours: peakMega(),
        unit: 'MB',
        note: 'the generated facts included',
      },
    ]
  } finally {
    await client.end()
    await store.close()
  }
}

type Said = Omit<SourceSnapshot, 'source'>

function withoutSources({ nodes, relations, shifts, access = [] }: DirectoryFacts): Said {
  return { nodes, relations, shifts, access }
}

interface Imported {
  readonly seconds: number
  readonly contents: number
  readonly bytes: number
}

async function imported(machinery: Machinery, client: Client, said: Said): Promise<Imported> {
  const source: DirectorySource = {
    kind: 'bench',
    read: async (now) => ({ source: { id: 'hr', revision: '1', observedAt: now, staleAfterSeconds: 86_400 }, ...said }),
  }
  const before = await written(client)
  const begun = performance.now()
  const [report] = await importDirectory(machinery, [source])
  const seconds = (performance.now() - begun) / 1000
  if (report?.outcome !== 'changed' && report?.outcome !== 'unchanged') throw new Error(JSON.stringify(report))
  const after = await written(client)
  return { seconds, contents: after.contents - before.contents, bytes: after.bytes - before.bytes }
}

const relyingParty = { id: 'localhost', name: 'bench', origins: ['http://localhost'], isSample: true }

async function written(client: Client): Promise<{ readonly contents: number; readonly bytes: number }> {
  const { rows } = await client.query<{ contents: number; bytes: string }>(
    'select count(*)::int as contents, coalesce(sum(length(content)), 0) as bytes from countersign.revisions',
  )
  return { contents: rows[0]?.contents ?? 0, bytes: Number(rows[0]?.bytes ?? 0) }
}

const batch = 20_000

/** @returns seconds; every fact as a row of text columns, in one transaction. */
async function insertedBare(client: Client, { nodes, relations, access = [] }: DirectoryFacts): Promise<number> {
  await client.query('create table bare (a text, b text, c text, d text)')
  const rows = [
    nodes.map(({ id, kind, name, source }) => [id, kind, name, source]),
    relations.map(({ from, relation, to, source }) => [from, relation, to, source]),
    access.map(({ holder, system, entitlement, source }) => [holder, system, entitlement, source]),
  ].flat()
  const begun = performance.now()
  await client.query('begin')
  for (let start = 0; start < rows.length; start += batch) {
    const some = rows.slice(start, start + batch)
    const columns = [0, 1, 2, 3].map((column) => some.map((row) => row[column]))
    await client.query('insert into bare select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])', columns)
  }
  await client.query('commit')
  const seconds = (performance.now() - begun) / 1000
  await client.query('drop table bare')
  return seconds
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

function peakMega(): number {
  return process.resourceUsage().maxRSS / 1e3
}
