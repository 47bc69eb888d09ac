/**
 * What did the account do since? PostgreSQL keeps no history of statements. What it can say is what each open session
 * runs or ran last and, where pg_stat_statements of PostgreSQL 17 or later is installed, which statements were first seen
 * since. Where it saw nothing it says so as `not-done`: an empty list would read as "nothing was done".
 */

import type { Instant } from '../../core/time.ts'
import { type Activity, done, type GrantSpec, notDone, type Outcome } from '../access.ts'
import type { Target } from './connection.ts'
import { instantSql } from './objects-sql.ts'
import { removalSpec } from './wire.ts'

const runningSql = `
  SELECT ${instantSql('a.query_start')} AS at, a.usename AS account,
    format('%s in database %s: %s', CASE a.state WHEN 'active' THEN 'runs' ELSE 'ran last' END, a.datname, a.query) AS what
  FROM pg_stat_activity a WHERE a.usename = $1 AND a.query_start >= $2 AND a.leader_pid IS NULL AND a.query <> ''
  ORDER BY a.query_start`

/** Where the extension lives, and whether it knows since when it counts (version 1.11, PostgreSQL 17). */
const statementsPlaceSql = `
  SELECT quote_ident(n.nspname) || '.pg_stat_statements' AS place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = 'pg_stat_statements' AND EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = n.oid AND c.relname = 'pg_stat_statements' AND a.attname = 'stats_since')`

const statementsSql = (place: string) => `
  SELECT ${instantSql('s.stats_since')} AS at, p.rolname AS account,
    format('%s calls, %s rows, first seen then: %s', s.calls, s.rows, s.query) AS what
  FROM ${place} s JOIN pg_roles p ON p.oid = s.userid WHERE p.rolname = $1 AND s.stats_since >= $2 ORDER BY s.stats_since`

export async function activity(target: Target, spec: GrantSpec, since: Instant): Promise<Outcome<readonly Activity[]>> {
  const { account } = removalSpec(spec)
  const values = [account, since]
  const running = await target.ask('reads', { text: runningSql, values })
  if (running.outcome !== 'done') return running
  const place = await target.ask('reads', { text: statementsPlaceSql })
  if (place.outcome !== 'done') return place
  const found = place.value[0]?.place
  const counted =
    typeof found === 'string' ? await target.ask('reads', { text: statementsSql(found), values }) : done([])
  // The extension may be installed without its library being loaded: then only the sessions speak.
  const rows = [...running.value, ...(counted.outcome === 'done' ? counted.value : [])]
  return rows.length === 0 ? notDone(nothingKept, false) : done(rows as unknown as readonly Activity[])
}

const nothingKept =
  'nothing was seen, and PostgreSQL keeps no history of statements: only what open sessions run, and what pg_stat_statements counts'
