/** The document about conflicts: uncovered first, counts that add up, and nobody who may not be seen. */
import { describe, expect, test } from 'vitest'
import { compileDuties } from './compile.ts'
import type { Cover } from './coverage.ts'
import { fixesReport, holderReport } from './holder-report.ts'
import { scan } from './holdings.ts'
import { dutiesReport } from './report.ts'

const now = '2026-11-22T12:00:00.000Z'
const duties = compileDuties({
  entitlements: ['v', 'p', 'post', 'approve'].map((id) => ({ id, duties: [id] })),
  functions: ['v', 'p', 'post', 'approve'].map((id) => ({ id, name: id, duties: [id] })),
  rules: [
    { id: 'books', name: 'books', severity: 'low', functions: ['post', 'approve'], conflictsFrom: 2, controls: ['c'] },
    { id: 'pay', name: 'pay', severity: 'critical', functions: ['v', 'p'], conflictsFrom: 2, controls: ['c'] },
  ],
})
const holdings = scan(
  duties,
  [
    ['ana', 'v', 'p', 'post', 'approve'],
    ['ben', 'post', 'approve'],
    ['chen', 'v'],
  ].flatMap(([holder = '', ...held]) => held.map((entitlement) => ({ holder, entitlement }))),
)
const cover: Cover = {
  id: 'm1',
  holder: 'ana',
  rule: 'pay',
  from: '2026-11-01T00:00:00.000Z',
  until: '2026-12-01T00:00:00.000Z',
  controls: [{ control: 'c', owner: 'otto', dueAt: '2026-11-25T00:00:00.000Z' }],
}

describe('the report', () => {
  test('shows what nothing covers first, whatever its severity, and counts everything', () => {
    const report = dutiesReport(holdings, [cover], now, { uncovered: false, rowsMax: 2 })
    expect(report.totals).toEqual({ conflicts: 3, holders: 2, covered: 1, uncovered: 2 })
    expect(report.conflicts.map(({ holder, rule, coveredBy }) => [holder, rule, coveredBy])).toEqual([
      ['ana', 'books', []],
      ['ben', 'books', []],
    ])
    expect(report.conflictsLeft).toBe(1)
    expect(report.byRule.map(({ rule, holders, uncovered }) => [rule, holders, uncovered])).toEqual([
      ['books', 2, 2],
      ['pay', 1, 0],
    ])
  })

  test('a cover whose evidence is overdue covers nothing, and says so', () => {
    const late = dutiesReport(holdings, [cover], '2026-11-25T00:00:00.000Z', {
      uncovered: true,
      rowsMax: 9,
      rule: 'pay',
    })
    expect(late.conflicts).toMatchObject([{ holder: 'ana', notCoveredBy: [{ id: 'm1', why: 'control-not-kept' }] }])
  })

  test('whoever may not be seen is in no row, no count and no list', () => {
    const report = dutiesReport(holdings, [cover, { ...cover, id: 'm2', holder: 'chen' }], now, {
      uncovered: false,
      rowsMax: 9,
      sees: (holder) => holder === 'ben',
    })
    expect(report.totals).toEqual({ conflicts: 1, holders: 1, covered: 0, uncovered: 1 })
    expect(report.idle).toEqual([])
    expect(JSON.stringify(report.conflicts)).not.toContain('ana')
  })

  test('one holder, what more would add, and what to give up', () => {
    const report = holderReport(holdings, [cover], 'chen', new Map(), ['p'], now)
    expect(report).toMatchObject({ conflicts: [], adds: { breaks: [{ rule: 'pay' }], joins: [] } })
    expect(holderReport(holdings, [cover], 'ben', new Map(), [], now).fix?.drop).toHaveLength(1)
  })

  test('fixes are for what nothing covers, unless asked for all', () => {
    const asked = { rowsMax: 9, dropsMax: 9 }
    expect(fixesReport(holdings, [cover], now, { ...asked, uncovered: true }).conflictsCount).toBe(2)
    expect(fixesReport(holdings, [cover], now, { ...asked, uncovered: false })).toMatchObject({
      conflictsCount: 3,
      plan: { resolvedCount: 3, remainingCount: 0 },
    })
  })
})
