/**
 * Two real histories, audited, beside the same figures taken with another tool: SQLite over the lines of the files. Every
 * number stands here twice, written down and asked of SQL, and the audit has to agree with both.
 *
 * The files are no part of this repository; without them these tests say so and are skipped.
 */
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActRow, GrantRow } from '../../src/audit/figures/rows.ts'
import { type AuditReport, figure } from '../../src/audit/report.ts'
import { runAudit } from '../../src/audit/run.ts'
import { sharedData } from '../support/shared-data.ts'

interface Check {
  readonly what: string
  readonly number: number
  readonly sql: string
  readonly ours: (report: AuditReport) => number
}

function countOf(code: string) {
  return (report: AuditReport) => figure(report, code).count
}

/** Changes, of those that grant, for which the figure holds. */
function grantingChanges(code: string) {
  return (report: AuditReport) => figure(report, code).parts?.grant.changesCount ?? -1
}

function acts(is: (row: ActRow, report: AuditReport) => boolean) {
  return (report: AuditReport) => report.rows.act.filter((row) => is(row, report)).length
}

function grants(is: (row: GrantRow) => boolean) {
  return (report: AuditReport) => report.rows.grant.filter(is).length
}

function holds(code: string, report: AuditReport): (row: ActRow) => boolean {
  const rows = new Set(figure(report, code).rows)
  return ({ index }) => rows.has(index)
}

const collaborators: readonly Check[] = [
  { what: 'acts', number: 11_767, sql: 'select count(*) from h', ours: ({ about }) => about.actsCount },
  {
    what: 'grants',
    number: 3_761,
    sql: "select count(*) from h where r->>'type' = 'grant'",
    ours: ({ about }) => about.grantsCount,
  },
  {
    what: 'removals',
    number: 3_234,
    sql: "select count(*) from h where r->>'type' = 'remove'",
    ours: acts(({ act }) => act.kind === 'removed'),
  },
  {
    what: 'date changes',
    number: 2_614,
    sql: "select count(*) from h where r->>'type' = 'review_after_change'",
    ours: acts(({ act }) => act.kind === 'end-changed'),
  },
  {
    what: 'grants with a reason that came by a merge',
    number: 1_963,
    sql: "select count(*) from h where r->>'type' = 'grant' and r->>'by_merge' and r->>'$.new.reason' is not null",
    ours: acts(({ act }) => act.kind === 'granted' && act.askedBy !== undefined && typeof act.reason === 'string'),
  },
  {
    what: 'of these, merged by the only human author',
    number: 682,
    sql: `select count(*) from h where r->>'type' = 'grant' and r->>'by_merge' and r->>'$.new.reason' is not null
      and (select group_concat(distinct value) from json_each(r, '$.authors') where value not like 'bot-%') = r->>'merged_by'`,
    ours: acts(
      (row, report) =>
        row.act.kind === 'granted' && typeof row.act.reason === 'string' && holds('one-person', report)(row),
    ),
  },
  {
    what: 'renewals',
    number: 1_994,
    sql: "select count(*) from h where r->>'type' = 'review_after_change' and r->>'$.new.review_after' > r->>'$.old.review_after'",
    ours: countOf('extended'),
  },
  {
    what: 'renewals after the old date had passed',
    number: 474,
    sql: `select count(*) from h where r->>'type' = 'review_after_change' and r->>'$.new.review_after' > r->>'$.old.review_after'
      and substr(r->>'at', 1, 10) > r->>'$.old.review_after'`,
    ours: countOf('extended-after-end'),
  },
  {
    what: 'changes of the date of the one access that was renewed most often (one of them back)',
    number: 10,
    sql: `select max(n) from (select count(*) n from h where r->>'type' = 'review_after_change' and r->>'$.new.review_after' is not null
      and r->>'$.old.review_after' is not null and r->>'$.new.review_after' <> r->>'$.old.review_after'
      group by r->>'repository', r->>'subject')`,
    ours: ({ rows }) => {
      const moves = Map.groupBy(rows.grant, ({ life }) => life.key).values()
      return Math.max(...moves.map((lives) => lives.reduce((sum, { life }) => sum + life.movesCount, 0)))
    },
  },
  {
    what: 'renewals of ten or more in one change',
    number: 1_721,
    sql: `select sum(n) from (select count(*) n from h where r->>'type' = 'review_after_change'
      and r->>'$.new.review_after' > r->>'$.old.review_after' group by coalesce(r->>'change', r->>'at') having n >= 10)`,
    ours: countOf('extended-in-bulk'),
  },
  {
    what: 'renewals that kept the old reason, letter for letter (two of them of what was never granted)',
    number: 1_962,
    sql: `select count(*) from h where r->>'type' = 'review_after_change' and r->>'$.new.review_after' > r->>'$.old.review_after'
      and r->>'$.new.reason' = r->>'$.old.reason'`,
    ours: (report) => countOf('extended-same-reason')(report) + figure(report, 'extended-same-reason').unknownCount,
  },
  {
    what: 'grants without a date',
    number: 339,
    sql: "select count(*) from h where r->>'type' = 'grant' and r->>'$.new.review_after' is null",
    ours: countOf('no-end'),
  },
  {
    what: 'dates that no calendar has, in grants and in changes of the date',
    number: 17,
    sql: `select count(*) from h where r->>'type' in ('grant', 'review_after_change')
      and r->>'$.new.review_after' is not null and date(r->>'$.new.review_after') <> r->>'$.new.review_after'`,
    ours: countOf('impossible-end'),
  },
  {
    what: 'grants without a sponsor',
    number: 376,
    sql: "select count(*) from h where r->>'type' = 'grant' and r->>'$.new.sponsor' is null",
    ours: countOf('no-sponsor'),
  },
  {
    what: 'removed after the date',
    number: 460,
    sql: "select count(*) from h where r->>'type' = 'remove' and substr(r->>'at', 1, 10) > r->>'$.old.review_after'",
    ours: countOf('removed-late'),
  },
  {
    what: 'removed by the date',
    number: 2_633,
    sql: "select count(*) from h where r->>'type' = 'remove' and substr(r->>'at', 1, 10) <= r->>'$.old.review_after'",
    ours: countOf('removed-in-time'),
  },
  {
    what: 'removed without a date',
    number: 141,
    sql: "select count(*) from h where r->>'type' = 'remove' and r->>'$.old.review_after' is null",
    ours: countOf('removed-without-end'),
  },
  {
    what: 'still there at the end of the history',
    number: 530,
    sql: `select count(*) from (select r->>'type' t, row_number() over
      (partition by r->>'repository', r->>'subject' order by r->>'seq' desc) n from h) where n = 1 and t <> 'remove'`,
    ours: grants(({ life }) => life.removed === undefined),
  },
]

