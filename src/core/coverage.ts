/**
 * In which of the coming hours would the people on call have to approve themselves? For every team, rota and workload,
 * hour by hour: how many independent people are on duty, why the others are not, and what would close the hours. The
 * verdicts are those of the engine; it is only clever about when they have to be asked for again.
 */
import type { IndependenceHistory } from './independence.ts'
import { noHistory } from './independence.ts'
import type { Policy } from './policy.ts'

export { type Gap, gapsOf, type PersonThen, peopleThen } from './coverage/gaps.ts'
export {
  type Group,
  type GroupAsker,
  type GroupKind,
  groupNamed,
  teamsAndRotas,
  workloadsOf,
} from './coverage/groups.ts'
export { type CoverageInput, hourMillis, type PreparedCoverage, prepareCoverage } from './coverage/prepare.ts'
export { type Remedy, remedyFor } from './coverage/remedy.ts'
export type { RemedyStep } from './coverage/remedy-steps.ts'
export {
  type CoverageQuestion,
  type CoverageReport,
  coverageReport,
  type ReportRow,
  type SharedGap,
  wholeReport,
} from './coverage/report.ts'
export { type CoverageRow, type HourCell, isShort, rowOf, type ShortHours, shortHoursOf } from './coverage/rows.ts'
export { type Standby, standbyOf } from './coverage/standby.ts'

/** For files, which know no record: the pools are taken to have been as they are for as long as any policy asks. */
export function settledIn(policy: Policy): IndependenceHistory {
  const tenures = Object.values(policy.pools).flatMap(({ id, members }) =>
    members.map((member) => ({ pool: id, member, since: '0001-01-01T00:00:00.000Z' })),
  )
  return { ...noHistory, tenures }
}
