/** Changes to the rules, newest first; with an id, one of them in full. */
import type { Command } from 'commander'
import type { ChangeView } from '../../../client/index.ts'
import { changeLines } from '../../output/change-lines.ts'
import { instantSeen } from '../../output/moments.ts'
import { named } from '../../output/names.ts'
import { differenceLines } from '../../output/rules.ts'
import { table } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { changeDetail } from './change.ts'

export function addChanges(parent: Command, registry: Registry): void {
  parent
    .command('changes')
    .summary('changes to the rules')
    .description('Lists changes to the rules, newest first. With an id it shows one in full.')
    .argument('[change]', 'id of a change, `chg_…`')
    .action(
      performs<object, [string | undefined]>(registry, async (call, _, id) => {
        const session = await sessionOf(call)
        const { page } = call
        if (id !== undefined) {
          const detail = await changeDetail(session, id)
          const lines = [
            ...changeLines(page, detail.change, detail.names),
            '',
            ...differenceLines(page, detail.change.differences),
          ]
          return { document: detail, lines }
        }
        const all = answered(await session.client.changes())
        const columns = [
          { title: 'Change', cell: (one: ChangeView) => visible(one.id) },
          { title: 'State', cell: (one: ChangeView) => visible(one.status) },
          { title: 'By', cell: (one: ChangeView) => named(one.author, all.names) },
          { title: 'Proposed', cell: (one: ChangeView) => instantSeen(one.at, page) },
          {
            title: 'In force',
            cell: (one: ChangeView) => (one.effectiveAt === undefined ? '' : instantSeen(one.effectiveAt, page)),
          },
          { title: 'Differences', cell: (one: ChangeView) => String(one.differences.length) },
          {
            title: 'Looser',
            cell: (one: ChangeView) => String(one.differences.filter(({ direction }) => direction === 'looser').length),
          },
        ]
        return { document: all, lines: all.changes.length === 0 ? ['no changes'] : table(page, columns, all.changes) }
      }),
    )
}
