// The audit as somebody tries it first: the real command line, on files, with no server and nothing set up.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../support/scratch-folder.ts'
import { sharedData } from '../support/shared-data.ts'
import { countersign, type Ran } from './support/command.ts'

const scratch = scratchFolder('cli-audit')
const example = resolve('examples/audit')
const history = join(example, 'history.jsonl')
const known = ['--directory', join(example, 'directory.yaml'), '--covers-from', '2025-01-01']

afterAll(() => scratch.dispose())

function audit(...words: string[]): Promise<Ran> {
  return countersign(['audit', ...words], { home: scratch.folder })
}

interface Document {
  readonly about: { readonly mapper: string }
  readonly figures: readonly { readonly code: string; readonly count: number; readonly unknownCount: number }[]
  readonly answers: readonly { readonly question: string }[]
}

test('the example in the terminal: ten questions, the paths behind a figure, and an exit code for a pipeline', async () => {
  const told = await audit(history, ...known)
  expect(told).toMatchObject({ exit: 0 })
  expect(told.out).toContain('1. Did people approve their own changes, or their own access? they did')
  expect(told.out).toContain('10. Is there a reason on record')
  const rows = await audit(history, ...known, '--rows', 'not-independent', '--fail-on', 'independent')
  expect(rows).toMatchObject({ exit: 7 })
  expect(rows.out).toContain('—member of→')
  expect(rows.out).toContain('independent at the time')
  expect(rows.out).toContain('failed on `independent`')
})

test('one page and every row beside it, and the same as JSON', async () => {
  const written = await audit(history, ...known, '--html', 'out/audit.html', '--json')
  const { files, answers } = written.json<Document & { readonly files: readonly string[] }>()
  expect(answers).toHaveLength(10)
  for (const file of files) expect(existsSync(join(scratch.folder, file)), file).toBe(true)
  const page = await readFile(join(scratch.folder, 'out/audit.html'), 'utf8')
  for (const { question } of answers) expect(page).toContain(question)
})

test('a mapper of one’s own, loaded by its path', async () => {
  const tickets = await audit(join(example, 'tickets.csv'), '--mapper', join(example, 'mapper.ts'), ...known, '--json')
  const { about, figures } = tickets.json<Document>()
  expect(about.mapper).toBe('tickets')
  expect(figures.find(({ code }) => code === 'not-independent')).toMatchObject({ count: 2 })
})

describe('what is wrong is said with what to do', () => {
  test.each([
    [['--mapper', 'collaborator'], 7, 'did you mean `collaborators`'],
    [['--covers-from', '2025-01-01'], 2, 'name one with --directory'],
    [['--as-of', '2025-02-30'], 2, '--as-of `2025-02-30` is no day'],
    [['--rows', 'own-entri'], 2, 'did you mean `own-entry`'],
    [['--directory', 'nowhere.yaml'], 7, 'nowhere.yaml:1:1: cannot be read'],
  ])('%j', async (words, exit, sentence) => {
    const ran = await audit(history, ...words)
    expect(ran).toMatchObject({ exit })
    expect(ran.out + ran.err).toContain(sentence)
  })

  test('a form that one of the mappers reads names that mapper first', async () => {
    const ran = await audit(resolve('src/audit/fixture/collaborators.jsonl'))
    expect(ran).toMatchObject({ exit: 7 })
    expect(ran.out.split('\n')[0]).toContain('name it with --mapper collaborators')
  })
})

const real = sharedData('production-root-history-to-2019.jsonl', 'the command on a real history')
test.skipIf(!real.isThere)('a real history with no directory at all: nobody is called independent', async () => {
  const { figures } = (await audit(real.path, '--mapper', 'production-root', '--json')).json<Document>()
  expect(figures.find(({ code }) => code === 'independent')).toMatchObject({ count: 0 })
  expect(figures.find(({ code }) => code === 'not-independent')?.unknownCount).toBeGreaterThan(0)
})
