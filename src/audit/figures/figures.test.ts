import { expect, test } from 'vitest'
import { audit, record } from '../../../test/audit/support.ts'
import { figure } from '../report.ts'

const until = (at: string, different: Parameters<typeof record>[0] = {}) =>
  record({ act: 'removed', at, until: undefined, ...different })

test('access at the end of each month, by whether it was within its promise', () => {
  const { months } = audit([
    record({ at: '2026-01-10', until: '2026-01-31' }),
    record({ at: '2026-01-10', until: null, entitlement: 'read' }),
    record({ at: '2026-01-10', until: undefined, entitlement: 'list' }),
    until('2026-02-28'),
    until('2026-03-31', { entitlement: 'list' }),
    record({ at: '2026-04-15', until: null, entitlement: 'later' }),
  ])
  expect(
    months.map(({ month, inTime, pastEnd, withoutEnd, endUnknown }) => [
      month,
      inTime,
      pastEnd,
      withoutEnd,
      endUnknown,
    ]),
  ).toEqual([
    // On its last day the first is within its promise; on the day on which it is removed it is no longer there.
    ['2026-01', 1, 0, 1, 1],
    ['2026-02', 0, 0, 1, 1],
    ['2026-03', 0, 0, 1, 0],
    ['2026-04', 0, 0, 2, 0],
  ])
  const late = audit([record({ at: '2026-01-10', until: '2026-01-31' }), until('2026-03-01')])
  expect(late.months.map(({ inTime, pastEnd }) => [inTime, pastEnd])).toEqual([
    [1, 0],
    [0, 1],
    [0, 0],
  ])
})

test('spellings that differ in case and signs are one group, named as most spell it', () => {
  const teams = ['Made Tech', 'MadeTech', 'made-tech', 'Made Tech', 'Madetec', '…', undefined]
  const { team } = audit(teams.map((name, index) => record({ team: name, beneficiary: `p${index}` }))).groups
  expect(team.map(({ name, spellings, grantsCount }) => [name, spellings.length, grantsCount])).toEqual([
    ['Made Tech', 3, 4],
    [undefined, 0, 1],
    ['Madetec', 1, 1],
    ['…', 1, 1],
  ])
})

test('[B03] machines and second roles make no second person', () => {
  const one = (different: Parameters<typeof record>[0]) => figure(audit([record(different)]), 'one-person')
  const count = (different: Parameters<typeof record>[0]) => one(different).count
  expect(count({ askedBy: ['ann'], approvedBy: ['ann'], enteredBy: 'ann' })).toBe(1)
  expect(count({ askedBy: ['ann', 'bot'], approvedBy: ['ann'], machines: ['bot'] })).toBe(1)
  expect(count({ askedBy: ['ann'], approvedBy: ['ann', 'bot'], machines: ['bot'] })).toBe(1)
  expect(count({ askedBy: ['ann'], approvedBy: ['ann'], enteredBy: 'rob' })).toBe(0)
  expect(count({ askedBy: ['ann', 'bob'], approvedBy: ['ann'] })).toBe(0)
  expect(count({ askedBy: ['bot'], approvedBy: ['bot'], machines: ['bot'] })).toBe(0)
  expect(one({ askedBy: undefined, approvedBy: ['ann'] })).toMatchObject({ count: 0, unknownCount: 1 })
})

test('[B02] names that look alike are said, not merged', () => {
  const { silences } = audit([record({ askedBy: ['Ann.B'], approvedBy: ['ann b'] }), record({ approvedBy: ['rob'] })])
  const alike = silences.find(({ ofWhat }) => ofWhat === 'names')
  expect(alike).toMatchObject({ count: 2, total: 4 })
  expect(alike?.what).toContain('such as Ann.B and ann b')
})

test('[B18] an extension is a decision of its own only when somebody else decided', () => {
  const extended = (different: Parameters<typeof record>[0]) =>
    figure(
      audit([record(), record({ at: '2026-11-05', act: 'end-changed', until: '2026-12-01', ...different })]),
      'extended-alone',
    )
  expect(extended({}).count).toBe(0)
  expect(extended({ approvedBy: ['ann'] }).count).toBe(1)
  expect(extended({ approvedBy: [] }).count).toBe(1)
  expect(extended({ askedBy: ['bot'], machines: ['bot'] }).count).toBe(1)
  expect(extended({ approvedBy: undefined })).toMatchObject({ count: 0, unknownCount: 1 })
})

test('[B18] ends that were moved together with many were not looked at one by one', () => {
  const many = (count: number) => {
    const each = Array.from({ length: count }, (_, index) => `e${index}`)
    return figure(
      audit([
        ...each.map((entitlement) => record({ entitlement })),
        ...each.map((entitlement) =>
          record({ entitlement, at: '2026-11-05', act: 'end-changed', until: '2026-12-01', change: 'C-1' }),
        ),
      ]),
      'extended-in-bulk',
    ).count
  }
  expect([many(9), many(10)]).toEqual([0, 10])
})
