/** How far the beginning of this installation has come. */
import type { Command } from 'commander'
import { foundingLines } from '../../output/founding.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addShow(parent: Command, registry: Registry): void {
  parent
    .command('show')
    .summary('how far the beginning has come')
    .description('Shows the founders, who of them has accepted the first policy, and whether the clock is steady.')
    .action(
      performs(registry, async (call) => {
        const { client } = await sessionOf(call)
        const founding = answered(await client.founding())
        return { document: founding, lines: foundingLines(call.page, founding) }
      }),
    )
}
