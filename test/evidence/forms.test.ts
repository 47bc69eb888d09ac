/** Every form of evidence is what its standard says, says the same as the others, and lets no text become anything else. */
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import {
  actsCsv,
  controlsCsv,
  evidencePage,
  ocsfEvent,
  ocsfLines,
  oscalDocument,
  reportOf,
} from '../../src/evidence/index.ts'
import { lifeAt } from '../support/life.ts'
import { ocsfProblems } from './ocsf-schema.ts'
import { drifted, feedOf, openedEnvelope, period, wholeLife, withBodies } from './recorded-lives.ts'

const records = [
  ...feedOf([wholeLife(), openedEnvelope(), lifeAt('denied'), lifeAt('suspended')]),
  // Found and never answered.
  ...drifted().slice(0, 1),
]
const about = {
  installation: 'https://countersign.test',
  madeAt: '2027-01-02T00:00:00.000Z',
  version: '0.0.0',
  period,
  names: { per_asker: 'Ann <script>alert(1)</script>', per_sam: '=cmd|calc' },
}
const good = reportOf({ ...about, records })
const bad = reportOf({
  ...about,
  records: withBodies(records, 'ExtensionCountersigned', (body) => ({ ...body, by: 'per_sam' })),
})

const ajv = new Ajv({ allErrors: true, strict: false })
addFormats.default(ajv)
const isOscal = ajv.compile(
  JSON.parse(readFileSync(new URL('schemas/oscal-assessment-results-1.2.1.json', import.meta.url), 'utf8')) as object,
)

test('[evidence/frameworks] OSCAL assessment results are valid against the published schema, and twice the same', () => {
  for (const report of [good, bad]) {
    const document = oscalDocument(report)
    isOscal(document)
    expect(isOscal.errors ?? []).toEqual([])
    expect(oscalDocument(report)).toEqual(document)
  }
  expect(isOscal({ ...oscalDocument(good), more: 1 })).toBe(false)
})

test('[evidence/frameworks] OSCAL says what was examined, and what did not hold with its event', () => {
  const text = JSON.stringify(oscalDocument(bad))
  expect(text).toContain('"state":"not-satisfied","reason":"fail"')
  expect(text).toMatch(/evt_01\.\d+: per_sam had given the time before/)
  expect(text).toContain('"control-id":"nhi1-2025"')
  expect(text).toContain('"control-id":"ac-6.9"')
})

test('[evidence/frameworks] every recorded event is an OCSF event of the published schema', () => {
  const lines = ocsfLines(good).trimEnd().split('\n')
  expect(lines.length).toBe(records.length)
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const event of events) expect(ocsfProblems(event), JSON.stringify(event)).toEqual([])
  const classes = Map.groupBy(events, ({ class_uid }) => class_uid)
  expect([...classes.keys()].sort()).toEqual([3005, 6003])
  const access = classes
    .get(3005)
    ?.map(({ activity_id, metadata }) => [activity_id, (metadata as { event_code: string }).event_code])
  expect(access).toContainEqual([1, 'AccessActivated'])
  expect(access).toContainEqual([2, 'RemovalVerified'])
})

test('the check of OCSF events finds what is wrong', () => {
  const event = ocsfEvent(records[0] as (typeof records)[0], { installation: 'x', version: '1' })
  expect(ocsfProblems({ ...event, colour: 'red' })).toEqual(['colour: is unknown'])
  expect(ocsfProblems({ ...event, activity_id: 77 }).join()).toContain('activity_id: 77 is not in the list')
  const { time: _, ...timeless } = event
  expect(ocsfProblems(timeless)).toEqual(['time: is required'])
  expect(ocsfProblems({ ...event, actor: {} }).join()).toContain('needs one of')
})

test('OCSF carries ids and codes, and nothing that people wrote', () => {
  expect(JSON.stringify(records)).toContain('batch 7 was posted twice')
  expect(ocsfLines(good)).not.toContain('batch 7')
  expect(ocsfLines(good)).not.toContain('Ann')
})

test('[B17] the page and the sheets keep names inert, and the page loads nothing', () => {
  const page = evidencePage(bad)
  expect(page).not.toContain('<script')
  expect(page).toContain("default-src 'none'")
  expect(page).not.toMatch(/(?:src|href)="(?!#)/)
  expect(actsCsv(good)).toContain("'=cmd|calc")
})

test('[drift/found] what had drifted is in every form', () => {
  const event = 'evt_d.1'
  const { observations } = (
    oscalDocument(good)['assessment-results'] as {
      results: { observations: { title: string; 'relevant-evidence'?: { description: string }[] }[] }[]
    }
  ).results[0] ?? { observations: [] }
  const observed = observations.find(({ title }) => title === 'drift/found')
  expect(observed?.['relevant-evidence']?.[0]?.description).toMatch(/^evt_d\.1: access-without-waiver was found/)
  expect(controlsCsv(good)).toMatch(/^drift\/found,.*did-not-hold/m)
  expect(actsCsv(good)).toContain(event)
  expect(evidencePage(good)).toContain(event)
  const line = ocsfLines(good)
    .split('\n')
    .find((one) => one.includes(event))
  expect(JSON.parse(line ?? '{}')).toMatchObject({ severity_id: 3, metadata: { event_code: 'DriftFound' } })
})

test('all forms say the same', () => {
  const failed = bad.examined.filter(({ state }) => state === 'did-not-hold').map(({ control }) => control)
  expect(failed).toContain('extension/new-approval')
  const csv = controlsCsv(bad)
  for (const control of failed) expect(csv).toMatch(new RegExp(`^${control},.*did-not-hold`, 'm'))
  const findings = (
    oscalDocument(bad)['assessment-results'] as {
      results: { findings: { title: string; target: { status: { state: string } } }[] }[]
    }
  ).results[0]?.findings
  expect(findings?.filter(({ target }) => target.status.state === 'not-satisfied').map(({ title }) => title)).toEqual(
    failed,
  )
  for (const control of failed) expect(evidencePage(bad)).toContain(`id="${control.replace('/', '-')}"`)
})
