/** Starts the access of a countersigned waiver, or opens an envelope. Everything is checked anew at that moment. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

export function addActivate(program: Command, registry: Registry): void {
  const command = program
    .command('activate')
    .summary('start the access')
    .description(
      'Starts the access of a countersigned waiver, or opens a break-glass envelope. Independence, rules and contents are checked anew.',
    )
    .argument(...waiverArgument)
    .option('--account <name>', 'which of your accounts on the target, when you open an envelope and have several')
  writes(command).action(
    performs<ActivateOptions, [string]>(registry, (call, options, text) =>
      act(call, text, ({ client }, id) => client.activate(id, callOptions(options), bodyOf(options)), 'started'),
    ),
  )
}

interface ActivateOptions extends WriteOptions {
  readonly account?: string
}

function bodyOf({ account }: ActivateOptions): { readonly account?: string } {
  return account === undefined ? {} : { account }
}
