/**
 * Which role gives what of the entitlements we govern, and which logins reach such a role, by which way? Catalogs only, in
 * one statement and therefore at one moment. What comes through a grant carries its id; a role that merely looks like one
 * of ours does not.
 */
import { fitsSql, instantSql, resourcesSql, usableSql } from './objects-sql.ts'

/** Our own login and those that keep roles for it give access; they are not somebody who has it. */
const ownSql = (role: string) =>
  `(${role}.rolname = session_user OR starts_with(${role}.rolname, session_user || '_keeper_'))`

const oursSql = `ours AS MATERIALIZED (
    SELECT g.role_oid AS id, g.grant_id, coalesce(${instantSql('p.rolvaliduntil')}, 'infinity') AS until
    FROM countersign.grants g JOIN pg_roles p ON p.oid = g.role_oid
    WHERE p.rolname = g.role_name
      OR starts_with(shobj_description(p.oid, 'pg_authid'), format('{"countersign":1,"grant":%s,', to_json(g.grant_id))))`

/** `via`: the last role on the way that is neither the login nor one of ours. */
const reachSql = `logins AS MATERIALIZED (
    SELECT p.oid AS id, p.rolname AS name FROM pg_roles p WHERE p.rolcanlogin AND NOT ${ownSql('p')}),
  reach(login, id, via, grant_id, until) AS (
    SELECT l.id, l.id, NULL::text COLLATE "C", o.grant_id, o.until FROM logins l LEFT JOIN ours o ON o.id = l.id
    UNION
    SELECT r.login, a.roleid,
      CASE WHEN r.id = r.login OR EXISTS (SELECT FROM ours o WHERE o.id = r.id) THEN r.via
        ELSE quote_ident(p.rolname) COLLATE "C" END,
      coalesce(r.grant_id, o.grant_id), coalesce(r.until, o.until)
    FROM reach r JOIN pg_auth_members a ON a.member = r.id JOIN pg_roles p ON p.oid = r.id
      LEFT JOIN ours o ON o.id = a.roleid
    WHERE ${usableSql('a')})`

/** Predefined roles that give an action on everything of a class. */
const predefined = [
  ['pg_read_all_data', 'table', 'select'],
  ['pg_read_all_data', 'sequence', 'select'],
  ['pg_read_all_data', 'schema', 'usage'],
  ['pg_write_all_data', 'table', 'insert'],
  ['pg_write_all_data', 'table', 'update'],
  ['pg_write_all_data', 'table', 'delete'],
  ['pg_maintain', 'table', 'maintain'],
]
  .map((row) => `(${row.map((text) => `'${text}'`).join(', ')})`)
  .join(', ')

/** Role 0 is everybody. */
const givingSql = `
  governed AS MATERIALIZED (SELECT g->>'entitlement' AS entitlement, g FROM jsonb_array_elements($1::jsonb) g),
  wanted AS MATERIALIZED (
    SELECT w.entitlement, w.g, x.* FROM governed w CROSS JOIN LATERAL (${resourcesSql('w.g')}) x WHERE x.oid IS NOT NULL),
  due AS MATERIALIZED (
    SELECT w.entitlement, w.text, w.class, w.oid, a.action
    FROM wanted w CROSS JOIN LATERAL jsonb_array_elements_text(w.g->'actions') a(action) WHERE ${fitsSql('w.class', 'a.action')}),
  objects AS MATERIALIZED (
    SELECT w.entitlement, w.text, w.class, w.oid, x.acl, x.owner FROM wanted w CROSS JOIN LATERAL (
      SELECT coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner)) AS acl,
        c.relowner AS owner FROM pg_class c WHERE w.class IN ('table', 'sequence') AND c.oid = w.oid
      UNION ALL SELECT coalesce(n.nspacl, acldefault('n', n.nspowner)), n.nspowner
        FROM pg_namespace n WHERE w.class = 'schema' AND n.oid = w.oid
      UNION ALL SELECT coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
        FROM pg_proc p WHERE w.class = 'function' AND p.oid = w.oid) x),
  giving(entitlement, role, holds) AS (
    SELECT w.entitlement, p.oid, 'member of ' || quote_ident(p.rolname)
      FROM governed w JOIN pg_roles p ON p.rolname = w.g->>'member'
    UNION SELECT d.entitlement, e.grantee, format('%s on %s', d.action, d.text)
      FROM due d JOIN objects o ON o.entitlement = d.entitlement AND o.text = d.text CROSS JOIN LATERAL aclexplode(o.acl) e
      WHERE lower(e.privilege_type) = d.action AND e.grantee <> o.owner
    UNION SELECT d.entitlement, e.grantee, format('%s on a column of %s', d.action, d.text)
      FROM due d JOIN pg_attribute a ON a.attrelid = d.oid AND d.class = 'table' AND a.attacl IS NOT NULL
        CROSS JOIN LATERAL aclexplode(a.attacl) e
      WHERE lower(e.privilege_type) = d.action
    UNION SELECT o.entitlement, o.owner, format('owner of %s', o.text) FROM objects o
    UNION SELECT d.entitlement, p.oid, format('%s on everything', d.action)
      FROM (VALUES ${predefined}) AS x(role, class, action)
        JOIN due d ON d.class = x.class AND d.action = x.action JOIN pg_roles p ON p.rolname = x.role)`

/** $1: entitlements, as a JSON list. */
export const inventorySql = `WITH RECURSIVE ${oursSql}, ${reachSql}, ${givingSql},
  through AS (
    SELECT l.name AS account, p.rolname AS role, p.rolsuper AS super, r.*
    FROM reach r JOIN logins l ON l.id = r.login JOIN pg_roles p ON p.oid = r.id),
  held AS (
    SELECT t.account, g.entitlement, g.holds || CASE
        WHEN t.id = t.login OR EXISTS (SELECT FROM ours o WHERE o.id = t.id) THEN ''
        WHEN starts_with(g.holds, 'member of ') THEN coalesce(' through ' || t.via, '')
        ELSE ' through ' || quote_ident(t.role) END AS holds, t.grant_id, t.until
      FROM through t JOIN giving g ON g.role = t.id
    UNION SELECT 'public', g.entitlement, g.holds || ', for everybody', NULL, NULL FROM giving g WHERE g.role = 0
    UNION SELECT t.account, NULL, CASE WHEN t.id = t.login THEN 'superuser' ELSE 'superuser as ' || quote_ident(t.role) END,
        t.grant_id, t.until
      FROM through t WHERE t.super)
  SELECT pg_is_in_recovery() AS standby,
    (SELECT coalesce(jsonb_agg(to_jsonb(h) ORDER BY account, entitlement, holds, grant_id), '[]') FROM held h) AS held,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('entitlement', x.entitlement, 'missing', x.missing)), '[]') FROM (
      SELECT w.entitlement, 'role \`' || (w.g->>'member') || '\`' AS missing FROM governed w
        WHERE w.g->>'member' IS NOT NULL AND NOT EXISTS (SELECT FROM pg_roles p WHERE p.rolname = w.g->>'member')
      UNION ALL SELECT w.entitlement, 'resource \`' || x.text || '\`'
        FROM governed w CROSS JOIN LATERAL (${resourcesSql('w.g')}) x WHERE x.oid IS NULL) x) AS missing`
