// The ten questions, in the order in which an auditor asks them.
import type { AuditReport } from '../report.ts'
import type { Answer } from './answer.ts'
import { deciders, independence, instead, ownChanges } from './approvals.ts'
import { ends, removal } from './ends.ts'
import { extensions, newDecisions, standing } from './extensions.ts'
import { reasons } from './reasons.ts'

export function answersOf(report: AuditReport): Answer[] {
  return [ownChanges, independence, instead, deciders, ends, removal, extensions, newDecisions, standing, reasons].map(
    (answer) => answer(report),
  )
}
