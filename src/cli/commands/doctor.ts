/** Is this installation well? Looks at the configuration, the database, the sources, the targets and the clock. */
import type { Command } from 'commander'
import type { DoctorReport } from '../hand-ins.ts'
import { mended, type OperatorOptions, operates } from '../operator.ts'
import type { Page } from '../output/page.ts'
import { visible } from '../output/visible.ts'
import { performs, type Registry } from '../perform.ts'

export function addDoctor(program: Command, registry: Registry): void {
  const command = program
    .command('doctor')
    .summary('look for what is wrong with this installation')
    .description(
      'Looks at the configuration, the database, the directory sources, the targets and the clock, and says what to do. Ends with 7 when something is broken.',
    )
  operates(command).action(
    performs<OperatorOptions>(registry, async (call, { config }) => {
      const report = await mended((await call.context.handIns()).doctor({ config }))
      const broken = report.checks.some(({ state }) => state === 'broken')
      return { document: report, lines: doctorLines(call.page, report), exit: broken ? 'checksFailed' : 'done' }
    }),
  )
}

export function doctorLines({ paint }: Page, { checks }: DoctorReport): readonly string[] {
  const marks = { ok: paint.good('ok     '), 'worth-a-look': paint.warn('look   '), broken: paint.bad('BROKEN ') }
  return checks.flatMap(({ name, state, detail, advice }) => [
    `${marks[state]} ${visible(name)}: ${visible(detail)}`,
    ...(advice === undefined ? [] : [`        next: ${visible(advice)}`]),
  ])
}
