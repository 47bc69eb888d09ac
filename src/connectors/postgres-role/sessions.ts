/**
 * How are the sessions ended that may still use a grant, and is it certain that they are gone? They are ended by their
 * identity (process and start), then looked for again until none is left or time is up. Sessions opened after the
 * removal are left alone.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { done, notDone, type Outcome, unknown } from '../access.ts'
import type { Target } from './connection.ts'
import { heldSql, seesSessionsSql, sessionsSql } from './sessions-sql.ts'
import type { WireSpec } from './wire.ts'

/** $1: specs, as a JSON list. Ends at once; where a grant's role is gone already, notes when, if nobody had. */
const endSql = `
  WITH stamped AS (
    UPDATE countersign.grants g SET removed_at = clock_timestamp()
    FROM jsonb_to_recordset($1::jsonb) AS x("grant" text)
    WHERE g.grant_id = x.grant AND g.removed_at IS NULL
      AND NOT EXISTS (SELECT FROM pg_roles p WHERE p.oid = g.role_oid OR p.rolname = g.role_name))
  SELECT ended.* FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY given(s, place) CROSS JOIN LATERAL (
    WITH RECURSIVE ${heldSql}, ${sessionsSql},
      ended AS MATERIALIZED (SELECT session, pg_terminate_backend(pid) AS signalled FROM sessions WHERE ${seesSessionsSql})
    SELECT (SELECT jsonb_agg(session) FROM ended) AS sessions, ${seesSessionsSql} AS "sees",
      EXISTS (SELECT FROM held) AND NOT EXISTS (SELECT FROM held h JOIN pg_auth_members a ON a.roleid = h.oid
        JOIN users u ON u.id = a.member) AS "leftover") ended
  ORDER BY given.place`

const stillThereSql = `
  SELECT count(*)::int AS count FROM pg_stat_activity a
  WHERE format('%s@%s', a.pid, (extract(epoch FROM a.backend_start) * 1000000)::bigint)
    IN (SELECT jsonb_array_elements_text($1::jsonb))`

const pauseMillisMax = 200

/** What was ended for a grant, and whether its role is still there with nobody in it. */
export interface Ended {
  readonly sees: boolean
  readonly sessions: readonly string[] | null
  readonly leftover: boolean
}

export async function endAll(target: Target, specs: readonly WireSpec[]): Promise<readonly Outcome<Ended>[]> {
  const query = { name: 'countersign_end', text: endSql, values: [JSON.stringify(specs)] }
  const answer = await target.ask('writes', query)
  return specs.map((_, index) => (answer.outcome === 'done' ? done(answer.value[index] as unknown as Ended) : answer))
}

/** Reads back that what was ended is gone. */
export async function gone(target: Target, { sees, sessions }: Ended): Promise<Outcome<{ readonly ended: number }>> {
  if (!sees) return notDone(blindReason, false)
  if (sessions === null) return done({ ended: 0 })
  const left = await leftWithin(target, sessions)
  if (left.outcome !== 'done') return unknown(`sessions were ended, but not seen gone: ${left.reason}`)
  if (left.value > 0) return notDone(`${left.value} of ${sessions.length} sessions are still there`, true)
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
