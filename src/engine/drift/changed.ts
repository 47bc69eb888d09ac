/**
 * What the reconciler saw while it put things right: a grant that was as it shall be, and that somebody changed on the
 * target. It is on record although it is put right at once, since putting it right leaves no other trace.
 */
import type { Observation } from '../../connectors/access.ts'
import type { Drift, DriftFinding } from '../../core/drift.ts'
import type { GrantRow } from '../../store/contract.ts'
import type { Machinery } from '../handle.ts'
import { driftId, recordDrift } from './record.ts'

/**
 * @param first what the first look of this round showed, before anything was done
 * @param right the target is as it shall be now
 */
export async function recordChanged(
  machinery: Machinery,
  row: GrantRow,
  first: Observation | undefined,
  right: boolean,
): Promise<void> {
  const drift = changedBy(row, first)
  if (drift !== undefined) await recordDrift(machinery, { seen: [drift], over: [] }, new Map())
  // What was found in an earlier round, or just now, is over as soon as the target is as it shall be.
  if (!right || (drift === undefined && row.settled)) return
  const id = idOf(row)
  // Nearly every grant was never changed: asking costs a look, and no transaction.
  const known = (await machinery.store.records.find(id)) as DriftFinding | undefined
  if (known?.status !== 'open') return
  await recordDrift(machinery, { seen: [], over: [{ id, because: 'gone' }] }, new Map([[id, known]]))
}

function changedBy(row: GrantRow, first: Observation | undefined): Drift | undefined {
  if (!row.settled || !row.wanted.present || first === undefined) return undefined
  if (first.present && first.differs.length === 0) return undefined
  return driftOf(row, first.present ? first.differs : ['the access was taken away', ...first.differs])
}

function idOf(row: GrantRow): string {
  return driftId(driftOf(row, []))
}

function driftOf({ wanted, waiver }: GrantRow, ways: readonly string[]): Drift {
  const { system, entitlement, account, grant, until } = wanted
  return {
    kind: 'changed-on-target',
    system,
    entitlement,
    account,
    grant,
    waivers: [waiver],
    ways: [...ways].sort(),
    wantedUntil: until,
  }
}
