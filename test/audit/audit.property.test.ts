/** What must hold for every history and every directory, however broken. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answersOf } from '../../src/audit/answers/answers.ts'
import { outcomes } from '../../src/audit/lives/life.ts'
import { htmlReport } from '../../src/audit/render/page/page.ts'
import { type AuditReport, figure } from '../../src/audit/report.ts'
import type { DirectoryFacts } from '../../src/core/directory.ts'
import { directories } from '../support/random-directories.ts'
import { histories } from './random-history.ts'
import { audit, conclusionsOf, coveringFacts } from './support.ts'

/** Everybody is in a team of their own besides, so that it is known of everybody where they stand. */
function settled(facts: DirectoryFacts): DirectoryFacts {
  const source = 'hr'
  const places = [0, 1, 2, 3, 4, 5].map((number) => ({ person: `per_${number}`, team: `team_own-${number}` }))
  return {
    ...facts,
    nodes: [...facts.nodes, ...places.map(({ team }) => ({ id: team, kind: 'team' as const, name: team, source }))],
    relations: [
      ...facts.relations,
      ...places.map(({ person, team }) => ({ from: person, relation: 'member-of' as const, to: team, source })),
    ],
  }
}

const sparse = directories(false, 6).map(settled)
const broken = fc.oneof(directories(true, 8).map(settled), directories(true, 14))
const maybeDirectory = fc.option(
  fc.oneof(sparse, broken).map((facts) => coveringFacts(facts)),
  { nil: undefined, freq: 5 },
)
const audits = fc
  .tuple(histories, maybeDirectory)
  .map(([records, directory]) => audit(records, directory === undefined ? {} : { directory }))
const runs = { numRuns: 300 }

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const countOf = (report: AuditReport, code: string) => figure(report, code).count

describe('counts add up', () => {
  test('every act that needed a decision has exactly one conclusion, and no other act has one', () => {
    fc.assert(
      fc.property(audits, (report) => {
        for (const { decision, judgement } of report.rows.act)
          expect(judgement === undefined).toBe(decision === undefined)
        const decided = report.rows.act.filter(({ decision }) => decision !== undefined).length
        const { unknownCount, total } = figure(report, 'not-independent')
        expect(total).toBe(decided)
        expect(countOf(report, 'independent') + countOf(report, 'not-independent') + unknownCount).toBe(decided)
      }),
      runs,
    )
  })

  test('every grant has exactly one outcome', () => {
    fc.assert(
      fc.property(audits, (report) => {
        const rows = outcomes.flatMap((outcome) => figure(report, outcome).rows)
        expect([...rows].sort((a, b) => a - b)).toEqual(report.rows.grant.map(({ index }) => index))
      }),
      runs,
    )
  })

  test('a figure’s rows are its count, and with what is unknown never more than it was asked about', () => {
    fc.assert(
      fc.property(audits, ({ figures, rows }) => {
        for (const { of, rows: held, count, total, unknownCount, parts } of figures) {
          expect(new Set(held).size).toBe(count)
          expect(count + unknownCount).toBeLessThanOrEqual(total)
          expect(held.every((index) => rows[of][index]?.index === index)).toBe(true)
          const decided = held.filter((index) => of === 'act' && rows.act[index]?.decision !== undefined)
          if (parts !== undefined) expect(sum(Object.values(parts).map((part) => part.count))).toBe(decided.length)
        }
      }),
      runs,
    )
  })

  test('months and groups hold every act and every grant once', () => {
    fc.assert(
      fc.property(audits, ({ months, groups, rows }) => {
        const granted = rows.act.filter(({ act }) => act.kind === 'granted').length
        expect(sum(months.map((month) => month.granted))).toBe(granted)
        const decided = rows.act.filter(({ decision }) => decision !== undefined).length
        expect(sum(months.map((one) => one.independent + one.notIndependent + one.unknown))).toBe(decided)
        for (const group of [groups.team, groups.entitlement, groups.system]) {
          expect(sum(group.map(({ decisionsCount }) => decisionsCount))).toBe(decided)
          expect(sum(group.map(({ grantsCount }) => grantsCount))).toBe(rows.grant.length)
          expect(group.flatMap(({ acts }) => acts).sort((a, b) => a - b)).toEqual(rows.act.map(({ index }) => index))
        }
      }),
      runs,
    )
  })

  test('stays hold every grant once', () => {
    fc.assert(
      fc.property(audits, ({ rows }) => {
        const grants = rows.chain.flatMap(({ chain }) => chain.grants)
        expect(grants.sort((a, b) => a - b)).toEqual(rows.grant.map(({ index }) => index))
      }),
      runs,
    )
  })

  test('every grant is begun by one act, and every act is about the grants that list it', () => {
    fc.assert(
      fc.property(audits, ({ rows }) => {
        for (const { life, index } of rows.grant) {
          expect(life.acts.every((act) => rows.act[act]?.meaning.grants.includes(index))).toBe(true)
        }
        for (const { meaning, index } of rows.act) {
          expect(meaning.grants.every((grant) => rows.grant[grant]?.life.acts.includes(index))).toBe(true)
        }
      }),
      runs,
    )
  })

  test('whatever happened, the ten questions have an answer and the page is made', () => {
    fc.assert(
      fc.property(audits, (report) => {
        expect(answersOf(report).map(({ sentences }) => sentences.length > 0)).toEqual(Array(10).fill(true))
        expect(htmlReport(report)).toContain('</html>')
      }),
      { numRuns: 60 },
    )
  })
})

