/** Who is this? Looks people, teams, workloads and systems up by part of a name, or shows one with its relations. */

import { type Command, Option } from 'commander'
import type { NodeDetail, NodeView } from '../../../client/index.ts'
import { wholeNumber } from '../../input/number.ts'
import { fields } from '../../output/fields.ts'
import { instantIn } from '../../output/moments.ts'
import { named } from '../../output/names.ts'
import type { Page } from '../../output/page.ts'
import { table } from '../../output/table.ts'
import { quoted, visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

const kinds = ['person', 'account', 'team', 'workload', 'system', 'rota'] as const

interface Options {
  readonly kind?: (typeof kinds)[number]
  readonly limit: string
}

export function addFind(parent: Command, registry: Registry): void {
  parent
    .command('find')
    .summary('look somebody or something up')
    .description(
      'Looks for part of a name, an id or a login. An exact id, such as `per_maria`, is shown with its relations, as far as you may see them.',
    )
    .argument('<text>', 'part of a name, or an id')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(kinds))
    .option('--limit <count>', 'how many at most, 1 to 100', '20')
    .action(
      performs<Options, [string]>(registry, async (call, { kind, limit }, text) => {
        const { client } = await sessionOf(call)
        if (/^(?:per|acc|team|wl|sys|rota)_/.test(text)) {
          const node = await client.node(text)
          if (node.ok) return { document: node.value, lines: nodeLines(call.page, node.value) }
          if (node.problem.code !== 'unknown-node') answered(node)
        }
        const found = answered(
          await client.nodes({
            search: text,
            limit: wholeNumber(limit, '--limit', 1, 100),
            ...(kind === undefined ? {} : { kind }),
          }),
        )
        const columns = [
          { title: 'Id', cell: ({ id }: NodeView) => visible(id) },
          { title: 'Kind', cell: ({ kind: is }: NodeView) => visible(is) },
          { title: 'Name', cell: ({ name }: NodeView) => visible(name) },
          {
            title: 'Account',
            cell: ({ on, login }: NodeView) => (login === undefined ? '' : `${quoted(login)} on ${visible(on ?? '?')}`),
          },
          { title: '', cell: ({ until }: NodeView) => (until === undefined ? '' : 'gone') },
        ]
        const more = found.more ? ['there are more; search more exactly'] : []
        return {
          document: found,
          lines:
            found.nodes.length === 0 ? ['nothing was found'] : [...table(call.page, columns, found.nodes), ...more],
        }
      }),
    )
}

function nodeLines(page: Page, { node, accounts, relations, names }: NodeDetail): readonly string[] {
  const when = (instant: string) => instantIn(instant, page.timeZone)
  return [
    page.paint.strong(named(node.id, { ...names, [node.id]: node.name })),
    ...fields(page, [
      [
        'Kind',
        visible(node.kind) +
          (node.external === true ? ', external' : '') +
          (node.workloadKind === undefined ? '' : `, ${visible(node.workloadKind)}`),
      ],
      ['Until', node.until === undefined ? [] : when(node.until)],
      ['Accounts', accounts.map(({ login, on }) => `${quoted(login ?? '?')} on ${visible(on ?? '?')}`)],
      [
        'Relations',
        relations === undefined
          ? 'not shown to you'
          : relations.map(
              ({ from, relation, to, source, until, confirmed }) =>
                `${named(from, names)} —${visible(relation.replaceAll('-', ' '))}→ ${named(to, names)}, says ${visible(source)}${until === undefined ? '' : `, until ${when(until)}`}${confirmed === false ? ', not confirmed' : ''}`,
            ),
      ],
    ]),
  ]
}
