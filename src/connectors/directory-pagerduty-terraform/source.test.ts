import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sharedData } from '../../../test/support/shared-data.ts'
import {
  factsFrom,
  folderWith,
  problemsOf,
  sentencesOf,
  spoiled,
  undescribedIn,
} from '../../../test/support/sources.ts'
import { compileDirectory, onDuty } from '../../core/compile.ts'
import type { SourceSnapshot } from '../../core/directory.ts'
import { type DirectoryPagerdutyTerraformOptions, directoryPagerdutyTerraform } from './source.ts'

const fixture = join(import.meta.dirname, 'fixture')
const now = '2026-11-22T12:00:00.000Z'
const six = ['3914', '5411', '0915', '8541', '2780', '2606']
const people = Object.fromEntries(six.map((number) => [`local.mp_${number}`, `per_p-${number}`]))
const inbox = 'pagerduty_user.pager_duty_users["modernisation_platform"].id'

function sourceAt(path: string, more: Partial<DirectoryPagerdutyTerraformOptions> = {}) {
  const common = { source: 'rota', staleAfterSeconds: 3_600, namespace: 'pagerduty', people, nobody: [inbox] }
  return directoryPagerdutyTerraform({ ...common, path, ...more })
}

const shown = ({ shifts }: SourceSnapshot, rota: string, from: string, to: string) =>
  shifts
    .filter((shift) => shift.rota === rota && shift.start < `${to}T` && shift.end > `${from}T`)
    .map(({ person, start, end }) => `${person} ${start.slice(0, 16)} ${end.slice(0, 16)}`)

describe('a real primary and secondary rota of the same six people', () => {
  test('weeks from Monday to Monday, at seven in summer and in winter on the wall of London', async () => {
    const snapshot = await sourceAt(fixture).read(now)
    // 25 July 2022 was a Monday in summer: 06:00 UTC was 07:00 there.
    expect(shown(snapshot, 'rota_pagerduty.primary', '2026-10-20', '2026-11-08')).toEqual([
      'per_p-2606 2026-10-19T06:00 2026-10-26T07:00',
      'per_p-3914 2026-10-26T07:00 2026-11-02T07:00',
      'per_p-5411 2026-11-02T07:00 2026-11-09T07:00',
    ])
    expect(shown(snapshot, 'rota_pagerduty.secondary', '2026-10-27', '2026-11-01')).toEqual([
      'per_p-0915 2026-10-26T07:00 2026-11-02T07:00',
    ])
    const spring = await sourceAt(fixture).read('2026-03-20T12:00:00.000Z')
    expect(shown(spring, 'rota_pagerduty.primary', '2026-03-24', '2026-04-05')).toEqual([
      'per_p-2606 2026-03-23T07:00 2026-03-30T06:00',
      'per_p-3914 2026-03-30T06:00 2026-04-06T06:00',
    ])
  })

  test('[on-call/never-both-sides] at every hour one person is primary and another one secondary, out of the same six', async () => {
    const snapshot = await sourceAt(fixture).read(now)
    expect(
      sentencesOf(snapshot).filter((sentence) => sentence.endsWith('on-rota rota_pagerduty.primary')),
    ).toHaveLength(6)
    expect(undescribedIn(snapshot)).toEqual(six.map((number) => `per_p-${number}`).sort())
    const directory = compileDirectory(factsFrom(now, snapshot))
    for (let hour = 0; hour < 13 * 7 * 24; hour += 5) {
      const at = new Date(Date.parse(now) + hour * 3_600_000).toISOString()
      const [primary, secondary] = ['primary', 'secondary'].map((rota) =>
        onDuty(directory, `rota_pagerduty.${rota}`, at),
      )
      expect(
        [primary, secondary].map((each) => each?.length),
        at,
      ).toEqual([1, 1])
      expect(primary, at).not.toEqual(secondary)
    }
  })

  test('the revision changes with the text and on Mondays, and nothing else does', async () => {
    const read = (at: string) => sourceAt(fixture).read(at)
    const first = await read('2026-11-23T00:00:00.000Z')
    const later = await read('2026-11-29T23:59:00.000Z')
    expect(later.shifts).toEqual(first.shifts)
    expect(later.source.revision).toBe(first.source.revision)
    expect((await read('2026-11-30T00:00:00.000Z')).source.revision).not.toBe(first.source.revision)
  })

  test('[fail/closed] a user of whom nobody says who it is, is asked about', async () => {
    const { 'local.mp_2780': _, ...others } = people
    expect(await problemsOf(sourceAt(fixture, { people: others }), now, fixture)).toEqual([
      'policy-schedules.tf:86:7: who is `local.mp_2780`? name them in `people` of this source, or in `nobody`',
      'policy-schedules.tf:118:7: who is `local.mp_2780`? name them in `people` of this source, or in `nobody`',
    ])
    expect(await problemsOf(sourceAt(fixture, { nobody: [inbox, 'local.mp_2780'] }), now, fixture)).toEqual([
      'policy-schedules.tf:86:7: `local.mp_2780` is said to be `per_p-2780` and nobody',
      'policy-schedules.tf:118:7: `local.mp_2780` is said to be `per_p-2780` and nobody',
    ])
  })
})

