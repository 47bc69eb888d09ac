import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '../../../test/audit/support.ts'
import { plain } from '../mappers/plain.ts'
import { runAudit } from '../run.ts'
import { historyOf, readHistory } from './history.ts'
import { mapperOf } from './mapper.ts'

const jsonl = (...lines: readonly unknown[]) => ({
  name: 'h.jsonl',
  text: lines.map((line) => JSON.stringify(line)).join('\n'),
})
const problems = (text: string, name = 'h.jsonl') => {
  const read = historyOf([{ name, text }], plain)
  return 'problems' in read ? read.problems.map(({ where, message }) => `${where} ${message}`) : []
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-audit-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a line is an act, with the place where it stands', () => {
  const read = historyOf([jsonl(record(), record({ act: 'removed', at: '2026-11-08T10:00:00+01:00' }))], plain)
  expect('value' in read && read.value.acts).toMatchObject([
    { index: 0, place: 'h.jsonl:1', change: 'h.jsonl:1', kind: 'granted', month: '2026-11' },
    { index: 1, place: 'h.jsonl:2', kind: 'removed', day: '2026-11-08', at: '2026-11-08T09:00:00.000Z' },
  ])
})

test('left out is not said, null is none, and blank reasons are none', () => {
  const read = historyOf(
    [jsonl(record({ until: undefined, reason: undefined }), record({ until: null, reason: '  ' }))],
    plain,
  )
  const [first, second] = 'value' in read ? read.value.acts : []
  expect(first).toMatchObject({ until: 'unknown' })
  expect(first).not.toHaveProperty('reason')
  expect(second).toMatchObject({ until: 'none', reason: null })
})

test('[B14] every mistake is told with its line, and nothing is read beside it', () => {
  expect(problems('{"at"')).toEqual(['h.jsonl:1:1 is not a line of JSON'])
  expect(problems(JSON.stringify({ ...record(), approvdBy: ['ann'] }))).toEqual([
    'h.jsonl:1:1 the field `approvdBy` is not known; did you mean `approvedBy`?',
  ])
  expect(problems(JSON.stringify({ ...record(), until: 'soon' }))).toEqual([
    'h.jsonl:1:1 `until` is `soon`, expected a date such as 2026-11-22 or an instant such as 2026-11-22T10:00:00Z',
  ])
  expect(problems(JSON.stringify(record({ beneficiary: undefined })))).toEqual([
    'h.jsonl:1:1 name the `beneficiary`, or the `grant` it is about',
  ])
  expect(problems('')).toEqual(['h.jsonl:1:1 holds no act'])
})

test('CSV says the same as JSONL', () => {
  const text = [
    'at,act,beneficiary,system,entitlement,askedBy,approvedBy,until,reason',
    '2026-11-01T09:00:00Z,granted,ann,ledger,write,ann; bob,rob,2026-11-08,correct the books',
    '2026-11-02,granted,ann,ledger,read,,-,-,-',
  ].join('\n')
  const read = historyOf([{ name: 'h.CSV', text }], plain)
  expect('value' in read && read.value.acts).toMatchObject([
    { askedBy: ['ann', 'bob'], approvedBy: ['rob'], until: { day: '2026-11-08' } },
    { approvedBy: [], until: 'none', reason: null, place: 'h.CSV:3' },
  ])
  expect('value' in read && read.value.acts[1]).not.toHaveProperty('askedBy')
})

test('an unknown column is refused, with the one that was probably meant', () => {
  expect(problems('at,act,beneficary\n2026-11-01,granted,ann', 'h.csv')[0]).toBe(
    'h.csv:1:1 the column `beneficary` is not known; did you mean `beneficiary`?',
  )
})

test('several files are put in order by time, each keeping its own', async () => {
  const at = (day: string, beneficiary: string) => JSON.stringify(record({ at: `2026-11-${day}`, beneficiary }))
  const files = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')]
  await writeFile(files[0] as string, [at('02', 'a1'), at('05', 'a2'), at('03', 'a3')].join('\n'))
  await writeFile(files[1] as string, [at('01', 'b1'), at('04', 'b2')].join('\n'))
  const read = await readHistory(files, plain)
  expect('value' in read && read.value.acts.map(({ beneficiary }) => beneficiary)).toEqual([
    'b1',
    'a1',
    'b2',
    'a2',
    'a3',
  ])
})

test('a mapper that does not exist is refused, with the one that was probably meant', async () => {
  const read = await mapperOf('colaborators')
  expect('problems' in read && read.problems[0]?.message).toBe(
    'no mapper is called `colaborators`; there are plain, collaborators, production-root, or name a file such as ./mapper.ts; did you mean `collaborators`?',
  )
})

test('a mapper of one’s own is loaded by its path, and what it throws is told with the line', async () => {
  const mapper = join(folder, 'own.mjs')
  await writeFile(
    mapper,
    `export const mapper = { name: 'own', about: 'lines of who and whom', open: () => (row) => {
      if (row.who === 'x') throw new Error('x is nobody')
      return [{ at: row.at, act: 'granted', beneficiary: row.who, askedBy: [row.who], approvedBy: [row.by] }]
    } }`,
  )
  const history = join(folder, 'own.jsonl')
  await writeFile(history, '{"at":"2026-11-01","who":"ann","by":"ann"}\n{"at":"2026-11-02","who":"bob","by":"rob"}')
  const report = await runAudit({ histories: [history], mapper })
  expect('value' in report && report.value.rows.act.map(({ judgement }) => judgement?.conclusion)).toEqual([
    'not-independent',
    'unknown',
  ])
  await writeFile(history, '{"at":"2026-11-01","who":"x"}')
  expect(await runAudit({ histories: [history], mapper })).toEqual({
    problems: [{ where: `${history}:1:1`, message: 'the mapper could not read it: x is nobody' }],
  })
})

test('a file that is no mapper, or returns no records, is refused', async () => {
  const empty = join(folder, 'empty.mjs')
  await writeFile(empty, 'export const other = 1')
  const loaded = await mapperOf(empty)
  expect('problems' in loaded && loaded.problems[0]?.message).toMatch(/^does not export `mapper`/)
  const missing = await mapperOf('./nowhere.ts')
  expect('problems' in missing && missing.problems[0]?.message).toMatch(/^cannot be loaded/)
  const wrong = historyOf([jsonl({})], { name: 'w', about: '', open: () => () => 'nothing' as never })
  expect('problems' in wrong && wrong.problems[0]?.message).toBe('the mapper returned no list of records')
  const unchecked = historyOf([jsonl({})], { name: 'w', about: '', open: () => () => [{ act: 'given' } as never] })
  expect('problems' in unchecked && unchecked.problems.length).toBeGreaterThan(1)
})

test('a file that cannot be read is a problem, never an empty history', async () => {
  const read = await readHistory([join(folder, 'nowhere.jsonl')], plain)
  expect('problems' in read && read.problems[0]?.message).toBe('cannot be read: ENOENT')
})
