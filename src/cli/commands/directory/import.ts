/** Has the server read its directory sources now. Nothing is taken from the caller. */
import type { Command } from 'commander'
import { visible } from '../../output/visible.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { callOptions, type WriteOptions, writes } from '../shared.ts'

export function addImport(parent: Command, registry: Registry): void {
  const command = parent
    .command('import')
    .summary('read the sources now')
    .description(
      'Has the server read its configured sources now. A source that cannot be read leaves its last good facts in force until they are too old. So does one that suddenly says much less. Ends with 7 when one could not be read or is held.',
    )
  writes(command).action(
    performs<WriteOptions>(registry, async (call, options) => {
      const { client } = await sessionOf(call)
      const imported = answered(await client.importDirectory(callOptions(options)))
      const { paint } = call.page
      const lines = imported.reports.flatMap(({ kind, source, outcome, problems }) => [
        `${outcome === 'unreadable' || outcome === 'held' ? paint.bad(outcome) : paint.good(outcome)}  ${visible(source ?? kind)}`,
        ...problems.map((problem) => `  ${visible(problem)}`),
      ])
      return { document: imported, lines, exit: imported.complete ? 'done' : 'checksFailed' }
    }),
  )
}
