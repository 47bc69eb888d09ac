/** One workload, with everything that is known of it. */
import type { Command } from 'commander'
import { withPrefix } from '../../../files/reference.ts'
import { workloadLines } from '../../output/workload-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addShow(parent: Command, registry: Registry): void {
  parent
    .command('show')
    .summary('one workload, with everything that is known of it')
    .description(
      'Owners, operators, creators, who has its credential or can change it, how it signs in and since when, what it may hand on, its overrides and their last use, and claims of ownership.',
    )
    .argument('<workload>', 'id of the workload, `wl_…`')
    .action(
      performs<object, [string]>(registry, async (call, _, text) => {
        const { client } = await sessionOf(call)
        const id = withPrefix('wl', text)
        const detail = answered(await client.workload(id), id)
        return { document: detail, lines: workloadLines(call.page, detail) }
      }),
    )
}
