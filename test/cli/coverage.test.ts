// Coverage from files, as a platform team tries it first: the map, the picture, the reasons, the exit code.
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { CoverageView } from '../../src/client/index.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { countersign, type Ran } from './support/command.ts'

const scratch = scratchFolder('cli-coverage')
const files = (name: string) => ['--directory', resolve('examples', name), '--policy', resolve('examples', name)]
const when = ['--from', '2026-11-30T00:00Z', '--time-zone', 'Europe/London']

afterAll(() => scratch.dispose())

function coverage(...words: string[]): Promise<Ran> {
  return countersign(['coverage', ...words], { home: scratch.folder })
}

test('[on-call/never-both-sides] the real rota: solid nights, the path, and who would have to be on duty', async () => {
  const svg = join(scratch.folder, 'maps', 'on-call.svg')
  const ran = await coverage(
    ...files('on-call'),
    ...when,
    '--team',
    'modernisation-platform',
    '--weeks',
    '1',
    '--svg',
    svg,
  )
  expect(ran).toMatchObject({ exit: 0 })
  const monday = ran.out.split('\n').find((line) => line.startsWith('Mon 30 Nov  '))
  expect(monday).toBe(`Mon 30 Nov  ${'██'.repeat(9)}${' 1'.repeat(8)}${'██'.repeat(7)}`)
  expect(ran.out).toContain('128 of 168 hours are uncovered')
  expect(ran.out).toContain('—member of→ Modernisation Platform')
  expect(ran.out).toContain('computed again with the change: nothing is uncovered')
  const picture = await readFile(svg, 'utf8')
  expect(picture.match(/class="none"/g)?.length).toBeGreaterThan(100)
  expect(picture).not.toMatch(/<script|href="http/)
})

test('the picture in docs/coverage.md is what is drawn of the real rota', async () => {
  const svg = join(scratch.folder, 'maps', 'four-weeks.svg')
  const ran = await coverage(...files('on-call'), ...when, '--team', 'modernisation-platform', '--svg', svg)
  expect(ran).toMatchObject({ exit: 0 })
  expect(ran.out).toContain('552 of 672 hours are uncovered')
  const page = await readFile(resolve('docs/coverage.md'), 'utf8')
  expect(page).toContain('552 of 672 hours')
  expect(page).toContain('(coverage-on-call.svg)')
  // `vitest run test/cli/coverage.test.ts -u` draws it anew.
  await expect(await readFile(svg, 'utf8')).toMatchFileSnapshot(resolve('docs/coverage-on-call.svg'))
})

test('everybody at once, as JSON and with an exit code for a pipeline', async () => {
  const ran = await coverage(...files('acme'), ...when, '--weeks', '1', '--json', '--fail-on', 'uncovered')
  expect(ran).toMatchObject({ exit: 7 })
  const { totals, rows, remedy } = ran.json<CoverageView>()
  expect(rows).toHaveLength(totals.rows)
  expect(remedy).toMatchObject({ search: 'exact', after: 0 })
})

test.each([
  [['--team', 'modernization-platform'], 'did you mean `team_modernisation-platform`'],
  [['--team', 'security', '--rota', 'primary'], 'name one of --team, --rota, --workload and --workloads'],
  [['--time-zone', 'London'], '--time-zone `London` is no time zone'],
  [['--weeks', '13'], '--weeks `13` is no whole number from 1 to 12'],
])('%j is answered with what to do', async (words, sentence) => {
  const ran = await coverage(...files('on-call'), ...words)
  expect(ran).toMatchObject({ exit: 2 })
  expect(ran.err).toContain(sentence)
})
