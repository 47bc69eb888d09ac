/**
 * How are the sessions ended that may still use a grant, and is it certain that they are gone? They are ended by their
 * identity (process and start), then looked for again until none is left or time is up. Sessions opened after the
 * removal are left alone.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { done, type GrantSpec, notDone, type Outcome, unknown } from '../access.ts'
import type { Target } from './connection.ts'
import { revoke } from './revoke.ts'
import { heldSql, seesSessionsSql, sessionsSql } from './sessions-sql.ts'
import { removalSpec } from './wire.ts'

/** Ends at once; only where the grant's role is gone already, notes when, if nobody had. */
const endSql = `WITH RECURSIVE ${heldSql}, ${sessionsSql},
  stamped AS (
    UPDATE countersign.grants g SET removed_at = clock_timestamp() FROM spec
    WHERE g.grant_id = s->>'grant' AND g.removed_at IS NULL AND NOT EXISTS (SELECT FROM held)),
  ended AS MATERIALIZED (SELECT session, pg_terminate_backend(pid) AS signalled FROM sessions WHERE ${seesSessionsSql})
  SELECT (SELECT jsonb_agg(session) FROM ended) AS sessions, ${seesSessionsSql} AS "sees",
    EXISTS (SELECT FROM held) AND NOT EXISTS (SELECT FROM held h JOIN pg_auth_members a ON a.roleid = h.oid
      JOIN users u ON u.id = a.member) AS "leftover"`

const stillThereSql = `
  SELECT count(*)::int AS count FROM pg_stat_activity a
  WHERE format('%s@%s', a.pid, (extract(epoch FROM a.backend_start) * 1000000)::bigint)
    IN (SELECT jsonb_array_elements_text($1::jsonb))`

const pauseMillisMax = 200

export async function endSessions(target: Target, spec: GrantSpec): Promise<Outcome<{ readonly ended: number }>> {
  const wire = removalSpec(spec)
  const query = { name: 'countersign_end', text: endSql, values: [JSON.stringify(wire)] }
  const answer = await target.ask('writes', query)
  if (answer.outcome !== 'done') return answer
  const [row = {}] = answer.value
  if (row.sees !== true) return notDone(blindReason, false)
  const sessions = (row.sessions ?? []) as readonly string[]
  if (sessions.length > 0) {
    const left = await leftWithin(target, sessions)
    if (left.outcome !== 'done') return unknown(`sessions were ended, but not seen gone: ${left.reason}`)
    if (left.value > 0) return notDone(`${left.value} of ${sessions.length} sessions are still there`, true)
  }
  // What a session had kept from being dropped can be dropped now; if not, observing says so.
  if (row.leftover === true) await revoke(target, spec)
  return done({ ended: sessions.length })
}

export const blindReason =
  'the login cannot see since when sessions are open: GRANT pg_read_all_stats to it, as in the README'

/** Looks again until they are gone or time is up. @returns how many are left. */
async function leftWithin(target: Target, sessions: readonly string[]): Promise<Outcome<number>> {
  const values = [JSON.stringify(sessions)]
  let waited = 0
  for (let wait = 5; ; wait = Math.min(wait * 2, pauseMillisMax)) {
    const answer = await target.ask('reads', { name: 'countersign_left', text: stillThereSql, values })
    if (answer.outcome !== 'done') return answer
    const left = Number(answer.value[0]?.count)
    if (left === 0 || waited >= target.statementTimeoutMillis) return done(left)
    await pause(wait)
    waited += wait
  }
}
