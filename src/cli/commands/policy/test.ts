/** Do the rules answer as their owners expect? Runs policy cases offline, with the functions that decide for real. */
import type { Command } from 'commander'
import { type DirectoryFacts, emptyDirectory } from '../../../core/directory.ts'
import { readCases } from '../../../files/cases.ts'
import { readYamlFiles } from '../../../files/folder.ts'
import { readUseCases } from '../../../files/use-cases.ts'
import type { Problem } from '../../../files/yaml.ts'
import { runUseCases } from '../../cases/uses.ts'
import type { Call } from '../../context.ts'
import { readPolicyAt, requirePlace } from '../../input/folder.ts'
import { conflictLines } from '../../output/conflicts.ts'
import type { Names, Page } from '../../output/page.ts'
import { problemsShown } from '../../output/problems.ts'
import { visible } from '../../output/visible.ts'
import { performs, type Registry, type Shown } from '../../perform.ts'
import { type CaseResult, runCases } from '../../run-cases.ts'

interface Options {
  readonly policy?: string
  readonly directory?: string
  readonly cases?: string
}

export function addTest(parent: Command, registry: Registry): void {
  parent
    .command('test')
    .summary('run policy cases')
    .description(
      'Runs the cases of a folder against its policy and directory, each at its own moment, and says what came out otherwise than expected, with the path that proves it; uses are asked of the guardrails. Ends with 7 when a case fails. No server is asked.',
    )
    .argument('[folder]', 'folder with `policy`, `directory` and `cases`, each a `.yaml` file or a folder', '.')
    .option('--policy <path>', 'the policy file or folder, when it is elsewhere')
    .option('--directory <path>', 'the directory file or folder, when it is elsewhere')
    .option('--cases <path>', 'the file or folder of cases, when it is elsewhere')
    .action(performs<Options, [string]>(registry, test))
}

async function test(call: Call, options: Options, folder: string): Promise<Shown> {
  const read = await readPolicyAt(await requirePlace(folder, 'policy', options.policy))
  if ('problems' in read) return problemsShown(call.page, read.problems)
  const files = await readYamlFiles(await requirePlace(folder, 'cases', options.cases))
  const cases = 'problems' in files ? files : readCases(files.value)
  if ('problems' in cases) return problemsShown(call.page, cases.problems)
  const uses = 'problems' in files ? files : readUseCases(files.value)
  if ('problems' in uses) return problemsShown(call.page, uses.problems)
  const directory = await requirePlace(folder, 'directory', options.directory)
  const { directoryFromFiles } = await call.context.handIns()
  const reader = directoryReader((at) => directoryFromFiles(directory, at))
  const results = [
    ...(await runCases(cases.value, read.policy, reader.at)),
    ...(await runUseCases(uses.value, read.policy, reader.at)),
  ]
  if (reader.problems.length > 0) return problemsShown(call.page, reader.problems)
  const failed = results.filter(({ passed }) => !passed).length
  return {
    document: { passed: results.length - failed, failed, cases: results },
    lines: [
      ...results.flatMap((result) => resultLines(call.page, result, reader.names())),
      '',
      summary(call.page, results.length, failed),
    ],
    exit: failed > 0 ? 'checksFailed' : 'done',
  }
}

/** Who is on duty depends on the moment, so the directory is read anew for each day that a case is about. */
function directoryReader(
  read: (at: string) => Promise<{ readonly facts: DirectoryFacts } | { readonly problems: readonly Problem[] }>,
) {
  const days = new Map<string, Promise<DirectoryFacts>>()
  let problems: readonly Problem[] = []
  let names: Names = {}
  const readDay = async (at: string) => {
    const directory = await read(at)
    if ('problems' in directory) {
      problems = directory.problems
      return emptyDirectory
    }
    names = Object.fromEntries(directory.facts.nodes.map(({ id, name }) => [id, name]))
    return directory.facts
  }
  return {
    at: (moment: string) => {
      const day = moment.slice(0, 10)
      const known = days.get(day) ?? readDay(moment)
      days.set(day, known)
      return known
    },
    names: () => names,
    get problems() {
      return problems
    },
  }
}

function resultLines(page: Page, { name, where, passed, differences }: CaseResult, names: Names): readonly string[] {
  if (passed) return [`${page.paint.good('pass')}  ${visible(name)}`]
  return [
    `${page.paint.bad('FAIL')}  ${visible(name)}  ${page.paint.faint(visible(where))}`,
    ...differences.flatMap(({ about, message, conflicts }) => [
      `      ${about}: ${visible(message)}`,
      ...conflictLines(page, conflicts ?? [], names, 8),
    ]),
  ]
}

function summary({ paint }: Page, all: number, failed: number): string {
  return failed === 0 ? paint.good(`${all} of ${all} pass`) : paint.bad(`${failed} of ${all} fail`)
}
