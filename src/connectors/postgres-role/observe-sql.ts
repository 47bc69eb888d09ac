/**
 * Everything there is to see of one grant, in one statement and therefore at one moment: its role and who is in it, what
 * the role holds, who else leads there, which sessions may use it, and what outlives it.
 */
import { fitsSql, instantSql, makerSql, resourcesSql, usableSql } from './objects-sql.ts'
import { clusterResidueSql, elsewhereSql, residueSql, unindexedSql } from './residue-sql.ts'
import { heldSql, seesSessionsSql, sessionsSql } from './sessions-sql.ts'

/** Privileges of the role, each with the resource it belongs to, or none where it was not asked for. */
const holdsSql = `
  wanted AS MATERIALIZED (SELECT x.* FROM spec, LATERAL (${resourcesSql('s')}) x WHERE x.oid IS NOT NULL),
  entries AS MATERIALIZED (
    SELECT d.classid, d.objid, d.objsubid, e.privilege_type, e.is_grantable, e.grantor
    FROM held h JOIN pg_shdepend d ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = ANY (ARRAY(SELECT oid FROM held))
        AND d.deptype = 'a'
        AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      CROSS JOIN LATERAL (
        SELECT c.relacl AS acl FROM pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid AND d.objsubid = 0
        UNION ALL SELECT a.attacl FROM pg_attribute a WHERE d.classid = 'pg_class'::regclass AND a.attrelid = d.objid
          AND a.attnum = d.objsubid AND d.objsubid <> 0
        UNION ALL SELECT n.nspacl FROM pg_namespace n WHERE d.classid = 'pg_namespace'::regclass AND n.oid = d.objid
        UNION ALL SELECT p.proacl FROM pg_proc p WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid
        UNION ALL SELECT b.datacl FROM pg_database b WHERE d.classid = 'pg_database'::regclass AND b.oid = d.objid
        UNION ALL SELECT t.typacl FROM pg_type t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid) x,
      aclexplode(x.acl) e
    WHERE e.grantee = h.oid),
  holds AS (
    SELECT w.text AS resource, lower(e.privilege_type) AS action, e.is_grantable AS grantable,
      e.classid = 'pg_namespace'::regclass AND e.privilege_type = 'USAGE'
        AND EXISTS (SELECT FROM pg_namespace n, spec, jsonb_to_recordset(s->'resources') AS x(kind text, schema text)
          WHERE n.oid = e.objid AND n.nspname = x.schema AND x.kind <> 'schema') AS implied,
      (SELECT i.type || ' ' || i.identity FROM pg_identify_object(e.classid, e.objid, e.objsubid) i) AS object
    FROM entries e LEFT JOIN wanted w ON w.oid = e.objid AND e.objsubid = 0 AND e.classid = CASE w.class
      WHEN 'schema' THEN 'pg_namespace'::regclass WHEN 'function' THEN 'pg_proc'::regclass ELSE 'pg_class'::regclass END),
  due AS (
    SELECT w.text AS resource, a.action FROM wanted w, spec, jsonb_array_elements_text(s->'actions') a(action)
    WHERE ${fitsSql('w.class', 'a.action')})`

/** Roles that Countersign made for grants: ways through them are not standing access. */
const standingSql = `
  grant_roles(id) AS (SELECT role_oid FROM countersign.grants WHERE role_oid IS NOT NULL),
  reach(id) AS (
    SELECT p.oid FROM pg_roles p, spec WHERE p.rolname = s->>'account'
    UNION SELECT a.roleid FROM reach w JOIN pg_auth_members a ON a.member = w.id
      WHERE ${usableSql('a')} AND NOT EXISTS (SELECT FROM grant_roles g WHERE g.id = a.roleid)),
  standing AS (
    SELECT format('member of %I', p.rolname) AS holds FROM reach r JOIN pg_roles p ON p.oid = r.id, spec
    WHERE p.rolname = s->>'member'
    UNION
    SELECT format('%s on %s', d.action, d.resource)
    FROM due d JOIN wanted w ON w.text = d.resource
      CROSS JOIN LATERAL (
        SELECT c.relacl AS acl, c.relowner AS owner FROM pg_class c WHERE w.class IN ('table', 'sequence') AND c.oid = w.oid
        UNION ALL SELECT n.nspacl, n.nspowner FROM pg_namespace n WHERE w.class = 'schema' AND n.oid = w.oid
        UNION ALL SELECT p.proacl, p.proowner FROM pg_proc p WHERE w.class = 'function' AND p.oid = w.oid) x
    WHERE x.owner IN (SELECT id FROM reach)
      OR EXISTS (SELECT FROM aclexplode(x.acl) e WHERE lower(e.privilege_type) = d.action
        AND (e.grantee = 0 OR e.grantee IN (SELECT id FROM reach)))
      OR (w.class = 'function' AND x.acl IS NULL))`

