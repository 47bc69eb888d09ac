/** The whole story on this machine: a sample company, a target of its own, and everybody in it. Loaded only when it is run. */

import type { Command } from 'commander'
import { wholeNumber } from '../input/number.ts'
import { mended } from '../operator.ts'
import { performs, type Registry } from '../perform.ts'
import { Stop } from '../stop.ts'
import { UsageError } from '../usage-error.ts'

interface Options {
  readonly agent?: boolean
  readonly exit?: boolean
  readonly directory?: string
  readonly folder: string
  readonly port: string
}

/** @throws Stop for a directory that the story cannot be cast from */
function unfit(error: unknown): never {
  if (!(error instanceof Error) || error.name !== 'UnfitDirectory') throw error
  throw new Stop('usage', {
    kind: 'usage',
    code: 'directory-unfit',
    message: error.message,
    next: 'give --directory a folder of GitHub configuration (`config/<organisation>/org.yaml`) or of working-group charters, or leave it out',
  })
}

export function addDemo(program: Command, registry: Registry): void {
  program
    .command('demo')
    .summary('see it work, on this machine alone')
    .description(
      'Starts a sample company with its own database and plays a day in it: asking, deciding, refusing, ending, proving. Needs no network and no configuration.',
    )
    .option('--agent', 'the story of an AI agent: from a denial to approval, use and revocation')
    .option('--exit', 'end after the story instead of staying up')
    .option('--directory <path>', 'another directory than that of the sample company')
    .option('--folder <path>', 'where its data is kept; made anew every time', '.countersign/demo')
    .option('--port <port>', 'where to listen, on this machine only', '7443')
    .action(
      performs<Options>(registry, async ({ context }, { agent, exit, directory, folder, port }) => {
        if (agent === true && directory !== undefined)
          throw new UsageError('--agent plays in the sample company; leave out --directory')
        const { runDemo, runAgentDemo } = await context.demo()
        const options = { exit: exit === true, folder, port: wholeNumber(port, '--port', 1, 65_535) }
        await mended(
          agent === true
            ? runAgentDemo(options)
            : runDemo({ ...options, ...(directory === undefined ? {} : { directory }) }),
        ).catch(unfit)
        return undefined
      }),
    )
}
