/** Evidence that a compensating control was kept while the access runs. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

export function addEvidence(program: Command, registry: Registry): void {
  const command = program
    .command('evidence')
    .summary('give evidence for a control')
    .description(
      'Records evidence that a compensating control was kept. A missed one suspends the waiver when the policy says so.',
    )
    .argument(...waiverArgument)
    .argument('<control>', 'the control, as the terms name it')
    .argument('<text>', 'what shows that it was kept')
  writes(command).action(
    performs<WriteOptions, [string, string, string]>(registry, (call, options, waiver, control, text) =>
      act(
        call,
        waiver,
        ({ client }, id) => client.giveEvidence(id, { control, text }, callOptions(options)),
        'evidence recorded',
      ),
    ),
  )
}
