/** Which workloads are there, and who answers for each? */
import type { Command } from 'commander'
import { withPrefix } from '../../../files/reference.ts'
import { wholeNumber } from '../../input/number.ts'
import { workloadTable } from '../../output/workload-lines.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options {
  readonly orphaned?: boolean
  readonly limit: string
  readonly after?: string
}

export function addList(parent: Command, registry: Registry): void {
  parent
    .command('list', { isDefault: true })
    .summary('workloads, and who answers for each')
    .description('Lists workloads in the order of their ids. An orphan is one that nobody who is here owns.')
    .option('--orphaned', 'only those that nobody owns')
    .option('--limit <count>', 'how many at most, 1 to 1000', '100')
    .option('--after <workload>', 'go on after this one')
    .action(
      performs<Options>(registry, async (call, { orphaned, limit, after }) => {
        const { client } = await sessionOf(call)
        const page = answered(
          await client.workloads({
            ...(orphaned === true ? { orphaned: 'true' as const } : {}),
            ...(after === undefined ? {} : { after: withPrefix('wl', after) }),
            limit: String(wholeNumber(limit, '--limit', 1, 1_000)),
          }),
        )
        return { document: page, lines: workloadTable(call.page, page) }
      }),
    )
}
