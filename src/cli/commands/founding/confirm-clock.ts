/** A founder confirms the time after the clock went backwards: a decision, with a sign-in of its own. */
import type { Command } from 'commander'
import { type DecisionOptions, decide } from '../../decision.ts'
import { foundingLines } from '../../output/founding.ts'
import { instantIn } from '../../output/moments.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, decides, type WriteOptions } from '../shared.ts'

export function addConfirmClock(parent: Command, registry: Registry): void {
  const command = parent
    .command('confirm-clock')
    .summary('confirm the time, as a founder')
    .description(
      'Confirms that the time is right again after the clock of the database went backwards, or a backup was restored. Until enough founders have, nothing is given; removal never stops.',
    )
  decides(command).action(
    performs<DecisionOptions & WriteOptions>(registry, async (call, options) => {
      const session = await sessionOf(call)
      const founding = answered(await session.client.founding())
      const here = instantIn(new Date(call.page.nowMillis).toISOString(), call.page.timeZone)
      const confirmed = await decide(call, session, options, {
        verb: 'confirm',
        about: 'clock',
        lines: [
          ...foundingLines(call.page, founding),
          '',
          `the clock of this machine says ${here}; you confirm that the time of the server is right`,
          '',
        ],
        send: (client) => client.confirmClock(callOptions(options)),
      })
      return { document: confirmed, lines: [call.page.paint.good('confirmed'), ...foundingLines(call.page, confirmed)] }
    }),
  )
}
