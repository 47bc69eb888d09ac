/**
 * `npm run bench`: every figure beside its floor in the same run on the same machine, written to `docs/benchmarks.md`.
 * Names of rows as arguments run only those; `--quick` makes everything small, to see that it runs. A full run takes
 * some minutes, and a machine that does something else meanwhile makes the figures worthless.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { benchCountersign } from './countersign.ts'
import { benchCoverage } from './coverage.ts'
import { databasesOn } from './databases.ts'
import { benchDirectory } from './directory.ts'
import { benchDuties } from './duties.ts'
import { benchExpiry } from './expiry.ts'
import { benchIndependence } from './independence.ts'
import { type BenchServer, startBenchServer } from './installation.ts'
import { benchRemoval } from './removal.ts'
import { benchChecks, benchGuard, benchKill } from './runtime.ts'
import { benchDeriving, benchSealing } from './sealing.ts'
import { benchStart } from './start.ts'

interface Row {
  readonly what: string
  readonly ours: string
  readonly floor: string
  readonly ratio: string
  readonly bar: string
}

const quick = process.argv.includes('--quick')
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const size = (full: number, small: number) => (quick ? small : full)

const benches: Readonly<Record<string, (server: BenchServer) => Promise<readonly Row[]>>> = {
  async start() {
    const { empty, again } = await benchStart()
    const row = (what: string, seconds: number, bar: string): Row => ({
      what,
      ours: `${seconds.toFixed(2)} s`,
      floor: '–',
      ratio: '–',
      bar,
    })
    return [row('start with an empty folder', empty, '≤ 3 s'), row('start again', again, '≤ 1 s')]
  },
  async independence({ url }) {
    const rows = await benchIndependence({
      connectionString: url,
      people: size(100_000, 2_000),
      workloads: size(1_000_000, 5_000),
      verdicts: size(40_000, 1_000),
    })
    return rows.map(({ name, ours, floor, ratio, memoryBytes }) => ({
      what: memoryBytes === undefined ? name : `${name} (${(memoryBytes / 1e6).toFixed(0)} MB)`,
      ours:
        memoryBytes === undefined
          ? `p50 ${ours.p50.toFixed(1)} µs, p99 ${ours.p99.toFixed(1)} µs`
          : `${(ours.p50 / 1e6).toFixed(1)} s`,
      floor: floor === undefined ? '–' : `p50 ${floor.p50.toFixed(0)} µs, p99 ${floor.p99.toFixed(0)} µs`,
      ratio: ratio === undefined ? '–' : `${ratio.p50.toFixed(0)} × (p99 ${ratio.p99.toFixed(0)} ×)`,
      bar: memoryBytes === undefined ? 'p99 ≤ 100 µs, ≥ 100 × faster' : '–',
    }))
  },
  async coverage({ url }) {
    const rows = await benchCoverage({
      connectionString: url,
      people: size(100_000, 2_000),
      workloads: size(1_000_000, 5_000),
      groups: size(200, 20),
    })
    return rows.map(({ name, ours, floor, ratio, note }) => ({
      what: `${name} (${note})`,
      ours: `${ours.toFixed(2)} ms`,
      floor: floor === undefined ? '–' : `${floor.toFixed(0)} ms`,
      ratio: ratio === undefined ? '–' : `${ratio.toFixed(0)} ×`,
      bar: '–',
    }))
  },
  async directory({ url }) {
    const rows = await benchDirectory({
      connectionString: url,
      people: size(100_000, 2_000),
      workloads: size(1_000_000, 20_000),
      accessRows: size(1_000_000, 20_000),
    })
    return rows.map(({ name, ours, floor, ratio, unit, note }) => ({
      what: `${name} (${note})`,
      ours: `${ours.toFixed(1)} ${unit}`,
      floor: floor === undefined ? '–' : `${floor.toFixed(1)} ${unit}`,
      ratio: ratio === undefined ? '–' : `${ratio.toFixed(2)} ×`,
      bar: '–',
    }))
  },
  async duties({ url }) {
    const rows = await benchDuties({ connectionString: url, holders: size(1_000_000, 10_000) })
    return rows.map(({ name, ours, floor, ratio, unit, note }) => ({
      what: `${name} (${note})`,
      ours: `${ours.toFixed(unit === 'bytes' ? 1 : 2)} ${unit}`,
      floor: floor === undefined ? '–' : `${floor.toFixed(1)} ${unit}`,
      ratio: ratio === undefined ? '–' : `${ratio.toFixed(0)} ×`,
      bar: name.startsWith('conflict scan') ? '≥ 20 × the SQL join' : '–',
    }))
  },
  async countersign({ url }) {
    const { ours, floor, ratio } = await benchCountersign(url, size(4_000, 300))
    const rate = (perSecond: number) => `${perSecond.toFixed(0)} a second`
    return [
      {
        what: 'countersign over HTTP, durable, 16 clients',
        ours: rate(ours),
        floor: rate(floor),
        ratio: `${ratio.toFixed(2)} ×`,
        bar: '≥ 0.5 × bare transactions',
      },
    ]
  },
  async expiry({ url }) {
    const count = size(100_000, 2_000)
    const { ours, floor, ratio, exactlyOnce } = await benchExpiry(url, count)
    if (!exactlyOnce) throw new Error('not every grant expired exactly once')
    return [
      {
        what: `${count} grants expire in one second, control plane, each exactly once`,
        ours: `${ours.toFixed(1)} s`,
        floor: `${floor.toFixed(1)} s`,
        ratio: `${ratio.toFixed(2)} ×`,
        bar: '≤ 2 × bare SQL',
      },
    ]
  },
  async removal({ url }) {
    const { count, removalSeconds, bareSeconds, ratio } = await benchRemoval({
      connectionString: url,
      count: size(10_000, 200),
    })
    return [
      {
        what: `${count} PostgreSQL-role grants removed and verified`,
        ours: `${removalSeconds.toFixed(1)} s`,
        floor: `${bareSeconds.toFixed(1)} s`,
        ratio: `${ratio.toFixed(2)} ×`,
        bar: '≥ 0.5 × a bare loop of REVOKE',
      },
    ]
  },
  async runtime({ url }) {
    const databases = databasesOn(url)
    const checks = await benchChecks(databases, size(30_000, 300))
    const guards = await benchGuard(await databases(), size(2_000, 50))
    const { lastMillis, answeredMillis, floorMillis, processes } = await benchKill(databases, 3, size(10, 2))
    const rate = ({ perSecond, p99Millis }: { readonly perSecond: number; readonly p99Millis: number }) =>
      `${perSecond.toFixed(0)} a second, p99 ${p99Millis.toFixed(2)} ms`
    return [
      ...checks.map(({ name, ours, floor, ratio }, place) => ({
        what: `${name}, 16 clients`,
        ours: rate(ours),
        floor: rate(floor),
        ratio: `${ratio.toFixed(2)} ×`,
        bar: place === 0 ? '≥ 0.6 × a bare echo' : '–',
      })),
      ...guards.map(({ name, micros, floorMicros }) => ({
        what: name,
        ours: `${micros.toFixed(1)} µs`,
        floor: `${floorMicros.toFixed(1)} µs`,
        ratio: `${(micros / floorMicros).toFixed(2)} ×`,
        bar: 'well under 1 ms',
      })),
      {
        what: `kill switch: the last use let through by any of ${processes} processes, the worst of ${size(10, 2)}`,
        ours: `${lastMillis.toFixed(0)} ms, answered after ${answeredMillis.toFixed(0)} ms`,
        floor: `${floorMillis.toFixed(0)} ms with nobody to wait for`,
        ratio: '–',
        bar: '–',
      },
    ]
  },
  async sealing({ url }) {
    const leaves = size(1_000_000, 20_000)
    const { sealed, inserted } = await benchSealing(url, size(100_000, 5_000))
    const { ours, floor, ratio, proofHashes, proveMicros, verifyMicros } = await benchDeriving(leaves)
    const rate = (perSecond: number) => `${perSecond.toFixed(0)} a second`
    return [
      {
        what: 'events sealed, in batches, durable',
        ours: rate(sealed),
        floor: `${rate(inserted)} inserted`,
        ratio: `${(sealed / inserted).toFixed(2)} ×`,
        bar: '–',
      },
      {
        what: `${leaves} leaves derived again`,
        ours: `${ours.toFixed(2)} s`,
        floor: `${floor.toFixed(2)} s`,
        ratio: `${ratio.toFixed(2)} ×`,
        bar: '≤ 2 × bare SHA-256',
      },
      {
        what: `inclusion of one of ${leaves} leaves: at most ${proofHashes} hashes, ${proofHashes * 32} bytes`,
        ours: `made in ${proveMicros.toFixed(0)} µs, checked in ${verifyMicros.toFixed(0)} µs`,
        floor: '–',
        ratio: '–',
        bar: '–',
      },
    ]
  },
}

const tableHead = '| what | ours | floor | ratio | bar |\n|---|---|---|---|---|\n'
const rows: Row[] = []
const failed: string[] = []
process.stdout.write(tableHead)
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`${name} …\n`)
  const server = await startBenchServer()
  try {
    const measured = await bench(server)
    rows.push(...measured)
    process.stdout.write(`${measured.map(lineOf).join('\n')}\n`)
  } catch (error) {
    failed.push(name)
    process.stderr.write(`${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  } finally {
    await server.stop()
  }
}
if (failed.length > 0) process.exitCode = 1
else if (!quick && wanted.length === 0) write(rows)

function lineOf({ what, ours, floor, ratio, bar }: Row): string {
  return `| ${what} | ${ours} | ${floor} | ${ratio} | ${bar} |`
}

function write(measured: readonly Row[]): void {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${(totalmem() / 1e9).toFixed(0)} GB, Node ${process.version}, ${process.platform} ${process.arch}`
  const file = new URL('../docs/benchmarks.md', import.meta.url)
  const before = readFileSync(file, 'utf8')
  const [head = '', tail = ''] = before.split(/<!-- figures -->[\s\S]*<!-- \/figures -->/)
  writeFileSync(
    file,
    `${head}<!-- figures -->\n\n${machine}, ${new Date().toISOString().slice(0, 10)}\n\n${tableHead}${measured.map(lineOf).join('\n')}\n\n<!-- /figures -->${tail}`,
  )
}
