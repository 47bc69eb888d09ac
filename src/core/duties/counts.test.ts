import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileDuties } from './compile.ts'
import { countConflicts } from './counts.ts'
import { scan } from './holdings.ts'
import { naiveConflicts, someAssignments, someDuties } from './naive.contract.ts'

const teams: Readonly<Record<string, readonly string[]>> = {
  per_ana: ['team_books'],
  per_ben: ['team_books', 'team_stock'],
  per_cleo: ['team_stock'],
}

test('counts are the counts of the conflicts', () => {
  fc.assert(
    fc.property(someDuties, someAssignments, fc.boolean(), (duties, assignments, onlyHigh) => {
      const severityOf = (rule: string | undefined) => duties.rules.find(({ id }) => id === rule)?.severity
      const all = naiveConflicts(duties, assignments)
        .map((each) => each.split(' ') as [string, string])
        .filter(([, rule]) => !onlyHigh || severityOf(rule) === 'high')
      const count = (rows: readonly [string, string][]) => ({
        holders: new Set(rows.map(([h]) => h)).size,
        conflicts: rows.length,
      })
      const counted = ({ rule }: { rule: string }) => !onlyHigh || severityOf(rule) === 'high'
      const counts = countConflicts(scan(compileDuties(duties), assignments), (holder) => teams[holder] ?? [], counted)
      expect(counts.total).toEqual(count(all))
      expect(counts.rules).toEqual(
        duties.rules
          .filter(({ held }) => held !== false)
          .map(({ id, severity }) => ({ rule: id, severity, holders: all.filter(([, rule]) => rule === id).length }))
          .sort((a, b) => (a.rule < b.rule ? -1 : 1)),
      )
      for (const { severity, ...row } of counts.severities)
        expect(row).toEqual(count(all.filter(([, rule]) => severityOf(rule) === severity)))
      for (const { team, ...row } of counts.teams)
        expect(row).toEqual(
          count(all.filter(([h]) => (team === undefined ? teams[h] === undefined : teams[h]?.includes(team)))),
        )
      expect(counts.teams.length).toBe(new Set(all.flatMap(([h]) => teams[h] ?? ['none'])).size)
    }),
    { numRuns: 500 },
  )
})

test('without conflicts every row is there and says zero', () => {
  const counts = countConflicts(scan(compileDuties({ entitlements: [], functions: [], rules: [] }), []))
  expect(counts).toEqual({
    total: { holders: 0, conflicts: 0 },
    rules: [],
    severities: ['critical', 'high', 'medium', 'low'].map((severity) => ({ severity, holders: 0, conflicts: 0 })),
    teams: [],
  })
})