const layer = (rest: string, users = '["a", "b"]') => `
  layer {
    start                        = "2026-11-02T09:00:00Z"
    rotation_virtual_start       = "2026-11-02T09:00:00Z"
    rotation_turn_length_seconds = 86400
    users                        = ${users}
    ${rest}
  }`
const schedule = (body: string, zone = 'Europe/London') =>
  `resource "pagerduty_schedule" "x" {\n  name = "X"\n  time_zone = "${zone}"\n${body}\n}\n`
const ab = { people: { a: 'per_a', b: 'per_b' }, nobody: ['inbox'] }
const readText = async (text: string, more: Partial<DirectoryPagerdutyTerraformOptions> = ab) =>
  sourceAt(await folderWith({ 'x.tf': text }), more).read(now)
const problems = async (text: string, more: Partial<DirectoryPagerdutyTerraformOptions> = ab) => {
  const folder = await folderWith({ 'x.tf': text })
  return problemsOf(sourceAt(folder, more), now, folder)
}

describe('layers and restrictions', () => {
  test('hours of the day, in the zone of the schedule, with the turns that change in them', async () => {
    const daily =
      'restriction {\n type = "daily_restriction"\n start_time_of_day = "08:00:00"\n duration_seconds = 32400\n }'
    const snapshot = await readText(schedule(layer(daily), 'America/New_York'))
    expect(shown(snapshot, 'rota_pagerduty.x', '2026-11-23', '2026-11-24')).toEqual([
      // Turns change at four in the morning there, which is nine in London.
      'per_b 2026-11-23T13:00 2026-11-23T22:00',
    ])
    expect(shown(snapshot, 'rota_pagerduty.x', '2026-11-24', '2026-11-25')).toEqual([
      'per_a 2026-11-24T13:00 2026-11-24T22:00',
    ])
  })

  test('hours of a weekday, over the weekend, above a layer for the rest', async () => {
    const weekend =
      'restriction {\n type = "weekly_restriction"\n start_day_of_week = 6\n start_time_of_day = "00:00:00"\n duration_seconds = 172800\n }'
    const snapshot = await readText(schedule(layer('', '["a"]') + layer(weekend, '["b"]')))
    expect(shown(snapshot, 'rota_pagerduty.x', '2026-11-20', '2026-11-23')).toEqual([
      'per_a 2026-11-19T09:00 2026-11-20T09:00',
      'per_a 2026-11-20T09:00 2026-11-21T00:00',
      'per_b 2026-11-21T00:00 2026-11-21T09:00',
      'per_b 2026-11-21T09:00 2026-11-22T09:00',
      'per_b 2026-11-22T09:00 2026-11-23T00:00',
    ])
  })

  test('a layer begins and ends when it says, and counts its turns from elsewhere', async () => {
    const late = layer('end = "2026-11-20T12:00:00Z"').replace(
      'rotation_virtual_start       = "2026-11-02',
      'rotation_virtual_start       = "2026-10-26',
    )
    expect(shown(await readText(schedule(late)), 'rota_pagerduty.x', '2026-11-18', '2026-12-31')).toEqual([
      'per_a 2026-11-17T09:00 2026-11-18T09:00',
      'per_b 2026-11-18T09:00 2026-11-19T09:00',
      'per_a 2026-11-19T09:00 2026-11-20T09:00',
      'per_b 2026-11-20T09:00 2026-11-20T12:00',
    ])
  })

  test("a turn of nobody is nobody's, and a local leads to an address", async () => {
    const users = `locals {\n  one = local.two\n  two = pagerduty_user.ann.id\n  loop = local.loop\n}
resource "pagerduty_user" "ann" {\n  name = "Ann"\n  email = "Ann@Example.org"\n}\n`
    const snapshot = await readText(users + schedule(layer('', '[local.one, "inbox"]')), {
      people: { 'ann@example.org': 'per_ann' },
      nobody: ['inbox'],
    })
    expect(new Set(snapshot.shifts.map(({ person }) => person))).toEqual(new Set(['per_ann']))
    expect(shown(snapshot, 'rota_pagerduty.x', '2026-11-22', '2026-11-24')).toHaveLength(1)
    expect(await problems(users + schedule(layer('', '[local.loop]')))).toEqual([
      expect.stringMatching(/who is `local\.loop`/),
    ])
    const twice = { people: { 'local.one': 'per_a', 'ann@example.org': 'per_b' }, nobody: [] }
    expect(await problems(users + schedule(layer('', '[local.one]')), twice)).toEqual([
      expect.stringMatching(/would be `per_a` and `per_b`$/),
    ])
  })
})