const memberships = "json_each(r, '$.added') a where a.value->>0 not in ('absent', 'absent_ldap')"
const grantsSomething = `exists (select 1 from ${memberships})`
const votes = (label: string) => `json_each(r, '$.votes') v where v.value->>0 = '${label}'`
const movedLater = "from h, json_each(r, '$.expiry_changed') e where e.value->>'new' > e.value->>'old'"

const productionRoot: readonly Check[] = [
  {
    what: 'changes of the register',
    number: 1_611,
    sql: 'select count(*) from h',
    ours: ({ about }) => about.files.reduce((sum, { linesCount }) => sum + linesCount, 0),
  },
  {
    what: 'changes that grant',
    number: 655,
    sql: `select count(*) from h where ${grantsSomething}`,
    ours: ({ about }) => about.grantingChangesCount,
  },
  {
    what: 'memberships',
    number: 1_595,
    sql: `select count(*) from h, ${memberships}`,
    ours: ({ about }) => about.grantsCount,
  },
  {
    what: 'changes that grant, merged by their author',
    number: 431,
    sql: `select count(*) from h where ${grantsSomething} and r->>'author' = r->>'merged_by'`,
    ours: grantingChanges('own-entry'),
  },
  {
    what: 'of these, with a membership for the author',
    number: 29,
    sql: `select count(*) from h where r->>'author' = r->>'merged_by'
      and exists (select 1 from ${memberships} and a.value->>1 = r->>'author')`,
    ours: (report) => {
      const own = report.rows.act.filter(holds('own-entry', report)).filter(holds('own-benefit', report))
      return new Set(own.filter(({ act }) => act.askedBy?.includes(act.beneficiary ?? '')).map(({ act }) => act.change))
        .size
    },
  },
  {
    what: 'changes that grant, merged by their author, approved by nobody else',
    number: 402,
    sql: `select count(*) from h where ${grantsSomething} and r->>'author' = r->>'merged_by'
      and not exists (select 1 from ${votes('Code-Review')} and v.value->>1 >= 2 and v.value->>2 <> r->>'author')`,
    ours: grantingChanges('one-person'),
  },
  { what: 'dates moved later', number: 90, sql: `select count(*) ${movedLater}`, ours: countOf('extended') },
  {
    what: 'dates moved later after they had passed',
    number: 43,
    sql: `select count(*) ${movedLater} and substr(r->>'at', 1, 10) > e.value->>'old'`,
    ours: countOf('extended-after-end'),
  },
  {
    what: 'dates set where there was none',
    number: 54,
    sql: "select count(*) from h, json_each(r, '$.expiry_changed') e where e.value->>'old' is null",
    ours: countOf('end-set-afterwards'),
  },
  {
    what: 'memberships granted without a ticket',
    number: 470,
    sql: `select count(*) from h, ${memberships} and r->>'tickets' = 0`,
    ours: (report) => figure(report, 'no-reference').parts?.grant.count ?? -1,
  },
  {
    what: 'memberships removed',
    number: 665,
    sql: "select count(*) from h, json_each(r, '$.removed') a where a.value->>0 not in ('absent', 'absent_ldap')",
    ours: acts(({ act }) => act.kind === 'removed'),
  },
]

const histories = [
  { mapper: 'collaborators', file: 'moj-collaborator-history.jsonl', checks: collaborators },
  { mapper: 'production-root', file: 'production-root-history-to-2019.jsonl', checks: productionRoot },
] as const

for (const { mapper, file, checks } of histories) {
  const { path, isThere } = sharedData(file, `the audit of the history of ${mapper}`)

  describe.skipIf(!isThere)(`the history of ${mapper}, with no directory at all`, () => {
    const database = new DatabaseSync(':memory:')
    let report: AuditReport

    beforeAll(async () => {
      database.exec('create table h (r text)')
      const insert = database.prepare('insert into h values (?)')
      database.exec('begin')
      for (const line of readFileSync(path, 'utf8').split('\n')) if (line !== '') insert.run(line)
      database.exec('commit')
      const audit = await runAudit({ histories: [path], mapper })
      if ('problems' in audit) throw new Error(audit.problems[0]?.message)
      report = audit.value
    })

    test.each(checks)('$what: $number', ({ number, sql, ours }) => {
      expect(Object.values(database.prepare(sql).get() ?? {})[0], 'SQL').toBe(number)
      expect(ours(report), 'audit').toBe(number)
    })

    test('[independence/unknown-is-not-independent] nobody is called independent', () => {
      expect(figure(report, 'independent').count).toBe(0)
      expect(figure(report, 'not-independent').unknownCount).toBeGreaterThan(0)
    })
  })
}
