/** Access that exists, or should, on targets, as it was last seen there. */

import { type Command, Option } from 'commander'
import type { GrantPage, GrantView } from '../../client/index.ts'
import { withPrefix } from '../../files/reference.ts'
import { wholeNumber } from '../input/number.ts'
import { grantLines, stateOf } from '../output/grant-lines.ts'
import { instantSeen } from '../output/moments.ts'
import { named } from '../output/names.ts'
import type { Page } from '../output/page.ts'
import { table } from '../output/table.ts'
import { visible } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'
import { answered, sessionOf } from '../session.ts'

interface Options {
  readonly system?: string
  readonly unsettled?: boolean
  readonly limit: string
  readonly after?: string
}

export function addGrants(program: Command, registry: Registry): void {
  program
    .command('grants')
    .summary('access on targets, as last seen')
    .description(
      'Lists grants of waivers you may read: what shall be true on the target and what was seen there last. With an id it shows one in full.',
    )
    .argument('[grant]', 'id of a grant, `grt_…`')
    .option('--system <id>', 'only on this system')
    .option('--unsettled', 'only those whose target was not yet seen to be as wanted')
    .option('--limit <count>', 'how many at most, 1 to 200', '50')
    .addOption(new Option('--after <grant>', 'go on after this one'))
    .action(
      performs<Options, [string | undefined]>(registry, async (call, { system, unsettled, limit, after }, grant) => {
        const { client } = await sessionOf(call)
        if (grant !== undefined) {
          const detail = answered(await client.grant(grant), grant)
          return {
            document: detail,
            lines: [`waiver ${visible(detail.grant.waiver)}`, ...grantLines(call.page, detail.grant)],
          }
        }
        const page = answered(
          await client.grants({
            ...(system === undefined ? {} : { system: withPrefix('sys', system) }),
            ...(unsettled === true ? { settled: false } : {}),
            ...(after === undefined ? {} : { after }),
            limit: wholeNumber(limit, '--limit', 1, 200),
          }),
        )
        return { document: page, lines: grantsLines(call.page, page) }
      }),
    )
}

function grantsLines(page: Page, { grants, next, names }: GrantPage): readonly string[] {
  if (grants.length === 0 && next === undefined) return ['no grants']
  const columns = [
    { title: 'Grant', cell: ({ grant }: GrantView) => visible(grant) },
    {
      title: 'On the target',
      cell: stateOf,
      paint: (text: string, { settled }: GrantView) => (settled ? page.paint.good(text) : page.paint.bad(text)),
    },
    { title: 'Account', cell: ({ account }: GrantView) => visible(account) },
    {
      title: 'Access',
      cell: ({ entitlement, system }: GrantView) => `${visible(entitlement)} on ${named(system, names)}`,
    },
    {
      title: 'Sessions',
      cell: ({ observed }: GrantView) => (observed === undefined ? '?' : String(observed.sessions.length)),
    },
    { title: 'Ends', cell: ({ until }: GrantView) => instantSeen(until, page) },
    { title: 'Waiver', cell: ({ waiver }: GrantView) => visible(waiver) },
  ]
  return [...table(page, columns, grants), ...(next === undefined ? [] : [`there are more: --after ${visible(next)}`])]
}