/** Each conclusion may become unknown or stay; nothing else. */
function onlyForgets(before: AuditReport, after: AuditReport): void {
  const [was, is] = [conclusionsOf(before), conclusionsOf(after)]
  for (const [index, conclusion] of is.entries()) expect([was[index], 'unknown']).toContain(conclusion)
}

describe('knowing less never makes anybody independent', () => {
  const picked = fc.array(fc.nat(30), { minLength: 1, maxLength: 6 })

  test('[independence/unknown-is-not-independent] [B07] without some descriptions of people, teams and systems', () => {
    fc.assert(
      fc.property(histories, sparse, picked, (records, facts, places) => {
        const fewer = { ...facts, nodes: facts.nodes.filter((_, place) => !places.includes(place)) }
        const is = conclusionsOf(audit(records, { directory: coveringFacts(fewer) }))
        const was = conclusionsOf(audit(records, { directory: coveringFacts(facts) }))
        for (const [index, conclusion] of is.entries())
          if (was[index] !== 'independent') expect(conclusion).not.toBe('independent')
      }),
      runs,
    )
  })

  test('[independence/unknown-is-not-independent] [B07] without whole people', () => {
    fc.assert(
      fc.property(histories, sparse, fc.nat(5), (records, facts, number) => {
        const gone = `per_${number}`
        const is = audit(records, { directory: coveringFacts(without(facts, gone)) })
        const named = is.rows.act.filter(({ act }) =>
          [...(act.approvedBy ?? []), ...(act.askedBy ?? []), act.beneficiary].includes(`${number}`),
        )
        const sole = named.filter(
          ({ act }) =>
            act.askedBy?.includes(`${number}`) ||
            act.beneficiary === `${number}` ||
            act.approvedBy?.every((one) => one === `${number}`),
        )
        expect(sole.map(({ judgement }) => judgement?.conclusion)).not.toContain('independent')
      }),
      runs,
    )
  })

  test('[independence/unknown-is-not-independent] [B07] without a source, the time it covers, or any directory', () => {
    fc.assert(
      fc.property(histories, fc.oneof(sparse, broken), (records, facts) => {
        const full = audit(records, { directory: coveringFacts(facts) })
        onlyForgets(full, audit(records, { directory: { facts } }))
        const unread = audit(records, { directory: coveringFacts({ ...facts, sources: facts.sources.slice(1) }) })
        expect(conclusionsOf(unread)).not.toContain('independent')
        expect(conclusionsOf(audit(records))).not.toContain('independent')
      }),
      runs,
    )
  })

  test.each(['askedBy', 'approvedBy', 'beneficiary', 'system'] as const)(
    '[independence/unknown-is-not-independent] [B07] without what the history says in `%s`',
    (field) => {
      fc.assert(
        fc.property(histories, sparse, (records, facts) => {
          const silent = records.map(({ [field]: _, ...rest }) => ({ grant: 'g9', ...rest }))
          const report = audit(silent as typeof records, { directory: coveringFacts(facts) })
          expect(conclusionsOf(report)).not.toContain('independent')
        }),
        runs,
      )
    },
  )

  test('an approver is found independent by a directory only where the engine finds nothing against them', () => {
    fc.assert(
      fc.property(histories, fc.oneof(sparse, broken), (records, facts) => {
        const { rows } = audit(records, { directory: coveringFacts(facts) })
        for (const { judgement } of rows.act) {
          for (const { conclusion, conflicts, doubts } of judgement?.approvers ?? []) {
            const against = conflicts.filter(({ code }) => code !== 'reciprocal')
            const expected = against.length > 0 ? 'not-independent' : doubts.length > 0 ? 'unknown' : 'independent'
            expect(conclusion).toBe(expected)
          }
        }
      }),
      runs,
    )
  })
})

function without(facts: DirectoryFacts, id: string): DirectoryFacts {
  return {
    ...facts,
    nodes: facts.nodes.filter((node) => node.id !== id),
    relations: facts.relations.filter(({ from, to }) => from !== id && to !== id),
    shifts: facts.shifts.filter(({ person }) => person !== id),
  }
}

test('random histories reach every conclusion, often enough for the properties to mean something', () => {
  const found = fc.sample(audits, { numRuns: 300, seed: 7 }).flatMap((report) => conclusionsOf(report))
  const shares = Map.groupBy(found, (conclusion) => conclusion ?? 'none')
  for (const conclusion of ['independent', 'not-independent', 'unknown', 'none']) {
    expect((shares.get(conclusion)?.length ?? 0) / found.length, conclusion).toBeGreaterThan(0.03)
  }
})
