/** Turns rules from elsewhere into sections of a policy file. Nothing is in force by it: the file is a proposal like any other. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Command, Option } from 'commander'
import { severities } from '../../../core/duties.ts'
import { policySections, readRulesFile } from '../../../files/duty-rules/index.ts'
import { readText } from '../../../files/folder.ts'
import type { Call } from '../../context.ts'
import { placeIn, readPolicyAt } from '../../input/folder.ts'
import { problemLines, problemsShown } from '../../output/problems.ts'
import { quoted, visible } from '../../output/visible.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { several } from '../shared.ts'

interface Options {
  readonly tier: string
  readonly control?: readonly string[]
  readonly severity: (typeof severities)[number]
  readonly policy?: string
  readonly out?: string
}

export function addImport(parent: Command, registry: Registry): void {
  parent
    .command('import')
    .summary('rules from elsewhere as sections of a policy')
    .description(
      'Reads ERP risks or sets of toxic permissions, whichever the file holds, and writes them as `functions` and `dutyRules` of a policy file. With --policy only duties that its entitlements list are kept, as a policy takes no others; what is left out is named. No server is asked, and nothing is in force by it.',
    )
    .argument('<file>', 'the rules, as JSON')
    .requiredOption('--tier <id>', 'tier of an exception under these rules')
    .option('--control <id>', 'a control that every rule takes; may be repeated', several)
    .addOption(
      new Option('--severity <severity>', 'for files that say nothing of how bad it is')
        .choices([...severities])
        .default('high'),
    )
    .option('--policy <path>', 'keep only duties that this policy lists: a file, or a folder that holds it')
    .option('--out <file>', 'write the sections there instead of showing them')
    .action(performs<Options, [string]>(registry, importRules))
}

async function importRules(call: Call, options: Options, path: string): Promise<Shown> {
  const { page } = call
  const text = await readText(path)
  const controls = options.control ?? []
  const read = 'problems' in text ? text : readRulesFile(text.value, { controls, severity: options.severity })
  if ('problems' in read) return problemsShown(page, read.problems)
  const duties = await dutiesIn(options.policy)
  if (duties !== undefined && 'problems' in duties) return problemsShown(page, duties.problems)
  const { form, rules } = read.value
  const sections = policySections(rules, {
    tier: options.tier,
    ...(options.control === undefined ? {} : { controls }),
    ...(duties === undefined ? {} : { duties: duties.value }),
  })
  if (options.out !== undefined) {
    await mkdir(dirname(options.out), { recursive: true })
    await writeFile(options.out, sections.yaml)
  }
  const { counts, notes } = rules
  const summary = [
    `${page.paint.good('read')}: ${counts.rules} rules of ${counts.functions} functions and ${counts.duties} duties, in the form of ${form === 'erp' ? 'ERP risks' : 'toxic permissions'}`,
    `${sections.rulesCount} of them can stand in a policy`,
    ...sections.leftOut.map(({ rule, why }) => `${page.paint.warn('left out')}: ${visible(rule)}: ${visible(why)}`),
    ...problemLines(page, notes),
    ...(options.out === undefined ? [] : [`${page.paint.good('written')}: ${quoted(options.out)}`]),
  ]
  if (options.out === undefined) for (const line of summary) call.screen.progress(line)
  return {
    document: { form, counts, rulesCount: sections.rulesCount, leftOut: sections.leftOut, notes, yaml: sections.yaml },
    lines: options.out === undefined ? sections.yaml.trimEnd().split('\n').map(visible) : summary,
  }
}

async function dutiesIn(place: string | undefined) {
  if (place === undefined) return undefined
  const read = await readPolicyAt((await placeIn(place, 'policy')) ?? place)
  if ('problems' in read) return read
  const entitlements = Object.values(read.policy.systems).flatMap((system) => Object.values(system.entitlements))
  return { value: new Set(entitlements.flatMap((one) => one.duties)) }
}
