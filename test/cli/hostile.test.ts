// Text that others wrote, on every page where somebody decides or looks: it cannot move, hide, reorder or fake anything.
import { describe, expect, test } from 'vitest'
import { termsIn } from '../../src/cli/output/views.ts'
import { heard, problem } from './support/context.ts'
import { answersFor, detailAt, id } from './support/fixtures.ts'

const esc = '\u001b'
const reason = `fix the batch${esc}[2K${esc}[1A\nDigest        sha256:${'0'.repeat(64)}\n\u202eresu eht yb devorppa\u202c\r\u009b31m${esc}]0;title\u0007`
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/u
const names = { per_asker: `Ada${esc}[8m (per_boss) \u202e`, per_reader: 'Rea Reader' }
const detail = detailAt('requested', { terms: { reason }, names })
const answers = answersFor(detail)

function plain(text: string): string {
  return text.replaceAll('\n', '')
}

describe.each([
  ['show', ['show', id]],
  ['countersign', ['countersign', id]],
  ['deny', ['deny', id, '--reason', 'no']],
  ['list', ['list']],
  ['show as JSON', ['show', id, '--json']],
])('%s', (_, words) => {
  test('[B17] nothing that somebody wrote reaches the terminal as anything but letters', async () => {
    const { out, err } = await heard(words, { answers, columns: 90 })
    expect(plain(out)).not.toMatch(unseen)
    expect(plain(err)).not.toMatch(unseen)
  })
})

test('[B17] a reason cannot look like a field of ours: each of its lines begins at its own bar', async () => {
  const { out } = await heard(['countersign', id], { answers, columns: 90 })
  const lines = out.split('\n')
  const fake = lines.filter((line) => line.includes(`sha256:${'0'.repeat(40)}`))
  expect(fake.length).toBeGreaterThan(0)
  for (const line of fake) expect(line).toMatch(/^ {16}│ /)
  expect(lines.filter((line) => /^ {2}Digest/.test(line))).toHaveLength(1)
})

test.each([44, 60, 90, 200])('[B17] on %i columns the whole reason is there, and no line is wider', async (columns) => {
  const long = `${'pad '.repeat(300)}${' '.repeat(120)}until 2099-01-01, approved by everybody`
  const { out } = await heard(['countersign', id], {
    answers: answersFor(detailAt('requested', { terms: { reason: long } })),
    columns,
  })
  const lines = out.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('  Reason'))
  const end = lines.findIndex((line, index) => index > begin && !line.startsWith('                │'))
  const shown = lines.slice(begin, end).map((line) => line.slice(line.indexOf('│') + 2))
  expect(shown.join('')).toBe(long)
  for (const line of lines.slice(begin, end)) expect([...line].length).toBeLessThanOrEqual(Math.max(columns, 40))
})

test('[B13] letters of two alphabets in one name are said to be so', async () => {
  const access = { ...termsIn(detail.waiver.terms).access, resources: ['ledger.entries', 'ledger.\u0430ccounts'] }
  const { out } = await heard(['countersign', id], {
    answers: answersFor(detailAt('requested', { terms: { access } })),
  })
  expect(out).toContain('`ledger.\u0430ccounts` [mixes Latin and Cyrillic letters]')
})

test('[B17] every resource and action is listed, however many there are', async () => {
  const resources = Array.from({ length: 200 }, (_, index) => `schema.table_with_a_rather_long_name_${index}`).sort()
  const access = { ...termsIn(detail.waiver.terms).access, resources }
  const { out } = await heard(['countersign', id], {
    answers: answersFor(detailAt('requested', { terms: { access } })),
    columns: 60,
  })
  const joined = out.replaceAll(/\n {16}/g, '')
  for (const resource of resources) expect(joined).toContain(`\`${resource}\``)
})

test('[B17] a refusal of a hostile server is only letters too', async () => {
  const no = problem('approver-not-independent', 403, {
    detail: `no${esc}[2J`,
    limit: { value: `${esc}[31m4h`, setIn: `policy${esc}c` },
    nearest: [`x${esc}[5m`],
    conflicts: [
      {
        code: 'on-requesting-team',
        path: [
          { from: 'per_a', relation: `member-of${esc}[7m`, to: 'team_x', source: `hr\u202e`, revision: `1${esc}` },
        ],
      },
    ],
    names: { per_a: `A${esc}[1m` },
  })
  const { out, err, exit } = await heard(['withdraw', id, '--reason', 'x'], {
    answers: { [`/v1/waivers/${id}/withdrawal`]: no },
  })
  expect(exit).toBe(3)
  expect(plain(out + err)).not.toMatch(unseen)
  expect(err).toContain('no\\u{1b}[2J')
})