test('[fail/closed] [B13] what is not understood, and might change who is on duty, is pointed at', async () => {
  expect(await problems(schedule(layer('usrs = []')))).toEqual([
    'x.tf:10:5: `usrs` is not understood here; did you mean `users`?',
  ])
  expect(await problems(schedule(layer('', '[for u in local.all : u.id]')))).toEqual([
    'x.tf:9:36: expected a list for `users`, got something that has to be computed',
  ])
  expect(await problems(schedule(layer('', '[f(local.a)]')))).toEqual([
    expect.stringMatching(/^x\.tf:9:37: expected a reference to a user/),
  ])
  expect(await problems(schedule(layer('', '[]')))).toEqual(['x.tf:5:3: a layer without users puts nobody on duty'])
  expect(await problems(schedule(layer(''), 'Europe/Londn'))).toEqual(['x.tf:3:15: `Europe/Londn` is no time zone'])
  expect(await problems(schedule(''))).toEqual(['x.tf:1:1: a schedule needs a layer'])
  expect(await problems(schedule(`count = 2\n${layer('')}`))).toEqual(['x.tf:4:1: `count` is not understood here'])
  expect(await problems(schedule('dynamic "layer" {\n content {}\n }'))).toContain(
    'x.tf:4:1: `dynamic` is not understood here',
  )
  expect(await problems(`resource "pagerduty_schedulev2" "y" {}\n${schedule(layer(''))}`)).toEqual([
    'x.tf:1:1: resources of the type `pagerduty_schedulev2` are not understood',
  ])
  const odd = 'restriction {\n type = "monthly"\n start_time_of_day = "8 o\'clock"\n duration_seconds = 0\n }'
  expect(await problems(schedule(layer(odd)))).toHaveLength(3)
  expect(await problems(schedule(layer('')).replace('86400', '60'))).toEqual([
    'x.tf:8:36: expected whole seconds, at least an hour and at most a year',
  ])
  expect(await problems(schedule(layer('')) + schedule(layer('')).replace('"x"', '"X"'))).toEqual([
    expect.stringMatching(/`X` cannot be told from `x`/),
  ])
  expect(await problems('resource "pagerduty_user" "ann" {}')).toEqual([
    expect.stringContaining('holds no `pagerduty_schedule`'),
  ])
})

test('files of one folder belong together', async () => {
  const folder = await spoiled(fixture, { 'more.tf': schedule(layer('', '["a"]')) })
  const snapshot = await sourceAt(folder, { people: { ...people, a: 'per_a' } }).read(now)
  expect(snapshot.nodes.map(({ id }) => id).sort()).toEqual([
    'rota_pagerduty.primary',
    'rota_pagerduty.secondary',
    'rota_pagerduty.x',
  ])
  expect(readFileSync(join(fixture, 'policy-schedules.tf'), 'utf8')).toContain('MIT License')
})

const large = sharedData('moj-modernisation-platform/pagerduty', 'reading a real rota')
test.skipIf(!large.isThere)('the rota as it is kept has two schedules of six people', async () => {
  const snapshot = await sourceAt(large.path).read(now)
  expect(snapshot.nodes).toHaveLength(2)
  expect(new Set(snapshot.shifts.map(({ person }) => person)).size).toBe(6)
})
