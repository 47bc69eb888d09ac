/** One holder looked at closely: conflicts, how each side is held, the least to give up, and what more access would add. */
import type { Command } from 'commander'
import { holderReport } from '../../../core/duties.ts'
import { prefixOf, withPrefix } from '../../../files/reference.ts'
import { type DutiesOptions, dutiesFilesOptions, dutiesFrom } from '../../input/duties-files.ts'
import { holderLines } from '../../output/duties-lines.ts'
import { problemsShown } from '../../output/problems.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'
import { several } from '../shared.ts'

interface Options extends DutiesOptions {
  readonly adding?: readonly string[]
}

export function addShow(parent: Command, registry: Registry): void {
  const command = parent
    .command('show')
    .summary('one holder: through what, by whom, and the least to give up')
    .description(
      'Shows every conflict of a holder with the way to each side, by which team, workload or waiver they come to hold it, the least they must give up, and with --adding what more access would add.',
    )
    .argument('<holder>', 'a person or workload; in a list of assignments, the name that stands there')
    .option(
      '--adding <entitlement>',
      'also say what holding this would add, as `sys_erp/vendors-write`; may be repeated',
      several,
    )
  dutiesFilesOptions(command).action(
    performs<Options, [string]>(registry, async (call, options, name) => {
      const files = await dutiesFrom(call, options)
      if (files !== undefined && 'problems' in files) return problemsShown(call.page, files.problems)
      const adding = options.adding ?? []
      if (files !== undefined) {
        const { holdings, covers, now, names, origins } = files.value
        const holder = options.assignments === undefined ? idOf(name) : name
        const report = holderReport(holdings, covers, holder, origins(holder), adding, now)
        return { document: { ...report, names }, lines: holderLines(call.page, report, names) }
      }
      const { client } = await sessionOf(call)
      const query = adding.length === 0 ? {} : { adding: [...adding] }
      const { names, ...report } = answered(await client.dutyHolder(idOf(name), query))
      return { document: { ...report, names }, lines: holderLines(call.page, report, names) }
    }),
  )
}

function idOf(name: string): string {
  return prefixOf(name) === undefined ? withPrefix('per', name) : name
}
