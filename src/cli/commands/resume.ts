/** Asks that a suspended waiver goes on. It asks; somebody independent decides. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
}

export function addResume(program: Command, registry: Registry): void {
  const command = program
    .command('resume')
    .summary('ask that a suspended waiver goes on')
    .description('Asks that a suspended waiver goes on. Somebody independent decides; the end does not move.')
    .argument(...waiverArgument)
    .requiredOption('--reason <text>', 'why it may go on')
  writes(command).action(
    performs<Options, [string]>(registry, (call, options, text) =>
      act(
        call,
        text,
        ({ client }, id) => client.requestResumption(id, { reason: options.reason }, callOptions(options)),
        'asked to go on',
      ),
    ),
  )
}
