/** The mappers on small files that are part of the repository: what a line of each becomes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Mapper } from '../../src/audit/mapper.ts'
import { collaborators } from '../../src/audit/mappers/collaborators.ts'
import { productionRoot } from '../../src/audit/mappers/production-root.ts'
import { historyOf } from '../../src/audit/read/history.ts'
import { auditOf, figure } from '../../src/audit/report.ts'

const fixture = join(import.meta.dirname, '../../src/audit/fixture')

function reportOf(mapper: Mapper, name: string) {
  const history = historyOf([{ name, text: readFileSync(join(fixture, name), 'utf8') }], mapper)
  if ('problems' in history) throw new Error(history.problems[0]?.message)
  return auditOf({ history: history.value })
}

describe('collaborators', () => {
  const report = reportOf(collaborators, 'collaborators.jsonl')
  const database = new DatabaseSync(':memory:')
  database.exec('create table h (r text)')
  for (const line of readFileSync(join(fixture, 'collaborators.jsonl'), 'utf8').trim().split('\n')) {
    database.prepare('insert into h values (?)').run(line)
  }
  const sql = (text: string) => Object.values(database.prepare(`select count(*) from h where ${text}`).get() ?? {})[0]
  const later = "r->>'type' = 'review_after_change' and r->>'$.new.review_after' > r->>'$.old.review_after'"

  test('the same figures as SQL finds in the same file', () => {
    expect(report.about.grantsCount).toBe(sql("r->>'type' = 'grant'"))
    expect(figure(report, 'extended').count).toBe(sql(later))
    expect(figure(report, 'extended-after-end').count).toBe(
      sql(`${later} and substr(r->>'at', 1, 10) > r->>'$.old.review_after'`),
    )
    expect(figure(report, 'impossible-end').count).toBe(
      sql("r->>'$.new.review_after' = '2023-06-31' and r->>'type' <> 'metadata_change'"),
    )
    expect([figure(report, 'extended').count, figure(report, 'extended-after-end').count]).toEqual([21, 5])
  })

  test('[B18] the access that was renewed most often, over three grants', () => {
    const stays = report.rows.chain.filter(({ chain }) => chain.beneficiary === 'p-1029')
    expect(stays.map(({ chain }) => [chain.grants.length, chain.laterCount, chain.movesCount])).toEqual([
      [2, 8, 9],
      [1, 1, 1],
    ])
  })

  test('[independence/unknown-is-not-independent] who wrote it is known of merges only', () => {
    const conclusions = Map.groupBy(report.rows.act, ({ judgement }) => judgement?.conclusion)
    expect(conclusions.get('independent')).toBeUndefined()
    for (const { act } of conclusions.get('not-independent') ?? []) expect(act.askedBy).toContain(act.enteredBy)
    const direct = report.rows.act.filter(({ act }) => act.approvedBy === undefined)
    expect(direct.length).toBeGreaterThan(0)
    expect(
      direct.every(({ act, judgement }) => act.askedBy === undefined && judgement?.conclusion !== 'not-independent'),
    ).toBe(true)
  })
})

describe('production-root', () => {
  const report = reportOf(productionRoot, 'production-root.jsonl')

  test('changes and memberships, without the groups of those who left', () => {
    expect(report.about).toMatchObject({ grantingChangesCount: 4, grantsCount: 6, actsCount: 13 })
    expect(report.groups.entitlement.map(({ name }) => name)).toEqual(['root', 'web', 'logs', undefined])
  })

  test('written, voted, merged', () => {
    // Lines 1 and 3 were merged by their author; only line 3 had somebody else’s approving vote.
    expect(figure(report, 'own-entry').parts?.grant).toEqual({ count: 4, total: 6, changesCount: 2, changesTotal: 4 })
    expect(figure(report, 'one-person').parts?.grant).toMatchObject({ count: 3, changesCount: 1 })
    expect(figure(report, 'own-benefit').rows.map((index) => report.rows.act[index]?.act.beneficiary)).toEqual(['u-01'])
  })

  test('a date is the person’s, and holds for what they get later', () => {
    const web = report.rows.grant.find(({ life }) => life.beneficiary === 'u-04' && life.entitlement === 'web')
    const root = report.rows.grant.find(({ life }) => life.beneficiary === 'u-04' && life.entitlement === 'root')
    expect(web?.life.promises.map(({ end }) => (typeof end === 'object' ? end.written : end))).toEqual([
      '2031-03-31',
      '2031-06-30',
    ])
    expect(root?.life.promises).toMatchObject([{ end: { written: '2031-06-30' } }])
    expect([web?.outcome, root?.outcome, web?.daysLate, web?.daysPastEnd]).toEqual([
      'removed-late',
      'removed-late',
      8,
      10,
    ])
  })

  test('[B18] moved later, late, and found where nobody had put it', () => {
    expect(figure(report, 'extended').count).toBe(2)
    expect(figure(report, 'extended-after-end').count).toBe(1)
    // The last line says that u-05 had an end in August; nothing before it says so.
    expect(figure(report, 'end-moved-unrecorded').rows).toEqual([12])
    // Clearing the date of somebody who has just lost everything takes no end away.
    expect(figure(report, 'end-taken-away').count).toBe(0)
  })
})
