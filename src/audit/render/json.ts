/**
 * The report as one JSON document for programs: answers, figures with the indexes of their rows, and the rows
 * themselves. Text stands in it as it was written; whoever shows it makes it inert.
 */
import { answersOf } from '../answers/answers.ts'
import { headline } from '../answers/headline.ts'
import type { AuditReport } from '../report.ts'

/** Raised when a field changes its meaning or goes away. */
export const auditDocumentVersion = 1

export function jsonReport(report: AuditReport): unknown {
  const { about, figures, months, groups, deciders, pairs, silences, names, rows } = report
  return {
    version: auditDocumentVersion,
    about,
    headline: headline(report),
    answers: answersOf(report),
    figures,
    months,
    groups,
    deciders,
    pairs,
    silences,
    names,
    rows: { acts: rows.act, grants: rows.grant, stays: rows.chain.map(({ index, chain }) => ({ ...chain, index })) },
  }
}
