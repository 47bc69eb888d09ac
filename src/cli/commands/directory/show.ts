/** Which directory is in force and how old it is; or of one entry, who says what. */
import type { Command } from 'commander'
import type { DirectoryView } from '../../../client/index.ts'
import { instantSeen, spoken } from '../../output/moments.ts'
import type { Page } from '../../output/page.ts'
import { provenanceLines } from '../../output/provenance.ts'
import { table } from '../../output/table.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addShow(parent: Command, registry: Registry): void {
  parent
    .command('show')
    .summary('which directory is in force, and how old; or who says what')
    .description(
      'Shows the sources of the directory and how fresh each is. By a source that is too old nobody counts as independent. With an id, such as `per_maria`, every fact about it with each source that states it, and where sources disagree.',
    )
    .argument('[id]', 'of whom or what, such as `per_maria`')
    .action(
      performs<object, [string | undefined]>(registry, async (call, _, id) => {
        const { client } = await sessionOf(call)
        if (id !== undefined) {
          const provenance = answered(await client.provenance(id))
          return { document: provenance, lines: provenanceLines(call.page, provenance) }
        }
        const directory = answered(await client.directory())
        return { document: directory, lines: directoryLines(call.page, directory) }
      }),
    )
}

type Source = DirectoryView['sources'][number]

function directoryLines(page: Page, { revision, fresh, sources, counts }: DirectoryView): readonly string[] {
  const { paint } = page
  const columns = [
    { title: 'Source', cell: ({ id }: Source) => visible(id) },
    {
      title: 'State',
      cell: ({ stale }: Source) => (stale ? 'TOO OLD' : 'fresh'),
      paint: (text: string, { stale }: Source) => (stale ? paint.bad(text) : paint.good(text)),
    },
    { title: 'Age', cell: ({ ageSeconds }: Source) => (ageSeconds === null ? 'unknown' : spoken(ageSeconds)) },
    {
      title: 'Counts until',
      cell: ({ staleAt }: Source) => (staleAt === null ? 'unknown' : instantSeen(staleAt, page)),
    },
    { title: 'Revision', cell: ({ revision: own }: Source) => visible(own) },
  ]
  return [
    revision === undefined ? paint.bad('no directory was read yet') : `revision ${visible(revision)}`,
    `${counts.nodes} nodes, ${counts.relations} relations, ${counts.shifts} turns of duty`,
    fresh ? paint.good('fresh') : paint.bad('too old: nobody counts as independent by it'),
    ...(sources.length === 0 ? [] : ['', ...table(page, columns, sources)]),
  ]
}
