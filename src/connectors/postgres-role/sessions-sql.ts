/**
 * Which sessions may still use a grant? `pg_stat_activity` does not show `SET ROLE`, cursors or prepared plans, so the
 * rule is time: every session of the account, of whoever can use the account, and of whoever is in the grant's role,
 * that was open before the access was removed, or that says it began in the future, when the clock was set back.
 */
import { instantSql, oursSql, usableSql } from './objects-sql.ts'

/**
 * Stands inside a query over `given(s)`, the specs, and in front of what follows. `memory`: what is remembered of the
 * grant, no row if nothing. `held`: the grant's role, no row once it is gone.
 */
export const heldSql = `
  spec AS MATERIALIZED (SELECT given.s),
  memory AS (SELECT g.* FROM countersign.grants g, spec WHERE g.grant_id = s->>'grant'),
  candidates AS MATERIALIZED (
    SELECT p.*, shobj_description(p.oid, 'pg_authid') AS mark FROM pg_roles p, spec WHERE p.rolname = s->>'role'
    UNION
    SELECT p.*, shobj_description(p.oid, 'pg_authid') FROM pg_roles p WHERE p.oid = (SELECT role_oid FROM memory)),
  held AS MATERIALIZED (
    SELECT c.* FROM candidates c, spec
    WHERE ${oursSql('c', 'c.mark', '(SELECT role_oid FROM memory)', 's')})`

export const sessionsSql = `
  users(id) AS (
    SELECT p.oid FROM pg_roles p, spec WHERE p.rolname = s->>'account'
    UNION SELECT account_oid FROM memory WHERE account_oid IS NOT NULL
    UNION SELECT a.member FROM pg_auth_members a JOIN held h ON h.oid = a.roleid WHERE ${usableSql('a')}),
  wider(id) AS (
    SELECT id FROM users
    UNION SELECT a.member FROM wider w JOIN pg_auth_members a ON a.roleid = w.id WHERE ${usableSql('a')}),
  sessions AS MATERIALIZED (
    SELECT a.pid, a.backend_start, coalesce(a.usename, format('role %s, which is gone', a.usesysid)) AS account,
      format('%s@%s', a.pid, (extract(epoch FROM a.backend_start) * 1000000)::bigint) AS session,
      ${instantSql('coalesce(a.backend_start, now())')} AS since,
      concat_ws(', ', a.backend_type, 'database ' || a.datname, 'from ' || coalesce(host(a.client_addr), 'a socket'),
        'application ' || nullif(a.application_name, ''), a.state) AS detail
    FROM pg_stat_activity a
    WHERE a.usesysid IN (SELECT id FROM wider) AND a.leader_pid IS NULL AND a.pid <> pg_backend_pid()
      AND a.usesysid <> (SELECT oid FROM pg_roles WHERE rolname = session_user)
      AND (EXISTS (SELECT FROM memory) OR EXISTS (SELECT FROM held))
      AND (a.backend_start > clock_timestamp() OR coalesce(a.backend_start <= (SELECT removed_at FROM memory
        WHERE NOT EXISTS (SELECT FROM held h JOIN pg_auth_members i ON i.roleid = h.oid
          WHERE i.member IN (SELECT id FROM users))), true)))`

/** What a login without `pg_read_all_stats` cannot see: since when a session is open. */
export const seesSessionsSql = `pg_has_role(session_user, 'pg_read_all_stats', 'USAGE')`
