/**
 * `npm run sim -- <seed> [count of steps] [--only 1,2,3]`: replays one simulated world exactly and prints what happened,
 * line by line; when a promise breaks it prints the shortest steps found that still break it. Without a seed: one after
 * the other from a random one, until something breaks.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startTestServer } from '../support/test-server.ts'
import { openInstallation } from './installation.ts'
import { describeFailure, type Run, shortest, simulate, stepsUpTo } from './run.ts'

const stepsDefault = 60

async function main(args: readonly string[]): Promise<boolean> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { only: { type: 'string' } },
  })
  const [seed, count = stepsDefault] = positionals.map(Number)
  if (positionals.some((text) => !/^\d+$/.test(text)))
    throw new Error('write `npm run sim -- <seed> [count of steps]`, both whole numbers')
  const steps = values.only === undefined ? stepsUpTo(count) : values.only.split(',').map(Number)
  const { server, stop } = await startTestServer(18)
  try {
    const installation = await openInstallation(server.url)
    try {
      if (seed !== undefined)
        return await report(await simulate(installation, seed, steps), (run) => shortest(installation, run))
      for (let next = randomInt(1_000_000); ; next++) {
        const run = await simulate(installation, next, steps)
        if (run.failure !== undefined) return await report(run, (failed) => shortest(installation, failed))
        process.stdout.write(
          `seed ${next}: ${[...run.events.values()].reduce((sum, one) => sum + one, 0)} events, all promises hold\n`,
        )
      }
    } finally {
      await installation.close()
    }
  } finally {
    await stop()
  }
}

async function report(run: Run, shorten: (run: Run) => Promise<Run>): Promise<boolean> {
  process.stdout.write(`${run.log.join('\n')}\n\n`)
  if (run.failure === undefined) {
    process.stdout.write(`seed ${run.seed}: all promises hold\n`)
    return true
  }
  process.stdout.write(`${describeFailure(await shorten(run), run)}\n`)
  return false
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
