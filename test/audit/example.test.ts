/** The example that people try first: every way an approval can fail once, with the conclusion it has to come to. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditDirectory } from '../../src/audit/judge/directory.ts'
import type { AuditDirectory } from '../../src/audit/judge/then.ts'
import { parseCsv } from '../../src/audit/read/csv.ts'
import { writeCsv } from '../../src/audit/render/csv.ts'
import { jsonReport } from '../../src/audit/render/json.ts'
import { writePage } from '../../src/audit/render/page/write.ts'
import { textReport } from '../../src/audit/render/text.ts'
import { type AuditReport, figure } from '../../src/audit/report.ts'
import { runAudit } from '../../src/audit/run.ts'
import { directoryYaml } from '../../src/connectors/directory-yaml/source.ts'

const example = join(import.meta.dirname, '../../examples/audit')
const now = '2025-11-01T00:00:00.000Z'

let directory: AuditDirectory
let report: AuditReport
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-audit-'))
  const snapshot = await directoryYaml({ source: 'harbour', path: join(example, 'directory.yaml') }).read(now)
  directory = auditDirectory([snapshot], { coversFrom: '2025-01-01T00:00:00.000Z' })
  report = await audited(join(example, 'history.jsonl'))
})
afterAll(() => rm(folder, { recursive: true }))

async function audited(history: string, mapper?: string): Promise<AuditReport> {
  const audit = await runAudit({ histories: [history], directory, ...(mapper === undefined ? {} : { mapper }) })
  if ('problems' in audit)
    throw new Error(audit.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'))
  return audit.value
}

test('every conclusion of the example', () => {
  const told = report.rows.act.flatMap(({ act, judgement }) => {
    if (judgement === undefined || act.change === 'CHG-190' || act.change === 'CHG-199') return []
    const codes = judgement.approvers.flatMap(({ conflicts }) => conflicts.map(({ code }) => code))
    const by = act.approvedBy === undefined ? '?' : act.approvedBy.join(' ')
    return [[act.day, act.beneficiary, 'by', by, judgement.conclusion, codes.join(' ')].join(' ').trim()]
  })
  expect(told).toEqual([
    '2024-12-18 nora by ruth unknown',
    '2025-02-03 nora by ruth independent',
    '2025-02-17 ivo by ivo not-independent is-requester is-beneficiary on-requesting-team',
    '2025-03-04 salma by nora not-independent on-requesting-team in-reporting-line',
    '2025-03-13 salma by nora not-independent on-requesting-team in-reporting-line',
    '2025-03-18 nora by petra not-independent on-granting-team',
    '2025-03-24 salma by nora not-independent on-requesting-team in-reporting-line',
    '2025-04-01 loading-bot by ivo not-independent is-requester controls-beneficiary on-requesting-team in-reporting-line',
    '2025-04-08 loading-bot by ruth independent',
    '2025-04-15 ivo by loading-bot not-independent not-a-person',
    '2025-04-22 dax by nora not-independent is-requester in-delegation-chain on-requesting-team in-reporting-line',
    '2025-04-24 salma by salma not-independent is-requester is-beneficiary on-requesting-team',
    '2025-05-06 ruth by ruth-admin not-independent same-person-other-account on-requesting-team',
    '2025-05-13 ivo by m.stone unknown',
    '2025-05-20 ivo by  not-independent',
    '2025-06-03 salma by ? unknown',
    '2025-06-16 nora by jonas not-independent on-requesting-team',
    '2025-07-01 mei by ruth independent',
    '2025-07-03 ruth by mei independent',
    '2025-07-08 mei by ruth independent',
    '2025-07-10 ruth by mei independent reciprocal',
    '2025-07-15 mei by ruth independent reciprocal',
    '2025-08-11 nora by jonas independent',
  ])
})

test('the other findings of the example', () => {
  const counts = Object.fromEntries(report.figures.map(({ code, count }) => [code, count]))
  expect(counts).toMatchObject({
    'one-person': 4,
    'own-benefit': 2,
    'nobody-approved': 1,
    'no-end': 1,
    'past-when-granted': 1,
    'impossible-end': 1,
    extended: 13,
    'extended-after-end': 11,
    'extended-in-bulk': 10,
    'extended-alone': 1,
    'end-moved-unrecorded': 1,
    'removed-late': 4,
    'open-past-end': 2,
    'open-without-end': 1,
    'machine-decided': 1,
    'second-missing': 2,
    'no-reason': 1,
  })
  expect(figure(report, 'others-available').count).toBe(figure(report, 'not-independent').count)
})

test('the export of a ticket system, by the mapper that lies beside it', async () => {
  const tickets = await audited(join(example, 'tickets.csv'), join(example, 'mapper.ts'))
  expect(tickets.rows.act.map(({ act, judgement }) => [act.change, act.kind, judgement?.conclusion])).toEqual([
    ['T-9001', 'granted', 'independent'],
    ['T-9002', 'removed', undefined],
    ['T-9003', 'granted', 'not-independent'],
    ['T-9004', 'granted', 'independent'],
    ['T-9005', 'end-changed', 'not-independent'],
  ])
  expect(tickets.rows.act[0]?.act.reason).toBe('Manifests, and "special" cargo')
})

test('every row is in the CSV files, with the figures that count it', async () => {
  await writeCsv(report, join(folder, 'rows'))
  const names = await readdir(join(folder, 'rows'))
  expect(names.sort()).toContain('acts.csv')
  const acts = parseCsv(await readFile(join(folder, 'rows', 'acts.csv'), 'utf8'))
  if ('problem' in acts) throw new Error(acts.problem.message)
  expect(acts.rows).toHaveLength(report.about.actsCount)
  for (const { code, of, count } of report.figures) {
    const counted = acts.rows.filter(({ cells }) => cells.Figures?.split(' ').includes(code))
    if (of === 'act') expect(counted, code).toHaveLength(count)
  }
})

test('the page lies beside its CSV files, and leads to them', async () => {
  const [page = '', ...rows] = await writePage(report, join(folder, 'out', 'audit.html'))
  expect(rows).toContain(join(folder, 'out', 'audit-rows', 'acts.csv'))
  const text = await readFile(page, 'utf8')
  const links = [...text.matchAll(/href="(\.[^"]*)"/g)].map(([, to = '']) =>
    join(folder, 'out', decodeURIComponent(to)),
  )
  expect(links.length).toBeGreaterThan(0)
  for (const link of links) expect(existsSync(link), link).toBe(true)
  const elsewhere = await writePage(report, join(folder, 'out', 'b.html'), join(folder, 'rows of all'))
  expect(await readFile(elsewhere[0] ?? '', 'utf8')).toContain('href="./../rows%20of%20all/')
})

test('JSON holds the same numbers, and terminals the same sentences', () => {
  const document = JSON.parse(JSON.stringify(jsonReport(report)))
  expect(document.version).toBe(1)
  expect(document.answers).toHaveLength(10)
  expect(document.rows.acts).toHaveLength(report.about.actsCount)
  const lines = textReport(report).join('\n')
  for (const { question } of document.answers) expect(lines).toContain(question)
})

test('the history of the example says the same as CSV', async () => {
  const fields = [
    'at',
    'act',
    'beneficiary',
    'grant',
    'system',
    'entitlement',
    'change',
    'askedBy',
    'approvedBy',
    'enteredBy',
    'machines',
    'until',
    'untilBefore',
    'reason',
    'reference',
    'sponsor',
  ]
  const lines = readFileSync(join(example, 'history.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const cell = (value: unknown) =>
    value === undefined ? '' : value === null ? '-' : Array.isArray(value) ? value.join(';') || '-' : `${value}` || '-'
  const csv = [
    fields.join(','),
    ...lines.map((line) => fields.map((field) => `"${cell(line[field])}"`).join(',')),
  ].join('\r\n')
  await writeFile(join(folder, 'history.csv'), csv)
  const same = await audited(join(folder, 'history.csv'))
  // A line that stands alone is named after its file.
  const withoutPlaces = (one: AuditReport) =>
    one.figures.map(({ code, count, total, unknownCount }) => [code, count, total, unknownCount])
  expect(withoutPlaces(same)).toEqual(withoutPlaces(report))
})
