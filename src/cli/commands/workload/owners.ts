/** Claims of ownership on record. */
import type { Command } from 'commander'
import { assertionLines } from '../../output/assertion-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addOwners(parent: Command, registry: Registry): void {
  parent
    .command('owners')
    .summary('claims of ownership on record')
    .description('Who has said that they own which workload, and who confirmed it. Open claims first.')
    .action(
      performs(registry, async (call) => {
        const { client } = await sessionOf(call)
        const claims = answered(await client.ownerships())
        const { ownerships, more, names } = claims
        const lines = ownerships.flatMap((claim, index) => [
          ...(index === 0 ? [] : ['']),
          ...assertionLines(call.page, claim, names),
        ])
        const none = ['no claim of ownership is on record']
        const rest = more > 0 ? ['', `there are ${more} more`] : []
        return { document: claims, lines: lines.length === 0 ? none : [...lines, ...rest] }
      }),
    )
}
