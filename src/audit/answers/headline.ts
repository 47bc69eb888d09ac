/** The first screen: what happened, in a few sentences that a board member reads without help. */
import { type AuditReport, figure } from '../report.ts'
import { count, counted, partInWords, share } from '../words.ts'

export function headline(report: AuditReport): string[] {
  return [scope(report), ownChanges(report), independence(report), endings(report), extensions(report)].filter(
    (sentence) => sentence !== '',
  )
}

function scope({ about }: AuditReport): string {
  const grants = counted(about.grantsCount, 'access', 'accesses')
  return `From ${about.first} to ${about.last}, ${counted(about.grantingChangesCount, 'change')} gave ${grants} to ${counted(about.beneficiariesCount, 'beneficiary', 'beneficiaries')}.`
}

function ownChanges(report: AuditReport): string {
  const alone = figure(report, 'one-person')
  if (alone.parts === undefined || alone.parts.grant.total === 0) return 'The history does not say who wrote and who approved them.'
  const benefit = figure(report, 'own-benefit')
  const [first, second] = [partInWords(alone.parts.grant, 'grant'), counted(benefit.count, 'time')]
  return `${first} were written, approved and put in force by one person alone; ${second}, somebody approved or put in force their own access.`
}

function independence(report: AuditReport): string {
  const bad = figure(report, 'not-independent')
  const good = figure(report, 'independent')
  return `Of ${counted(bad.total, 'decision')}, ${count(good.count)} were shown to be independent, ${count(bad.count)} not to be, and ${count(bad.unknownCount)} (${share(bad.unknownCount, bad.total)}) remain unknown.`
}

function endings(report: AuditReport): string {
  const none = figure(report, 'no-end')
  const [late, open] = [figure(report, 'removed-late'), figure(report, 'open-past-end')]
  const known = none.total - none.unknownCount
  if (known === 0) return 'The history does not say when access ends.'
  return `${count(none.count)} of ${counted(known, 'grant')} (${share(none.count, known)}) had no end; ${count(late.count + open.count)} outlived the end they had.`
}

function extensions(report: AuditReport): string {
  const extended = figure(report, 'extended')
  if (extended.count === 0) return ''
  const [after, alone] = [figure(report, 'extended-after-end'), figure(report, 'extended-alone')]
  return `${counted(extended.count, 'end')} ${extended.count === 1 ? 'was' : 'were'} moved later, ${count(after.count)} after the old end had passed and ${count(alone.count)} with nobody deciding but whoever wrote it.`
}
