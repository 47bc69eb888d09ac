/** `countersign export` reads the whole feed or nothing, and its exit code says whether everything held. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { heard } from '../cli/support/context.ts'
import { scratchFolder } from '../support/scratch-folder.ts'
import { feedOf, openedEnvelope, wholeLife, withBodies } from './recorded-lives.ts'

const records = feedOf([wholeLife(), openedEnvelope()])
const answersWith = (kept: readonly unknown[]) => ({
  '/v1/feed': { records: kept, next: records.length - 1, last: records.length - 1, names: {} },
})
const nowMillis = Date.parse('2026-11-22T20:00:00Z')
const during = ['--from', '2026-11-01T00:00Z', '--to', '2026-11-22T20:00Z']

let scratch: ReturnType<typeof scratchFolder>
beforeAll(() => {
  scratch = scratchFolder('export')
})
afterAll(() => scratch.dispose())

test('shows what held, and ends with 0', async () => {
  const ran = await heard(['export', ...during], { answers: answersWith(records), nowMillis })
  expect(ran).toMatchObject({ exit: 0 })
  expect(ran.out).toContain('✔ held')
  expect(ran.out).toMatch(/extension\/new-approval\s+✔ held\s+1 extensions/)
  expect(ran.out).not.toContain('✘')
})

test('[extension/new-approval] says what did not hold, and ends with 7', async () => {
  const bent = withBodies(records, 'ExtensionCountersigned', (body) => ({ ...body, by: 'per_sam' }))
  const ran = await heard(['export', ...during], { answers: answersWith(bent), nowMillis })
  expect(ran).toMatchObject({ exit: 7 })
  expect(ran.out).toMatch(/✘ extension\/new-approval {2}evt_01\.\d+: per_sam had given the time before/)
})

test('[fail/closed] whoever may read only a part of the record gets nothing, and hears whom to ask', async () => {
  const ran = await heard(['export', ...during], { answers: answersWith(records.slice(1)), nowMillis })
  expect(ran).toMatchObject({ exit: 3, out: '' })
  expect(ran.err).toContain('a part of it proves nothing')
  expect(ran.err).toContain('security pool')
})

test.each([
  ['oscal', '"oscal-version": "1.2.1"'],
  ['html', 'Every one of the'],
  ['controls', 'extension/new-approval,'],
  ['acts', ',evt_01.1,'],
  ['ocsf', '"class_uid":3005'],
])('writes %s', async (format, holds) => {
  const file = join(scratch.folder, `evidence.${format}`)
  const words = ['export', ...during, '--format', format, '--out', file]
  expect(await heard(words, { answers: answersWith(records), nowMillis })).toMatchObject({ exit: 0 })
  expect(await readFile(file, 'utf8')).toContain(holds)
})

test('a control that is none is asked for again', async () => {
  const ran = await heard(['export', ...during, '--control', 'review/afer'], {
    answers: answersWith(records),
    nowMillis,
  })
  expect(ran).toMatchObject({ exit: 2 })
  expect(ran.err).toContain('review/after')
})
