/**
 * `npm run sim -- <seed>`: replays one simulated world exactly and tells it line by line; when a promise breaks it shows the
 * shortest steps found that still break it. With `from-to` many worlds, with nothing one after the other until something
 * breaks or somebody stops it.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import colours from 'picocolors'
import { startTestServer } from '../support/test-server.ts'
import { type Installation, openInstallation } from './installation.ts'
import { describeFailure, type Run, shortest, simulate, stepsUpTo } from './run.ts'

const stepsDefault = 60

const usage = `Usage: npm run sim -- [<seed> | <from>-<to>] [--steps <count>] [--only <step>,<step>,…]

  npm run sim                      one random world after the other, until a promise breaks
  npm run sim -- 3                 world 3, told line by line
  npm run sim -- 1-500             500 worlds, and which of them broke what
  npm run sim -- 3 --only 0,1,3    world 3 with these steps alone, as a failure names them

Each world is two processes on a real PostgreSQL, lying targets, a clock that jumps, people who try what they may not, and
crashes. After every step every promise is checked (test/simulator/invariants.ts). ${stepsDefault} steps unless --steps says otherwise.
`

class UsageError extends Error {}

interface Wanted {
  readonly seeds: Iterable<number>
  readonly steps: readonly number[]
  /** Every line, not only what came of it. */
  readonly told: boolean
  /** A range shows all that breaks; an endless search has found what it looked for. */
  readonly untilBroken: boolean
}

function wantedIn(args: readonly string[]): Wanted | undefined {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { only: { type: 'string' }, steps: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return undefined
  const [which, ...rest] = positionals
  if (rest.length > 0) throw new UsageError(`one seed or one range, not also \`${rest.join(' ')}\``)
  const steps =
    values.only === undefined
      ? stepsUpTo(wholeNumber(values.steps ?? String(stepsDefault)))
      : values.only.split(',').map(wholeNumber)
  const range = /^(\d+)-(\d+)$/.exec(which ?? '')
  if (which === undefined) return { seeds: from(randomInt(1_000_000)), steps, told: false, untilBroken: true }
  if (range === null) return { seeds: [wholeNumber(which)], steps, told: true, untilBroken: true }
  return { seeds: from(Number(range[1]), Number(range[2])), steps, told: false, untilBroken: false }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`\`${text}\` is no whole number`)
  return Number(text)
}

function* from(first: number, last = Number.POSITIVE_INFINITY): Iterable<number> {
  for (let seed = first; seed <= last; seed++) yield seed
}

/** @returns the seeds in which a promise broke */
async function run(
  installation: Installation,
  { seeds, steps, told, untilBroken }: Wanted,
): Promise<readonly number[]> {
  const broken: number[] = []
  const total = { worlds: 0, events: 0, startedMillis: performance.now() }
  let stopped = false
  process.once('SIGINT', () => {
    stopped = true
  })
  for (const seed of seeds) {
    const world = await simulate(installation, seed, steps)
    total.worlds++
    total.events += eventsIn(world)
    if (told) say(world.log.map(painted).join('\n'))
    if (world.failure === undefined && !told) say(`seed ${seed}: ${eventsIn(world)} events, all promises hold`)
    if (world.failure !== undefined) {
      broken.push(seed)
      say(colours.red(`seed ${seed} broke a promise; looking for the shortest steps that still do`))
      say(painted(describeFailure(await shortest(installation, world), world)))
    }
    if (stopped || (untilBroken && broken.length > 0)) break
  }
  say(`\n${summary(broken, total)}`)
  return broken
}

function summary(
  broken: readonly number[],
  { worlds, events, startedMillis }: { worlds: number; events: number; startedMillis: number },
): string {
  const seconds = ((performance.now() - startedMillis) / 1000).toFixed(1)
  const what = `${worlds === 1 ? 'one world' : `${worlds} worlds`}, ${events} events, ${seconds} s`
  if (broken.length === 0) return `${colours.green('all promises hold')} (${what})`
  return `${colours.red(`a promise broke in ${broken.map((seed) => `seed ${seed}`).join(', ')}`)} (${what})`
}

function eventsIn({ events }: Run): number {
  return [...events.values()].reduce((sum, one) => sum + one, 0)
}

/** Steps stand out from what came of them; a no from what happened. */
function painted(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      if (/^ *(\d+|end) {2}/.test(line)) return colours.bold(line)
      if (/^ +✗/.test(line)) return colours.yellow(line)
      return /^ +→/.test(line) ? colours.dim(line) : line
    })
    .join('\n')
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function main(args: readonly string[]): Promise<number> {
  const wanted = wantedIn(args)
  if (wanted === undefined) {
    say(usage)
    return 0
  }
  const { server, stop } = await startTestServer(18)
  try {
    const installation = await openInstallation(server.url)
    try {
      return (await run(installation, wanted)).length === 0 ? 0 : 1
    } finally {
      await installation.close()
    }
  } finally {
    await stop()
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  if (!isUsage) throw error
  process.stderr.write(`${(error as Error).message}\n\n${usage}`)
  process.exitCode = 2
}
