/** The first screen: what happened, in a few sentences that a board member reads without help. */

import { count, counted, share } from '../../report/numbers.ts'
import { type AuditReport, figure } from '../report.ts'
import { partInWords } from '../words.ts'

export function headline(report: AuditReport): string[] {
  return [scope(report), ownChanges(report), independence(report), endings(report), extensions(report)].filter(
    (sentence) => sentence !== '',
  )
}

function scope({ about }: AuditReport): string {
  const [changes, grants] = [counted(about.grantingChangesCount, 'change'), counted(about.grantsCount, 'time')]
  const different = `${counted(about.beneficiariesCount, 'different beneficiary', 'different beneficiaries')}`
  return `From ${about.first} to ${about.last}, ${changes} granted access ${grants}, to ${different}.`
}

function ownChanges(report: AuditReport): string {
  const alone = figure(report, 'one-person')
  if (alone.parts === undefined || alone.parts.grant.total === 0)
    return 'The history does not say who wrote and who approved them.'
  const benefit = figure(report, 'own-benefit')
  const told = `${partInWords(alone.parts.grant, 'grant')} were written, approved and put in force by one person alone`
  if (benefit.count === 0) return `${told}.`
  return `${told}; ${counted(benefit.count, 'time')}, somebody approved or put in force access of their own.`
}

function independence(report: AuditReport): string {
  const bad = figure(report, 'not-independent')
  const good = figure(report, 'independent')
  const found = `${count(bad.count)} (${share(bad.count, bad.total)}) were approved by nobody independent`
  const shown =
    good.count === 0
      ? ''
      : `${count(good.count)} (${share(good.count, good.total)}) were approved by somebody independent, `
  const open = bad.unknownCount === 0 ? '' : `; about ${count(bad.unknownCount)} nobody can say`
  return `Of ${counted(bad.total, 'decision')} in all, ${shown}${found}${open}.`
}

function endings(report: AuditReport): string {
  const none = figure(report, 'no-end')
  const [late, open] = [figure(report, 'removed-late'), figure(report, 'open-past-end')]
  const known = none.total - none.unknownCount
  if (known === 0) return 'The history does not say when access ends.'
  return `${count(none.count)} of ${counted(known, 'grant')} (${share(none.count, known)}) had no end when they were given; ${count(late.count + open.count)} outlived the end they had.`
}

function extensions(report: AuditReport): string {
  const extended = figure(report, 'extended')
  if (extended.count === 0) return ''
  const [after, alone] = [figure(report, 'extended-after-end'), figure(report, 'extended-alone')]
  return `${counted(extended.count, 'end')} ${extended.count === 1 ? 'was' : 'were'} moved later, ${count(after.count)} after the old end had passed and ${count(alone.count)} with nobody deciding but whoever wrote it.`
}
