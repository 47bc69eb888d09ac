/** Records one use, where uses are counted. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

export function addUse(program: Command, registry: Registry): void {
  const command = program
    .command('use')
    .summary('record one use')
    .description('Records one use of the access, where uses are counted. The last one ends the waiver.')
    .argument(...waiverArgument)
    .argument('<detail>', 'what it was used for')
  writes(command).action(
    performs<WriteOptions, [string, string]>(registry, (call, options, text, words) =>
      act(call, text, ({ client }, id) => client.use(id, { detail: words }, callOptions(options)), 'use recorded'),
    ),
  )
}
