/** Asks back before deciding: the question and its answer are records. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

export function addAsk(program: Command, registry: Registry): void {
  const command = program
    .command('ask')
    .summary('ask back before deciding')
    .description('Asks the requesting side a question. The question and its answer become part of the record.')
    .argument(...waiverArgument)
    .argument('<text>', 'what you want to know')
  writes(command).action(
    performs<WriteOptions, [string, string]>(registry, (call, options, text, words) =>
      act(call, text, ({ client }, id) => client.askBack(id, { text: words }, callOptions(options)), 'asked back'),
    ),
  )
}