const scopeSql = `
  begun(xid, at) AS (SELECT first_xid::xid, applied_at FROM memory),
  account(id) AS (SELECT id FROM users),
  own(id) AS (SELECT oid FROM held),
  lent(id) AS (
    SELECT p.oid FROM pg_roles p, spec WHERE p.rolname = s->>'member'
    UNION SELECT a.roleid FROM lent l JOIN pg_auth_members a ON a.member = l.id WHERE ${usableSql('a')}),
  asked(id) AS (
    SELECT w.oid FROM wanted w, spec WHERE w.class = 'table' AND (s->'actions' ?| ARRAY['trigger', 'references']))`

const ids = (from: string) => `(SELECT coalesce(jsonb_agg(id::text ORDER BY id), '[]') FROM ${from})`
const rowsOf = (from: string) => `(SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') FROM ${from} x)`

const answerSql = `
  SELECT jsonb_build_object(
    'standby', pg_is_in_recovery(),
    'sees', ${seesSessionsSql},
    'remembered', ${rowsOf('(SELECT generation, removed_at IS NOT NULL AS removed FROM memory)')},
    'account', ${rowsOf(`(SELECT p.rolsuper AS super, p.rolcanlogin AS login FROM pg_roles p, spec WHERE p.rolname = s->>'account')`)},
    'strangers', ${rowsOf(`(SELECT c.rolname AS name, coalesce(c.oid = (SELECT role_oid FROM memory), false) AS known
      FROM candidates c WHERE c.oid NOT IN (SELECT oid FROM held))`)},
    'role', ${rowsOf(`(SELECT h.rolname AS name, h.mark, ${instantSql('h.rolvaliduntil')} AS until,
      h.rolsuper OR h.rolcreaterole OR h.rolcreatedb OR h.rolreplication OR h.rolbypassrls AS powerful, h.rolcanlogin AS login
      FROM held h)`)},
    'members', ${rowsOf(`(SELECT m.rolname AS name, a.admin_option AS admin, ${usableSql('a')} AS usable,
      coalesce((to_jsonb(a)->>'set_option')::boolean, true) AS "set",
      ${makerSql('m', 'a')} AS maker FROM held h JOIN pg_auth_members a ON a.roleid = h.oid JOIN pg_roles m ON m.oid = a.member
      ORDER BY m.rolname)`)},
    'within', ${rowsOf(`(SELECT g.rolname AS name, a.admin_option AS admin, ${usableSql('a')} AS usable,
      coalesce((to_jsonb(a)->>'set_option')::boolean, true) AS "set"
      FROM held h JOIN pg_auth_members a ON a.member = h.oid JOIN pg_roles g ON g.oid = a.roleid ORDER BY g.rolname)`)},
    'modern', current_setting('server_version_num')::int >= 160000,
    'holds', ${rowsOf('(SELECT * FROM holds ORDER BY object, action)')},
    'missing', (SELECT coalesce(jsonb_agg(x.text ORDER BY x.text), '[]')
      FROM spec, LATERAL (${resourcesSql('s')}) x WHERE x.oid IS NULL),
    'due', ${rowsOf('(SELECT * FROM due ORDER BY resource, action)')},
    'standing', ${rowsOf('(SELECT holds FROM standing ORDER BY holds)')},
    'sessions', ${rowsOf('(SELECT session, account, since, detail FROM sessions ORDER BY since, session)')},
    'residue', ${rowsOf('(SELECT DISTINCT kind, name, detail FROM (TABLE residue UNION ALL TABLE cluster_residue) y ORDER BY kind, name)')},
    'elsewhere', ${rowsOf('(SELECT datname AS name FROM elsewhere ORDER BY datname)')},
    'scope', jsonb_build_object('xid', (SELECT xid::text FROM begun), 'account', ${ids('account')}, 'own', ${ids('own')},
      'lent', ${ids('lent')})
  ) AS seen`

/** $1: specs, as a JSON list. One row for each, in their order. */
export const observeSql = `WITH ${unindexedSql}
  SELECT looked.seen FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY given(s, place) CROSS JOIN LATERAL (
    WITH RECURSIVE ${heldSql}, ${sessionsSql}, ${holdsSql}, ${standingSql}, ${scopeSql},
      ${residueSql}, ${clusterResidueSql}, ${elsewhereSql} ${answerSql}) looked
  ORDER BY given.place`

/** The same look at what is left, in another database: the roles are known, the resources are not there. */
export const residueElsewhereSql = `WITH RECURSIVE
  spec(s) AS (SELECT $1::jsonb),
  begun(xid) AS (SELECT (s->>'xid')::xid FROM spec),
  account(id) AS (SELECT x::oid FROM spec, jsonb_array_elements_text(s->'account') x),
  own(id) AS (SELECT x::oid FROM spec, jsonb_array_elements_text(s->'own') x),
  lent(id) AS (SELECT x::oid FROM spec, jsonb_array_elements_text(s->'lent') x),
  asked(id) AS (SELECT NULL::oid WHERE false),
  ${residueSql} SELECT DISTINCT kind, name, detail FROM residue ORDER BY kind, name`
