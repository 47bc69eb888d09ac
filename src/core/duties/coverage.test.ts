import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lifeAt } from '../../../test/support/life.ts'
import { plusSeconds } from '../time.ts'
import { compileDuties } from './compile.ts'
import { type Cover, coverageOf, coverOfMitigation, coverOfWaiver, type Mitigation } from './coverage.ts'
import { scan } from './holdings.ts'
import { heldBy, naiveBreaks, someAssignments, someDuties, subsets } from './naive.contract.ts'
import { type Duties, dutiesOfPolicy } from './rules.ts'

const noon = '2026-11-22T12:00:00.000Z'
const day = 86_400

const acme: Duties = {
  entitlements: [
    { id: 'vendors', duties: ['create-vendor'] },
    { id: 'vendors-abroad', duties: ['create-vendor'] },
    { id: 'payments', duties: ['pay-vendor'] },
  ],
  functions: [
    { id: 'master-data', name: 'Vendor data', duties: ['create-vendor'] },
    { id: 'paying', name: 'Payments', duties: ['pay-vendor'] },
  ],
  rules: [
    {
      id: 'apart',
      name: 'Apart',
      severity: 'high',
      functions: ['master-data', 'paying'],
      conflictsFrom: 2,
      controls: ['recount', 'peer-watch'],
    },
  ],
}

const recount: Mitigation = {
  id: 'mit_1',
  holder: 'per_ana',
  rule: 'apart',
  control: 'recount',
  owner: 'per_otto',
  from: plusSeconds(noon, -30 * day),
  until: plusSeconds(noon, 30 * day),
  everySeconds: 7 * day,
  evidencedAt: plusSeconds(noon, -2 * day),
}

function coverage(covers: readonly Cover[], held = ['vendors', 'payments'], now = noon) {
  const holdings = scan(
    compileDuties(acme),
    held.map((entitlement) => ({ holder: 'per_ana', entitlement })),
  )
  return coverageOf(holdings, covers, now)
}

function gapWith(parts: Partial<Mitigation>, now = noon): string | undefined {
  const { covered, uncovered } = coverage([coverOfMitigation({ ...recount, ...parts }, now)], undefined, now)
  expect(covered.length + uncovered.length).toBe(1)
  return uncovered[0]?.not[0]?.why
}

describe('a mitigation', () => {
  test('covers while it lasts and its control is kept', () => {
    expect(coverage([coverOfMitigation(recount, noon)])).toEqual({
      covered: [{ holder: 'per_ana', rule: 'apart', by: ['mit_1'] }],
      uncovered: [],
      idle: [],
    })
  })

  test('without one, the conflict is covered by nothing', () => {
    expect(coverage([]).uncovered).toEqual([{ holder: 'per_ana', rule: 'apart', not: [] }])
  })

  test('that has ended, or has not begun, is nothing', () => {
    expect(gapWith({ until: noon })).toBe('ended')
    expect(gapWith({ until: plusSeconds(noon, 1) })).toBeUndefined()
    expect(gapWith({ from: plusSeconds(noon, 1), evidencedAt: noon })).toBe('not-begun')
    expect(gapWith({ from: noon })).toBeUndefined()
  })

  test('covers only as long as evidence comes in time', () => {
    expect(gapWith({ evidencedAt: plusSeconds(noon, -7 * day) })).toBe('control-not-kept')
    expect(gapWith({ evidencedAt: plusSeconds(noon, -7 * day + 1) })).toBeUndefined()
  })

  test('without any evidence yet covers for the first period alone', () => {
    const { evidencedAt: _, ...fresh } = recount
    const holdsOn = (now: string) => coverage([coverOfMitigation(fresh, now)], undefined, now).covered.length
    expect(holdsOn(plusSeconds(fresh.from, 7 * day - 1))).toBe(1)
    expect(holdsOn(plusSeconds(fresh.from, 7 * day))).toBe(0)
  })

  test('with evidence from the future has none', () => {
    expect(gapWith({ evidencedAt: plusSeconds(noon, 60) })).toBe('control-not-kept')
  })

  test('by a control that the rule does not take is nothing', () => {
    expect(gapWith({ control: 'good-will' })).toBe('control-not-accepted')
  })

  test('[B01] over oneself is nothing', () => {
    expect(gapWith({ owner: 'per_ana' })).toBe('control-owner-is-holder')
  })

  test('[fail/closed] with times that nobody can read is nothing', () => {
    expect(gapWith({ until: 'some day' })).toBe('time-unreadable')
    expect(gapWith({ evidencedAt: 'recently' })).toBe('control-not-kept')
    expect(gapWith({}, 'now')).toBe('time-unreadable')
  })

  test('of somebody else, or of another rule, is idle', () => {
    const others = [
      coverOfMitigation({ ...recount, holder: 'per_ben' }, noon),
      coverOfMitigation({ ...recount, rule: 'other' }, noon),
    ]
    expect(coverage(others)).toMatchObject({ covered: [], uncovered: [{ not: [] }], idle: others })
  })

  test('of a resolved conflict is idle', () => {
    const cover = coverOfMitigation(recount, noon)
    expect(coverage([cover], ['vendors'])).toEqual({ covered: [], uncovered: [], idle: [cover] })
  })
})

