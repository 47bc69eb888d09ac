/** Takes a request back before access was started. Afterwards it has to be revoked. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
}

export function addWithdraw(program: Command, registry: Registry): void {
  const command = program
    .command('withdraw')
    .summary('take a request back')
    .description('Takes a request back before access was started.')
    .argument(...waiverArgument)
    .requiredOption('--reason <text>', 'why it is no longer asked for')
  writes(command).action(
    performs<Options, [string]>(registry, (call, options, text) =>
      act(
        call,
        text,
        ({ client }, id) => client.withdraw(id, { reason: options.reason }, callOptions(options)),
        'withdrawn',
      ),
    ),
  )
}
