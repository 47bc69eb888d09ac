/**
 * `npm run mutate -- [words…]`: takes one rule after the other out of a copy of this checkout, runs the tests that must
 * notice, and says which stayed green. With words only the mutations in whose control, rule or file one of them occurs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Mutation, mutations } from './mutations.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Whatever tests read beside what they test. */
const copied = ['src', 'test', 'docs', 'examples', 'schemas', 'package.json', 'tsconfig.json', 'vitest.config.ts']

interface Ran {
  readonly failed: readonly string[]
  readonly passedCount: number
  /** When nothing was run at all, what was said instead. */
  readonly output: string
}

async function copyOfCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-mutated-'))
  for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

async function run(folder: string, { control, tests }: Mutation): Promise<Ran> {
  const only = control === undefined ? [] : ['--testNamePattern', `\\[${control}\\]`]
  const report = join(folder, 'report.json')
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--reporter=json', '--outputFile', report, '--bail', '1', ...only, ...tests],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = once(child, 'exit')
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  await ended
  const said = await readFile(report, 'utf8').catch(() => '{"testResults":[]}')
  await rm(report, { force: true })
  const results = (JSON.parse(said) as { testResults: { assertionResults: { fullName: string; status: string }[] }[] })
    .testResults
  const all = results.flatMap(({ assertionResults }) => assertionResults)
  return {
    failed: all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName.trim()),
    passedCount: all.filter(({ status }) => status === 'passed').length,
    output: `${out}${err}`,
  }
}

/** @returns whether somebody noticed. */
async function mutated(folder: string, mutation: Mutation): Promise<boolean> {
  const { control = 'no control of its own', without, file, search, replace } = mutation
  const path = join(folder, file)
  const before = await readFile(path, 'utf8')
  await writeFile(
    path,
    before.replace(search, () => replace),
  )
  const { failed, passedCount, output } = await run(folder, mutation)
  await writeFile(path, before)
  const what = `${control}: without ${without}`
  if (failed.length > 0) console.log(`red    ${what}\n       ${failed[0]}`)
  else if (passedCount > 0) console.log(`GREEN  ${what}\n       ${passedCount} tests passed all the same`)
  else console.log(`?      ${what}\n       no test ran: ${output.slice(-600)}`)
  return failed.length > 0
}

const words = process.argv.slice(2)
const chosen = mutations.filter(
  ({ control = '', without, file }) =>
    words.length === 0 || words.some((word) => `${control} ${without} ${file}`.includes(word)),
)
const folder = await copyOfCheckout()
try {
  let unnoticed = 0
  for (const mutation of chosen) if (!(await mutated(folder, mutation))) unnoticed++
  console.log(`\n${chosen.length} rules taken out, ${unnoticed} of them unnoticed`)
  process.exitCode = unnoticed === 0 && chosen.length > 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
