/** The real rota of six people beside a pool that overlaps with it: the answer is the honest one. */
import { describe, expect, test } from 'vitest'
import {
  type CoverageRow,
  gapsOf,
  groupNamed,
  isShort,
  type PreparedCoverage,
  remedyFor,
  rowOf,
} from '../../src/core/coverage.ts'
import { coverageOf, exampleAt } from './world.ts'

const monday = '2026-11-30T00:00:00.000Z'
const weeks = 4
const { facts, policy, prepared } = await exampleAt('on-call', monday, weeks * 168)

function row(of: PreparedCoverage, id: string): CoverageRow {
  const group = groupNamed(of, id)
  const found = group && rowOf(of, group)
  if (found === undefined) throw new Error(`\`${id}\` asks for nothing`)
  return found
}

function uncovered(of: PreparedCoverage, id: string): number {
  return row(of, id).hours.filter(isShort).length
}

const team = 'team_modernisation-platform'

describe('[on-call/never-both-sides] [B04] the secondary approves nothing of the primary', () => {
  test('only security in its hours covers the team: ten of twenty-four hours are the most there could be', () => {
    // Weekdays from nine to half past five; the half hour is nobody's, and the last week has nobody before Christmas.
    const byDay = Array.from({ length: weeks * 7 }, (_, day) =>
      row(prepared, team)
        .hours.slice(day * 24, day * 24 + 24)
        .filter((cell) => cell !== undefined && !isShort(cell)),
    )
    expect(byDay.map(({ length }) => length)).toEqual([
      ...[8, 8, 8, 8, 8, 0, 0],
      ...[8, 8, 8, 8, 8, 0, 0],
      ...[8, 8, 8, 8, 8, 0, 0],
      ...[0, 0, 0, 0, 0, 0, 0],
    ])
  })

  test('every gap says who is there and why they are out, with the path', () => {
    const [gap] = gapsOf(prepared, row(prepared, team))
    const [onDuty] = gap?.people ?? []
    expect(onDuty).toMatchObject({ onDuty: true, independent: false })
    expect(onDuty?.conflicts.map(({ code }) => code)).toEqual(['on-requesting-team', 'on-requesting-rota'])
    expect(onDuty?.conflicts[1]?.path.map(({ relation }) => relation)).toEqual(['on-rota', 'on-rota'])
    expect(gap?.people.filter(({ independent }) => independent).map(({ person }) => person)).toEqual([
      'per_hugo',
      'per_greta',
    ])
  })

  test('another team finds whoever is secondary, day and night', () => {
    expect(uncovered(prepared, 'team_courts-digital')).toBe(0)
  })

  test('with no rota of their own to lean on, security is covered by the six', () => {
    expect(uncovered(prepared, 'team_security')).toBe(0)
  })
})

describe('leave', () => {
  test('takes whoever is away off duty, and says so', () => {
    const gap = gapsOf(prepared, row(prepared, team)).find(({ people }) => people.some(({ away }) => away))
    expect(gap?.people.filter(({ away }) => away).map(({ person }) => person)).toEqual(['per_greta'])
    const { absences: _, ...present } = facts
    // Five days of eight hours, in the week before Christmas.
    expect(uncovered(prepared, team) - uncovered(coverageOf(present, policy, monday, weeks * 168), team)).toBe(40)
  })
})

const groups = [groupNamed(prepared, team)].filter((group) => group !== undefined)

describe('the smallest change', () => {
  const remedy = remedyFor(prepared, facts, groups)

  test('is one person of the pool in more turns, and closes the hours when computed again', () => {
    expect(remedy).toMatchObject({ search: 'exact', after: 0, unclosable: 0 })
    expect(remedy?.before).toBe(uncovered(prepared, team))
    expect(remedy?.steps.map(({ kind, person, rota }) => [kind, person, rota])).toEqual([
      ['turns', 'per_hugo', 'rota_security-hours'],
    ])
    expect(remedy?.couldShare).toEqual(['per_greta'])
  })

  test('never puts somebody on a rota of whoever asks: the secondary rota helps nobody here', () => {
    expect(remedy?.steps.map(({ rota }) => rota)).not.toContain('rota_secondary')
  })

  test('[independence/outside-requesting-path] where nobody of the pool would do, somebody from elsewhere joins it', () => {
    const six = policy.pools['on-call-approvers']
    if (six === undefined) throw new Error('the example has no such pool')
    const members = six.members.filter((member) => !['per_greta', 'per_hugo'].includes(member))
    const alone = { ...policy, pools: { 'on-call-approvers': { ...six, members } } }
    const without = coverageOf(facts, alone, monday, 168)
    expect(uncovered(without, team)).toBe(168)
    const change = remedyFor(without, facts, groups)
    expect(change).toMatchObject({ search: 'exact', before: 168, after: 0, lookedAt: { people: 12, of: 12 } })
    expect(change?.steps).toMatchObject([
      { kind: 'join', pool: 'on-call-approvers', rota: 'rota_security-hours', countsFrom: '2026-12-14T00:00:00.000Z' },
    ])
    // Hosting runs the target, so nobody from there is proposed.
    expect(['per_iris', 'per_jonah']).not.toContain(change?.steps[0]?.person)
  })

  test('where nobody at all would be independent, it says how many hours stay open', () => {
    const outsiders = new Set(['per_greta', 'per_hugo', 'per_kit', 'per_lea'])
    const nodes = facts.nodes.filter(({ id }) => !outsiders.has(id))
    const relations = facts.relations.filter(({ from }) => !outsiders.has(from))
    const shifts = facts.shifts.filter(({ person }) => !outsiders.has(person))
    const alone = coverageOf({ ...facts, nodes, relations, shifts, absences: [] }, policy, monday, 168)
    const change = remedyFor(alone, { ...facts, nodes, relations, shifts, absences: [] }, groups)
    expect(change).toMatchObject({ steps: [], before: 168, after: 168, unclosable: 168 })
  })
})

test('hours for which no rota says anything yet are not planned, rather than covered or forgotten', () => {
  const later = coverageOf(facts, policy, '2027-12-06T00:00:00.000Z', 24, monday)
  expect(row(later, team).hours.every((cell) => cell !== undefined && !cell.planned && cell.count === 0)).toBe(true)
  expect(remedyFor(later, facts, groups)).toBeUndefined()
})

test('[fail/closed] by a source that is too old when it is asked nobody is independent', () => {
  const late = coverageOf(facts, policy, monday, 24, '2026-12-03T00:00:00.000Z')
  expect(uncovered(late, team)).toBe(24)
  const codes = gapsOf(late, row(late, team)).flatMap(({ people }) => people.flatMap(({ conflicts }) => conflicts))
  expect(new Set(codes.map(({ code }) => code))).toContain('directory-too-old')
})
