/** Are these directory files right? Offline: what is wrong in them, line by line. */
import type { Command } from 'commander'
import { instantOf } from '../../../core/time.ts'
import { requirePlace } from '../../input/folder.ts'
import { problemsShown } from '../../output/problems.ts'
import { performs, type Registry } from '../../perform.ts'

export function addCheck(parent: Command, registry: Registry): void {
  parent
    .command('check')
    .summary('check directory files')
    .description(
      'Reads directory files and says what is wrong, line by line. Ends with 7 when something is. No server is asked.',
    )
    .argument('[folder]', 'folder with `directory.yaml` or `directory/`', '.')
    .option('--directory <path>', 'the directory file or folder, when it is elsewhere')
    .action(
      performs<{ readonly directory?: string }, [string]>(registry, async (call, options, folder) => {
        const place = await requirePlace(folder, 'directory', options.directory)
        const { directoryFromFiles } = await call.context.handIns()
        const read = await directoryFromFiles(place, instantOf(call.context.nowMillis()))
        if ('problems' in read) return problemsShown(call.page, read.problems)
        const { nodes, relations, shifts } = read.facts
        const counts = { nodes: nodes.length, relations: relations.length, shifts: shifts.length }
        return {
          document: { readable: true, problems: [], counts },
          lines: [
            `${call.page.paint.good('the files are a directory')}: ${counts.nodes} nodes, ${counts.relations} relations, ${counts.shifts} turns of duty`,
          ],
        }
      }),
    )
}
