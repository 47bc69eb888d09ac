/** Who could decide this waiver now, and why the others may not. It promises nothing: each decision asks again. */
import type { Command } from 'commander'
import { routingLines } from '../output/routing.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'
import { waiverArgument, waiverId } from './shared.ts'

export function addEligible(program: Command, registry: Registry): void {
  program
    .command('eligible')
    .summary('who could decide a waiver now')
    .description(
      'Lists who may decide, in the order in which to ask, and why each other member of the pools may not, with the path that proves it.',
    )
    .argument(...waiverArgument)
    .action(
      performs<object, [string]>(registry, async (call, _, text) => {
        const session = await sessionOf(call)
        const id = await waiverId(session, text)
        const routing = answered(await session.client.eligible(id), id)
        return { document: routing, lines: routingLines(call.page, routing) }
      }),
    )
}
