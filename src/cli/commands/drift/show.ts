/** One finding, with its life. */
import type { Command } from 'commander'
import { detailLines } from '../../output/drift-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addShow(parent: Command, registry: Registry): void {
  parent
    .command('show')
    .summary('one finding, with its life')
    .description('Shows what was found, what the target said, what one does about it, and every record of it.')
    .argument('<finding>', 'id of the finding, `drf_…`')
    .action(
      performs<object, [string]>(registry, async (call, _, id) => {
        const { client } = await sessionOf(call)
        const detail = answered(await client.driftFinding(id), id)
        return { document: detail, lines: detailLines(call.page, detail) }
      }),
    )
}
