/** Who has for good what others ask for on time. */
import type { Command } from 'commander'
import type { StandingAccessView } from '../../../client/index.ts'
import { withPrefix } from '../../../files/reference.ts'
import { wholeNumber } from '../../input/number.ts'
import { named } from '../../output/names.ts'
import type { Page } from '../../output/page.ts'
import { table } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options {
  readonly system?: string
  readonly limit: string
}

export function addStanding(parent: Command, registry: Registry): void {
  parent
    .command('standing')
    .summary('standing access to what waivers are asked for')
    .description('Who has for good, by the word of the directory, what others ask for on time.')
    .option('--system <id>', 'only on this system')
    .option('--limit <count>', 'how many at most, 1 to 1000', '100')
    .action(
      performs<Options>(registry, async (call, { system, limit }) => {
        const { client } = await sessionOf(call)
        const standing = answered(
          await client.standingAccess({
            ...(system === undefined ? {} : { system: withPrefix('sys', system) }),
            limit: String(wholeNumber(limit, '--limit', 1, 1_000)),
          }),
        )
        return { document: standing, lines: standingLines(call.page, standing) }
      }),
    )
}

type Row = StandingAccessView['standing'][number]

function standingLines(page: Page, { standing, more, names }: StandingAccessView): readonly string[] {
  if (standing.length === 0) return ['the directory states no standing access to anything that waivers are asked for']
  const columns = [
    { title: 'Who', cell: ({ holder }: Row) => named(holder, names) },
    { title: 'What', cell: ({ entitlement, system }: Row) => `${visible(entitlement)} on ${named(system, names)}` },
    { title: 'By the word of', cell: ({ source }: Row) => visible(source) },
  ]
  return [...table(page, columns, standing), ...(more > 0 ? [`there are ${more} more`] : [])]
}
