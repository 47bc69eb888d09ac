/** Answers the oldest open question of a decider. */
import type { Command } from 'commander'
import { performs, type Registry } from '../perform.ts'
import { act, callOptions, type WriteOptions, waiverArgument, writes } from './shared.ts'

export function addAnswer(program: Command, registry: Registry): void {
  const command = program
    .command('answer')
    .summary('answer a question of a decider')
    .description('Answers the oldest open question about a waiver of yours.')
    .argument(...waiverArgument)
    .argument('<text>', 'the answer')
  writes(command).action(
    performs<WriteOptions, [string, string]>(registry, (call, options, text, words) =>
      act(call, text, ({ client }, id) => client.answer(id, { text: words }, callOptions(options)), 'answered'),
    ),
  )
}
