/** Takes a change to the rules back. Its author only. */
import type { Command } from 'commander'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, changeArgument, type WriteOptions, writes } from '../shared.ts'
import { changeDetail } from './change.ts'

interface Options extends WriteOptions {
  readonly reason: string
}

export function addWithdraw(parent: Command, registry: Registry): void {
  const command = parent
    .command('withdraw')
    .summary('take a change back')
    .description('Takes a change back before it is in force. Its author only.')
    .argument(...changeArgument)
    .requiredOption('--reason <text>', 'why it is taken back')
  writes(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const session = await sessionOf(call)
      await changeDetail(session, id)
      const done = answered(
        await session.client.withdrawChange(id, { reason: options.reason }, callOptions(options)),
        id,
      )
      return { document: done, lines: [`${call.page.paint.good('withdrawn')}: ${done.change.id}`] }
    }),
  )
}
