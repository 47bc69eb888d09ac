/** Small histories that a test can be read by, and what is asked of them. */

import type { History } from '../../src/audit/history.ts'
import type { AuditDirectory } from '../../src/audit/judge/then.ts'
import { plain } from '../../src/audit/mappers/plain.ts'
import { historyOf } from '../../src/audit/read/history.ts'
import type { HistoryRecord } from '../../src/audit/record.ts'
import { type AuditInput, type AuditReport, auditOf } from '../../src/audit/report.ts'
import type { DirectoryFacts } from '../../src/core/directory.ts'
import { directoryOf } from '../support/directories.ts'

/** A grant that says everything: Ann asked for it and Rob approved it. */
export const said: HistoryRecord = {
  at: '2026-11-01T09:00:00Z',
  act: 'granted',
  beneficiary: 'ann',
  system: 'ledger',
  entitlement: 'write',
  askedBy: ['ann'],
  approvedBy: ['rob'],
  until: '2026-11-08',
  reason: 'correct the books',
}

/** @returns `said` with what is different; `undefined` leaves a field out. */
export function record(different: { readonly [Field in keyof HistoryRecord]?: HistoryRecord[Field] | undefined } = {}) {
  const merged = Object.entries({ ...said, ...different }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(merged) as HistoryRecord
}

export function history(records: readonly HistoryRecord[]): History {
  const text = records.map((one) => JSON.stringify(one)).join('\n')
  const read = historyOf([{ name: 'history.jsonl', text }], plain)
  if ('problems' in read) throw new Error(read.problems.map(({ where, message }) => `${where}: ${message}`).join('\n'))
  return read.value
}

export function audit(records: readonly HistoryRecord[], rest: Omit<AuditInput, 'history'> = {}): AuditReport {
  return auditOf({ history: history(records), ...rest })
}

/** Ann in payments, Rob in security, and a ledger that platform runs: enough to know that Rob is independent. */
export const placed = `
  per_ann member-of team_payments
  per_rob member-of team_security
  per_kim member-of team_platform
  team_platform administers sys_ledger`

/** A directory read on 22 November 2026 that is complete from the beginning of that year. */
export function covering(text: string, rest: Partial<AuditDirectory> = {}): AuditDirectory {
  return { facts: directoryOf(text), coversFrom: '2026-01-01T00:00:00.000Z', ...rest }
}

export function coveringFacts(facts: DirectoryFacts): AuditDirectory {
  return { facts, coversFrom: '2026-01-01T00:00:00.000Z' }
}

export function conclusionsOf({ rows }: AuditReport): (string | undefined)[] {
  return rows.act.map(({ judgement }) => judgement?.conclusion)
}

/** Codes of what is missing, each once. */
export function doubtsOf({ rows }: AuditReport, index = 0): string[] {
  const judgement = rows.act[index]?.judgement
  const all = [...(judgement?.doubts ?? []), ...(judgement?.approvers ?? []).flatMap(({ doubts }) => doubts)]
  return [...new Set(all.map(({ code }) => code))].sort()
}

export function codesOf({ rows }: AuditReport, index = 0): string[] {
  return (rows.act[index]?.judgement?.approvers ?? []).flatMap(({ conflicts }) => conflicts).map(({ code }) => code)
}
