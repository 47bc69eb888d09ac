/** Removes the access for now. Going on takes a new countersignature, and the end never moves. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
}

export function addSuspend(program: Command, registry: Registry): void {
  const command = program
    .command('suspend')
    .summary('remove the access for now')
    .description('Removes the access for now. The end does not move; going on takes a new countersignature.')
    .argument(...waiverArgument)
    .requiredOption('--reason <text>', 'why')
  writes(command).action(
    performs<Options, [string]>(registry, (call, options, text) =>
      act(
        call,
        text,
        ({ client }, id) => client.suspend(id, { reason: options.reason }, callOptions(options)),
        'suspended',
      ),
    ),
  )
}
