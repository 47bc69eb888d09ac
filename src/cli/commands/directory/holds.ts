/** Sources whose word is held because they suddenly say much less: which, and what they would take away. */
import type { Command } from 'commander'
import type { HoldDetail, HoldView } from '../../../client/index.ts'
import { instantSeen } from '../../output/moments.ts'
import { named } from '../../output/names.ts'
import type { Page } from '../../output/page.ts'
import { table } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addHolds(parent: Command, registry: Registry): void {
  parent
    .command('holds')
    .summary('sources that suddenly say much less')
    .description(
      'Lists sources whose word is held because they suddenly lack many people, teams or memberships. Their last good facts stay in force, and grow old. With a source it shows who would be gone.',
    )
    .argument('[source]', 'id of a source')
    .action(
      performs<object, [string | undefined]>(registry, async (call, _, source) => {
        const { client } = await sessionOf(call)
        const { page } = call
        if (source !== undefined) {
          const detail = answered(await client.hold(source))
          return { document: detail, lines: holdLines(page, detail) }
        }
        const all = answered(await client.holds())
        const columns = [
          { title: 'Source', cell: (one: HoldView) => visible(one.source) },
          { title: 'State', cell: (one: HoldView) => visible(one.status), paint: page.paint.bad },
          { title: 'Since', cell: (one: HoldView) => instantSeen(one.since, page) },
          ...(['people', 'teams', 'memberships'] as const).map((what) => ({
            title: `${what.slice(0, 1).toUpperCase()}${what.slice(1)} gone`,
            cell: ({ gone }: HoldView) => share(gone[what]),
          })),
        ]
        const none = [page.paint.good('every source is believed')]
        return { document: all, lines: all.holds.length === 0 ? none : table(page, columns, all.holds) }
      }),
    )
}

export function holdLines(page: Page, { hold, people, teams, names }: HoldDetail): readonly string[] {
  const { paint } = page
  const { source, status, since, gone, end } = hold
  const state = status === 'held' || status === 'rejected' ? paint.bad(visible(status)) : visible(status)
  return [
    `${paint.strong(visible(source))} is ${state} since ${instantSeen(since, page)}`,
    `it suddenly lacks ${share(gone.people)} people, ${share(gone.teams)} teams, ${share(gone.memberships)} memberships`,
    ...(end === undefined ? [] : [`settled by ${named(end.by, names)}: ${visible(end.reason)}`]),
    ...listed('People who would be gone', people, names),
    ...listed('Teams that would be gone', teams, names),
  ]
}

function listed(title: string, ids: readonly string[] | undefined, names: HoldDetail['names']): readonly string[] {
  return ids === undefined || ids.length === 0 ? [] : ['', `${title}:`, ...ids.map((id) => `  ${named(id, names)}`)]
}

function share({ gone, of }: HoldView['gone']['people']): string {
  return `${gone} of ${of}`
}
