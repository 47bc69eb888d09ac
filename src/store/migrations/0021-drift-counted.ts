/**
 * How much is open on each target, of each kind? Asked at every reading of the metrics. What is counted stands in columns of
 * its own, so that the index alone answers and no finding is opened for it.
 */
import { type Kysely, sql } from 'kysely'

const open = "kind = 'drift' and status = 'open'"

export const driftCounted = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `alter table records
           add column drift_system text generated always as (case when ${open} then state -> 'drift' ->> 'system' end) stored,
           add column drift_kind text generated always as (case when ${open} then state -> 'drift' ->> 'kind' end) stored,
           add column drift_reviewed boolean generated always as (case when ${open} then state -> 'review' is not null end) stored`,
      )
      .execute(db)
    await sql
      .raw(
        `create index records_drift_counted on records (drift_system, drift_kind, drift_reviewed) where drift_system is not null`,
      )
      .execute(db)
  },
}
