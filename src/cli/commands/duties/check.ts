/** Who holds a conflict of duties today, and what answers for it? Of a server, or of files with the same functions. */
import type { Command } from 'commander'
import { dutiesReport } from '../../../core/duties.ts'
import type { Call } from '../../context.ts'
import { type DutiesOptions, dutiesFilesOptions, dutiesFrom } from '../../input/duties-files.ts'
import { wholeNumber } from '../../input/number.ts'
import { type DutiesReport, dutiesLines } from '../../output/duties-lines.ts'
import type { Names } from '../../output/page.ts'
import { problemLines, problemsShown } from '../../output/problems.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

interface Options extends DutiesOptions {
  readonly rule?: string
  readonly holder?: string
  readonly uncovered?: boolean
  readonly limit: string
  readonly failOn?: boolean
}

export function addCheck(parent: Command, registry: Registry): void {
  const command = parent
    .command('check')
    .summary('who holds a conflict, and what covers it')
    .description(
      'Counts every conflict by rule, then shows who holds each and through what, those that nothing covers first. Entitlements that break a rule by themselves, covers of nothing, and access that no rule describes are listed as well.',
    )
    .option('--rule <id>', 'only this rule')
    .option('--holder <id>', 'only this holder')
    .option('--uncovered', 'only conflicts that nothing covers')
    .option('--limit <number>', 'conflicts shown', '50')
    .option('--fail-on-uncovered', 'end with 7 when a conflict is covered by nothing, for pipelines')
  dutiesFilesOptions(command).action(
    performs<Options & { readonly failOnUncovered?: boolean }>(registry, async (call, options) => {
      const found = await reportFrom(call, options)
      if ('problems' in found) return problemsShown(call.page, found.problems)
      const { report, names, notes } = found
      const failed = options.failOnUncovered === true && report.totals.uncovered > 0
      return {
        document: { ...report, names },
        lines: [...dutiesLines(call.page, report, names), ...noteLines(call, notes)],
        exit: failed ? 'checksFailed' : 'done',
      } satisfies Shown
    }),
  )
}

async function reportFrom(call: Call, options: Options) {
  const limit = wholeNumber(options.limit, '--limit', 1, 100_000)
  const asked = {
    ...(options.rule === undefined ? {} : { rule: options.rule }),
    ...(options.holder === undefined ? {} : { holder: options.holder }),
  }
  const files = await dutiesFrom(call, options)
  if (files !== undefined && 'problems' in files) return files
  if (files !== undefined) {
    const { holdings, covers, now, names, notes } = files.value
    const report: DutiesReport = dutiesReport(holdings, covers, now, {
      ...asked,
      uncovered: options.uncovered === true,
      rowsMax: limit,
    })
    return { report, names, notes }
  }
  const { client } = await sessionOf(call)
  const uncovered = options.uncovered === true ? 'true' : 'false'
  const { names, ...report } = answered(
    await client.duties({ ...asked, uncovered, limit: String(Math.min(limit, 1_000)) }),
  )
  return { report: report as DutiesReport, names: names as Names, notes: [] }
}

function noteLines({ page }: Call, notes: Parameters<typeof problemLines>[1]): readonly string[] {
  return notes.length === 0
    ? []
    : ['', page.paint.faint('What the files say and these rules do not:'), ...problemLines(page, notes)]
}
