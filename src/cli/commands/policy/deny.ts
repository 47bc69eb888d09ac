/** Says no to a change of the rules: a decision, with a sign-in of its own. */
import type { Command } from 'commander'
import { type DecisionOptions, decide } from '../../decision.ts'
import { performs, type Registry } from '../../perform.ts'
import { sessionOf } from '../../session.ts'
import { callOptions, changeArgument, decides, type WriteOptions } from '../shared.ts'
import { changeDetail, changePage } from './change.ts'

interface Options extends DecisionOptions, WriteOptions {
  readonly reason: string
}

export function addDeny(parent: Command, registry: Registry): void {
  const command = parent
    .command('deny')
    .summary('say no to a change, with a reason')
    .description('Shows every difference, then opens the browser for a sign-in of its own, then denies the change.')
    .argument(...changeArgument)
    .requiredOption('--reason <text>', 'why')
  decides(command).action(
    performs<Options, [string]>(registry, async (call, options, id) => {
      const session = await sessionOf(call)
      const detail = await changeDetail(session, id)
      const done = await decide(call, session, options, {
        verb: 'deny',
        about: id,
        lines: await changePage(call, session, detail),
        send: (client) => client.denyChange(id, { reason: options.reason }, callOptions(options)),
      })
      return { document: done, lines: [`${call.page.paint.good('denied')}: ${done.change.id}`] }
    }),
  )
}
