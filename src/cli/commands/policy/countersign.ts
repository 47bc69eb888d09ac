/** The independent approval of a change to the rules: a decision, with a sign-in of its own. */
import type { Command } from 'commander'
import { type DecisionOptions, decide } from '../../decision.ts'
import { changeLines } from '../../output/change-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { sessionOf } from '../../session.ts'
import { callOptions, changeArgument, decides, type WriteOptions } from '../shared.ts'
import { changeDetail, changePage } from './change.ts'

export function addCountersign(parent: Command, registry: Registry): void {
  const command = parent
    .command('countersign')
    .summary('approve a change, as somebody independent')
    .description(
      'Shows every difference, then opens the browser for a sign-in of its own, then countersigns exactly that.',
    )
    .argument(...changeArgument)
  decides(command).action(
    performs<DecisionOptions & WriteOptions, [string]>(registry, async (call, options, id) => {
      const session = await sessionOf(call)
      const detail = await changeDetail(session, id)
      const done = await decide(call, session, options, {
        verb: 'countersign',
        about: id,
        lines: await changePage(call, session, detail),
        send: (client) => client.countersignChange(id, { proposed: detail.change.proposed }, callOptions(options)),
      })
      return {
        document: done,
        lines: [call.page.paint.good('countersigned'), ...changeLines(call.page, done.change, done.names)],
      }
    }),
  )
}
