/** Ends a waiver for good. That the access is gone is said only once the target was read back. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

interface Options extends WriteOptions {
  readonly reason: string
}

export function addRevoke(program: Command, registry: Registry): void {
  const command = program
    .command('revoke')
    .summary('end a waiver now')
    .description(
      'Ends the waiver for good. Requester, beneficiary, countersigner, owner of the target and the security pool may, at any time. It is gone only when the target was read back: see `countersign show`.',
    )
    .argument(...waiverArgument)
    .requiredOption('--reason <text>', 'why it ends now')
  writes(command).action(
    performs<Options, [string]>(registry, (call, options, text) =>
      act(call, text, ({ client }, id) => client.revoke(id, { reason: options.reason }, callOptions(options)), 'ended'),
    ),
  )
}
