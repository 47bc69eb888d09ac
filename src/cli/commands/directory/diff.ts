/** What would reading the sources now change? Has the server read them and puts nothing into force. */
import type { Command } from 'commander'
import type { DirectoryDiffView } from '../../../client/index.ts'
import { named } from '../../output/names.ts'
import type { Page } from '../../output/page.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

const words = {
  change: 'would change',
  none: 'no change',
  unreadable: 'unreadable',
  hold: 'would be held',
} as const satisfies Record<DirectoryDiffView['sources'][number]['outcome'], string>

export function addDiff(parent: Command, registry: Registry): void {
  parent
    .command('diff')
    .summary('what would an import change?')
    .description(
      'Has the server read its configured sources and shows what would come, end, or be described otherwise, with the source that says so. Nothing is put into force. Ends with 7 when a source could not be read, or would be held because it suddenly says much less.',
    )
    .action(
      performs(registry, async (call) => {
        const { client } = await sessionOf(call)
        const diff = answered(await client.diffDirectory())
        return { document: diff, lines: diffLines(call.page, diff), exit: diff.complete ? 'done' : 'checksFailed' }
      }),
    )
}

function diffLines(
  { paint }: Page,
  { sources, added, removed, changed, counts, names }: DirectoryDiffView,
): readonly string[] {
  const lines = [
    ...sources.flatMap(({ kind, source, outcome, problems }) => [
      `${outcome === 'unreadable' || outcome === 'hold' ? paint.bad(words[outcome]) : words[outcome]}  ${visible(source ?? kind)}`,
      ...problems.map((problem) => `  ${visible(problem)}`),
    ]),
    '',
    ...factLines(added, names).map((line) => paint.good(`+ ${line}`)),
    ...factLines(removed, names).map((line) => paint.bad(`- ${line}`)),
    ...changed.map(
      ({ before, after }) =>
        `~ ${visible(after.id)}: ${describing(before)} → ${describing(after)}, says ${visible(after.source)}`,
    ),
  ]
  const hidden =
    counts.added +
    counts.removed +
    counts.changed -
    (lines.length - sources.length - 1 - sources.flatMap(({ problems }) => problems).length)
  return [
    ...lines,
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
    `${counts.added} come, ${counts.removed} end, ${counts.changed} described otherwise; ${counts.turnsAdded} turns of duty come, ${counts.turnsRemoved} are called off`,
  ]
}

function factLines(
  { nodes, relations, access }: DirectoryDiffView['added'],
  names: DirectoryDiffView['names'],
): readonly string[] {
  return [
    ...nodes.map((node) => `${visible(node.id)}  ${describing(node)}, says ${visible(node.source)}`),
    ...relations.map(
      ({ from, relation, to, source }) =>
        `${named(from, names)} —${visible(relation.replaceAll('-', ' '))}→ ${named(to, names)}, says ${visible(source)}`,
    ),
    ...access.map(
      ({ holder, system, entitlement, source }) =>
        `${named(holder, names)} holds ${visible(entitlement)} on ${named(system, names)}, says ${visible(source)}`,
    ),
  ]
}

function describing({
  kind,
  name,
  external,
  workloadKind,
  until,
}: DirectoryDiffView['added']['nodes'][number]): string {
  const more = [workloadKind, external === true ? 'external' : undefined, until === undefined ? undefined : 'gone']
  return [visible(name), ...[kind, ...more].filter((word) => word !== undefined).map(visible)].join(', ')
}