describe('a waiver', () => {
  const tolerated: Cover = {
    id: 'wvr_1',
    holder: 'per_ana',
    rule: 'apart',
    from: plusSeconds(noon, -60),
    until: plusSeconds(noon, 3600),
    controls: [{ control: 'peer-watch', owner: 'per_otto', dueAt: plusSeconds(noon, 600) }],
    tolerates: ['payments', 'vendors'],
  }

  test('covers the two accesses it names', () => {
    expect(coverage([tolerated]).covered).toEqual([{ holder: 'per_ana', rule: 'apart', by: ['wvr_1'] }])
  })

  test('[B18] does not cover the same rule broken by other access beside them', () => {
    expect(coverage([tolerated], ['vendors', 'vendors-abroad', 'payments'])).toMatchObject({
      covered: [],
      uncovered: [{ not: [{ id: 'wvr_1', why: 'other-access' }] }],
    })
    const second: Cover = { ...tolerated, id: 'wvr_2', tolerates: ['payments', 'vendors-abroad'] }
    expect(coverage([tolerated, second], ['vendors', 'vendors-abroad', 'payments']).covered).toEqual([
      { holder: 'per_ana', rule: 'apart', by: ['wvr_1', 'wvr_2'] },
    ])
  })

  test('with one control kept of two covers', () => {
    const controls = [{ control: 'recount', owner: 'per_otto' }, ...tolerated.controls]
    expect(coverage([{ ...tolerated, controls }]).covered).toHaveLength(1)
    expect(coverage([{ ...tolerated, controls: controls.slice(0, 1) }]).uncovered[0]?.not[0]?.why).toBe(
      'control-not-kept',
    )
    expect(coverage([{ ...tolerated, controls: [] }]).uncovered[0]?.not[0]?.why).toBe('control-not-accepted')
  })
})

describe('the life of a sod-exception', () => {
  const exception = { rule: 'post-and-approve', other: { system: 'sys_ledger', entitlement: 'ledger-approve' } }
  const controls = [{ control: 'peer-watch', owner: 'per_mate', every: 'PT1H' }]
  const terms = { kind: 'sod-exception', exception, controls } as const

  function covered(
    stage: Parameters<typeof lifeAt>[0],
    now: string,
    missedControl: 'suspend' | 'report' = 'suspend',
    act?: (life: ReturnType<typeof lifeAt>) => void,
  ) {
    const life = lifeAt(stage, { terms, tier: { missedControl } })
    act?.(life)
    const cover = life.waiver === undefined ? undefined : coverOfWaiver(life.waiver)
    const holdings = scan(compileDuties(dutiesOfPolicy(life.policy)), [
      { holder: 'per_asker', entitlement: 'sys_ledger/ledger-write' },
      { holder: 'per_asker', entitlement: 'sys_ledger/ledger-approve' },
    ])
    expect(holdings.conflictsCount).toBe(1)
    return coverageOf(holdings, cover === undefined ? [] : [cover], now).covered.map(({ by }) => by)
  }

  test('covers from its start to its end, and only while it runs', () => {
    expect(covered('requested', noon)).toEqual([])
    expect(covered('countersigned', noon)).toEqual([])
    expect(covered('active', noon)).toEqual([['wvr_01']])
    expect(covered('active', plusSeconds(noon, -1))).toEqual([])
    expect(covered('suspended', noon)).toEqual([])
    expect(covered('ended', noon)).toEqual([])
  })

  test('covers until the evidence is due, and again when it has come', () => {
    expect(covered('active', plusSeconds(noon, 3599))).toEqual([['wvr_01']])
    expect(covered('active', plusSeconds(noon, 3600))).toEqual([])
    const evidence = (life: ReturnType<typeof lifeAt>) =>
      life.after(3000).must('per_mate', { type: 'evidence', control: 'peer-watch', text: 'seen' })
    expect(covered('active', plusSeconds(noon, 3600), 'suspend', evidence)).toEqual([['wvr_01']])
    expect(covered('active', plusSeconds(noon, 7200), 'suspend', evidence)).toEqual([])
  })

  test('where a missed control is only reported, the waiver goes on and covers nothing', () => {
    expect(covered('active', plusSeconds(noon, 3700), 'report', (life) => life.after(3650).tick())).toEqual([])
  })
})

test('a waiver covers exactly when no way to break the rule does without a tolerated pair', () => {
  const pair = fc.tuple(
    fc.constantFrom('clerk', 'buyer', 'payer', 'keeper'),
    fc.constantFrom('clerk', 'payer', 'auditor', 'composite'),
  )
  fc.assert(
    fc.property(someDuties, someAssignments, fc.array(pair, { maxLength: 4 }), (duties, assignments, pairs) => {
      const holdings = scan(compileDuties(duties), assignments)
      const covers = [...holdings.allBroken()].flatMap((broken) =>
        pairs.map(
          (tolerates, index): Cover => ({
            ...broken,
            id: `wvr_${index}`,
            from: plusSeconds(noon, -1),
            until: plusSeconds(noon, 1),
            controls: [{ control: 'recount', owner: 'per_otto', dueAt: plusSeconds(noon, 1) }],
            tolerates,
          }),
        ),
      )
      const { covered } = coverageOf(holdings, covers, noon)
      const expected = [...holdings.allBroken()].filter(({ holder, rule }) => {
        const own = duties.rules.find(({ id }) => id === rule)
        const combinations = subsets(heldBy(assignments, holder)).filter(
          (held) => own !== undefined && naiveBreaks(duties, held, own),
        )
        return combinations.every((held) => pairs.some((tolerates) => tolerates.every((each) => held.includes(each))))
      })
      expect(covered.map(({ holder, rule }) => ({ holder, rule }))).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})
