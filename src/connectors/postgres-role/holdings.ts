/**
 * Who holds what on this server right now, ours or not? Every way of every login: attributes, memberships (also through
 * groups), direct privileges and ownership. What comes from a grant carries its id; a role that merely looks like one of
 * ours does not.
 */
import { done, type Holding, type Outcome } from '../access.ts'
import { type Target, wholeCatalogs } from './connection.ts'
import { instantSql, usableSql } from './objects-sql.ts'

const holdingsSql = `WITH RECURSIVE
  ours AS MATERIALIZED (SELECT g.role_oid AS id, g.grant_id FROM countersign.grants g JOIN pg_roles p ON p.oid = g.role_oid
    WHERE p.rolname = g.role_name
      OR starts_with(shobj_description(p.oid, 'pg_authid'), format('{"countersign":1,"grant":%s,', to_json(g.grant_id)))),
  logins AS (SELECT p.oid AS id, p.rolname AS name, p.* FROM pg_roles p WHERE p.rolcanlogin),
  reach(login, id, via) AS (
    SELECT l.id, l.id, NULL::text COLLATE "C" FROM logins l
    UNION SELECT r.login, a.roleid, CASE WHEN r.id = r.login THEN NULL ELSE quote_ident(p.rolname) COLLATE "C" END
      FROM reach r JOIN pg_auth_members a ON a.member = r.id JOIN pg_roles p ON p.oid = r.id
      WHERE ${usableSql('a')} AND r.id NOT IN (SELECT o.id FROM ours o)),
  direct AS (
    SELECT e.grantee AS holder, format('%s on %s', lower(e.privilege_type), format('%I.%I', n.nspname, c.relname)) AS holds
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) e WHERE e.grantee <> c.relowner
    UNION ALL SELECT e.grantee, format('%s on schema %I', lower(e.privilege_type), n.nspname)
      FROM pg_namespace n, aclexplode(n.nspacl) e WHERE e.grantee <> n.nspowner
    UNION ALL SELECT e.grantee, format('%s on function %s', lower(e.privilege_type), p.oid::regprocedure)
      FROM pg_proc p, aclexplode(p.proacl) e WHERE e.grantee <> p.proowner
    UNION ALL SELECT e.grantee, format('%s on database %I', lower(e.privilege_type), b.datname)
      FROM pg_database b, aclexplode(b.datacl) e WHERE e.grantee <> b.datdba
    UNION ALL SELECT c.relowner, format('owner of objects in schema %I', n.nspname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema') GROUP BY c.relowner, n.nspname),
  given AS (
    SELECT r.login, o.grant_id, x.holds, ${instantSql('p.rolvaliduntil')} AS until
    FROM reach r JOIN ours o ON o.id = r.id JOIN pg_roles p ON p.oid = o.id CROSS JOIN LATERAL (
      SELECT 'member of ' || quote_ident(g.rolname) AS holds FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid
        WHERE a.member = o.id
      UNION ALL SELECT d.holds FROM direct d WHERE d.holder = o.id) x)
  SELECT x.account, x.holds, x.grant_id, x.until FROM (
    SELECT l.name AS account, 'attribute ' || a.what AS holds, NULL AS grant_id, NULL AS until
      FROM logins l CROSS JOIN LATERAL (VALUES ('superuser', l.rolsuper), ('create role', l.rolcreaterole),
        ('create database', l.rolcreatedb), ('replication', l.rolreplication), ('bypass row security', l.rolbypassrls)) a(what, has)
      WHERE a.has
    UNION ALL SELECT l.name, 'member of ' || quote_ident(p.rolname) || coalesce(' through ' || r.via, ''), NULL, NULL
      FROM reach r JOIN logins l ON l.id = r.login JOIN pg_roles p ON p.oid = r.id LEFT JOIN ours o ON o.id = r.id
      WHERE r.id <> r.login AND o.id IS NULL
    UNION ALL SELECT l.name, 'may pass on ' || quote_ident(p.rolname), NULL, NULL
      FROM logins l JOIN pg_auth_members a ON a.member = l.id JOIN pg_roles p ON p.oid = a.roleid LEFT JOIN ours o ON o.id = p.oid
      WHERE a.admin_option AND o.id IS NULL
    UNION ALL SELECT l.name, g.holds, g.grant_id, g.until FROM given g JOIN logins l ON l.id = g.login
    UNION ALL SELECT l.name, d.holds, NULL, NULL FROM direct d JOIN logins l ON l.id = d.holder) x
  ORDER BY 1, 2, 3`

export async function holdings(target: Target): Promise<Outcome<readonly Holding[]>> {
  const answer = await target.ask('reads', wholeCatalogs(holdingsSql))
  if (answer.outcome !== 'done') return answer
  return done(
    answer.value.map(({ account, holds, grant_id, until }) => ({
      account: String(account),
      holds: String(holds),
      ...(typeof grant_id === 'string' ? { grant: grant_id } : {}),
      ...(typeof until === 'string' ? { until } : {}),
    })),
  )
}
