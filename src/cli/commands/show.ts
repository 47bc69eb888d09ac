/** One waiver in full: terms, target, removal, reviews, and its records one by one. */
import type { Command } from 'commander'
import { behindOf } from '../deciding.ts'
import { waiverLines } from '../output/waiver-page.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { waiverArgument, waiverDetail } from './shared.ts'

export function addShow(program: Command, registry: Registry): void {
  program
    .command('show')
    .summary('show a waiver in full')
    .description(
      'Shows the terms in force, what is on the target, live sessions, whether removal was verified, and every record with who, when, on which facts, and the look back at it.',
    )
    .argument(...waiverArgument)
    .action(
      performs<object, [string]>(registry, async (call, _, text) => {
        const session = await sessionOf(call)
        const detail = await waiverDetail(session, text)
        const events = answered(await session.client.events(detail.waiver.id), detail.waiver.id)
        const { behind } = await behindOf(session, detail)
        return {
          document: {
            ...detail,
            events: events.events,
            ...(behind === undefined ? {} : { behind }),
            names: { ...detail.names, ...events.names, ...behind?.names },
          },
          lines: waiverLines(call.page, detail, events, behind),
        }
      }),
    )
}
