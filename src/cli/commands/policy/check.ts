/** Will these rules work with these people? Offline, from files: what is wrong in them, and where nobody could decide. */
import type { Command } from 'commander'
import { checkPolicy, type Finding, type PeopleNeeded, peopleNeeded } from '../../../core/check-policy.ts'
import { instantOf } from '../../../core/time.ts'
import type { Call } from '../../context.ts'
import { placeIn, readPolicyAt, requirePlace } from '../../input/folder.ts'
import type { Page } from '../../output/page.ts'
import { problemsShown } from '../../output/problems.ts'
import { table } from '../../output/table.ts'
import { quoted, visible } from '../../output/visible.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'

interface Options {
  readonly policy?: string
  readonly directory?: string
}

export function addCheck(parent: Command, registry: Registry): void {
  parent
    .command('check')
    .summary('check policy files, with the people of a directory')
    .description(
      'Reads policy files and says what is wrong, line by line. With a directory it also says how many people each tier needs and has, and finds requests nobody independent could decide. Ends with 7 when something is wrong. No server is asked.',
    )
    .argument('[folder]', 'folder with `policy.yaml` or `policy/`, and `directory.yaml` or `directory/`', '.')
    .option('--policy <path>', 'the policy file or folder, when it is elsewhere')
    .option('--directory <path>', 'the directory file or folder, when it is elsewhere')
    .action(performs<Options, [string]>(registry, check))
}

async function check(call: Call, options: Options, folder: string): Promise<Shown> {
  const read = await readPolicyAt(await requirePlace(folder, 'policy', options.policy))
  if ('problems' in read) return problemsShown(call.page, read.problems)
  const place = options.directory ?? (await placeIn(folder, 'directory'))
  if (place === undefined) {
    const lines = [
      call.page.paint.good('the files are a policy'),
      'no directory was given, so nobody was counted; name one with --directory',
    ]
    return { document: { readable: true, problems: [], findings: [], tiers: [] }, lines }
  }
  const now = instantOf(call.context.nowMillis())
  const directory = await (await call.context.handIns()).directoryFromFiles(place, now)
  if ('problems' in directory) return problemsShown(call.page, directory.problems)
  const findings = checkPolicy(read.policy, directory.facts, now)
  const tiers = peopleNeeded(read.policy, directory.facts, now)
  return {
    document: { readable: true, problems: [], findings, tiers },
    lines: [...tierLines(call.page, tiers), '', ...findingLines(call.page, findings)],
    exit: findings.some(({ severity }) => severity === 'high') ? 'checksFailed' : 'done',
  }
}

export function tierLines(page: Page, tiers: readonly PeopleNeeded[]): readonly string[] {
  const need = ({ needed, has }: { readonly needed: number; readonly has: number | undefined }) =>
    needed === 0 ? '' : `${needed} of ${has === undefined ? 'the owners' : has}`
  return table(
    page,
    [
      { title: 'Tier', cell: ({ tier }) => visible(tier) },
      { title: 'Endorse', cell: ({ endorsers }) => need(endorsers) },
      { title: 'Countersign', cell: ({ countersigners }) => need(countersigners) },
      { title: 'Extend', cell: ({ extenders }) => need(extenders) },
      { title: 'Review', cell: ({ reviewers }) => need(reviewers) },
      { title: 'Different people in all', cell: ({ together }) => String(together) },
    ],
    tiers,
  )
}

export function findingLines({ paint }: Page, findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [paint.good('nothing was found')]
  const brush = { high: paint.bad, medium: paint.warn, low: paint.faint }
  return findings.flatMap(({ severity, about, code, message, advice }) => [
    `${brush[severity](severity)} ${quoted(about)}: ${visible(message)} ${paint.faint(`(${code})`)}`,
    `  next: ${visible(advice)}`,
  ])
}
