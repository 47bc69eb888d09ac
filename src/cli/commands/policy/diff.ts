/** What would change if these files came into force? Files against the rules in force. */
import type { Command } from 'commander'
import { readPolicyAt, requirePlace } from '../../input/folder.ts'
import { type Comparison, compareWithForce } from '../../input/rules.ts'
import { named } from '../../output/names.ts'
import type { Names, Page } from '../../output/page.ts'
import { problemsShown } from '../../output/problems.ts'
import { differenceLines } from '../../output/rules.ts'
import { performs, type Registry } from '../../perform.ts'
import { answered, sessionOf } from '../../session.ts'

export function addDiff(parent: Command, registry: Registry): void {
  parent
    .command('diff')
    .summary('compare files with the rules in force')
    .description(
      'Compares policy files with the rules in force, field by field. Whatever is not plainly tighter counts as looser.',
    )
    .argument('[folder]', 'folder with `policy.yaml` or `policy/`', '.')
    .option('--policy <path>', 'the policy file or folder, when it is elsewhere')
    .action(
      performs<{ readonly policy?: string }, [string]>(registry, async (call, options, folder) => {
        const read = await readPolicyAt(await requirePlace(folder, 'policy', options.policy))
        if ('problems' in read) return problemsShown(call.page, read.problems)
        const { client } = await sessionOf(call)
        const inForce = answered(await client.policy())
        const comparison = compareWithForce(inForce, read.policy)
        return {
          document: { base: inForce.digest, ...comparison },
          lines: comparisonLines(call.page, comparison, inForce.names),
        }
      }),
    )
}

export function comparisonLines(
  page: Page,
  { differences, admits, complete }: Comparison,
  names: Names,
): readonly string[] {
  return [
    ...(differences.length === 0 ? ['no differences'] : differenceLines(page, differences)),
    ...admits.map((id) => page.paint.warn(`comes into a pool by it: ${named(id, names)}`)),
    ...(complete ? [] : [page.paint.warn('settings of connectors are not compared: you may not see them')]),
  ]
}
