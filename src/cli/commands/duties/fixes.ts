/** Which access would have to go so that most conflicts end? It proposes; whether somebody still needs it is not its question. */
import type { Command } from 'commander'
import { fixesReport } from '../../../core/duties.ts'
import { type DutiesOptions, dutiesFilesOptions, dutiesFrom } from '../../input/duties-files.ts'
import { wholeNumber } from '../../input/number.ts'
import { fixesLines } from '../../output/duties-lines.ts'
import { problemsShown } from '../../output/problems.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options extends DutiesOptions {
  readonly all?: boolean
  readonly limit: string
  readonly drops: string
}

export function addFixes(parent: Command, registry: Registry): void {
  const command = parent
    .command('fixes')
    .summary('which access would have to go')
    .description(
      'Tries every single drop and says which ends most conflicts: entitlements, assignments, and a plan within a number of drops. Of conflicts that nothing covers, unless --all is given.',
    )
    .option('--all', 'also for conflicts that something covers')
    .option('--limit <number>', 'rows of each kind', '15')
    .option('--drops <number>', 'how many assignments the plan may take away', '20')
  dutiesFilesOptions(command).action(
    performs<Options>(registry, async (call, options) => {
      const uncovered = options.all !== true
      const rowsMax = wholeNumber(options.limit, '--limit', 1, 200)
      const dropsMax = wholeNumber(options.drops, '--drops', 1, 1_000)
      const files = await dutiesFrom(call, options)
      if (files !== undefined && 'problems' in files) return problemsShown(call.page, files.problems)
      if (files !== undefined) {
        const { holdings, covers, now, names } = files.value
        const report = fixesReport(holdings, covers, now, { uncovered, rowsMax, dropsMax })
        return { document: { ...report, names }, lines: fixesLines(call.page, report, names, uncovered) }
      }
      const { client } = await sessionOf(call)
      const query = {
        uncovered: uncovered ? 'true' : 'false',
        limit: String(rowsMax),
        drops: String(dropsMax),
      } as const
      const { names, ...report } = answered(await client.dutyFixes(query))
      return { document: { ...report, names }, lines: fixesLines(call.page, report, names, uncovered) }
    }),
  )
}
