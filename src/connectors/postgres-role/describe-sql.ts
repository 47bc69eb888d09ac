/**
 * What makes an object or a role what it is: identities rather than names, owners, definitions, and whatever else decides
 * what reading or writing it does. Nothing that changes by using it, and no text that depends on settings.
 */
import { resourcesSql } from './objects-sql.ts'

const hash = (text: string) => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`

const functionHash = (row: string) =>
  `(CASE WHEN ${row}.prokind = 'a' THEN 'aggregate' ELSE ${hash(`pg_get_functiondef(${row}.oid)`)} END)`

const functionSql = (row: string) => `jsonb_build_object('kind', 'function', 'oid', ${row}.oid::text,
    'name', format('%I.%I(%s)', ${row}.pronamespace::regnamespace::text, ${row}.proname, oidvectortypes(${row}.proargtypes)),
    'owner', ${row}.proowner::regrole::text, 'securityDefiner', ${row}.prosecdef, 'definition', ${functionHash(row)})`

const kinds = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE c.relkind::text END`

/** What a view reads, through views, with the functions it calls: swapping any of it changes what the view shows. */
const readsSql = `(
    WITH RECURSIVE reads(id) AS (
      SELECT d.refobjid FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
        AND d.refclassid = 'pg_class'::regclass WHERE w.ev_class = c.oid AND d.refobjid <> c.oid
      UNION SELECT d.refobjid FROM reads r JOIN pg_rewrite w ON w.ev_class = r.id
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
        WHERE d.refobjid <> r.id)
    SELECT jsonb_agg(DISTINCT x.read) FROM (
      SELECT jsonb_build_object('oid', v.oid::text, 'name', v.oid::regclass::text, 'owner', v.relowner::regrole::text,
        'definition', CASE WHEN v.relkind IN ('v', 'm') THEN ${hash('pg_get_viewdef(v.oid)')} END) AS read
      FROM reads r JOIN pg_class v ON v.oid = r.id
      UNION ALL
      SELECT ${functionSql('p')} FROM (SELECT id FROM reads UNION SELECT c.oid) r JOIN pg_rewrite w ON w.ev_class = r.id
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_proc'::regclass
        JOIN pg_proc p ON p.oid = d.refobjid) x
    WHERE c.relkind IN ('v', 'm'))`

const relationSql = `jsonb_build_object('kind', ${kinds}, 'oid', c.oid::text, 'name', c.oid::regclass::text,
    'owner', c.relowner::regrole::text, 'rowSecurity', c.relrowsecurity, 'rowSecurityForOwner', c.relforcerowsecurity,
    'options', CASE WHEN c.relkind IN ('v', 'm') THEN to_jsonb(c.reloptions) END,
    'columns', (SELECT jsonb_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)))
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S'),
    'definition', CASE WHEN c.relkind IN ('v', 'm') THEN ${hash('pg_get_viewdef(c.oid)')} END,
    'reads', ${readsSql},
    'foreign', (SELECT jsonb_build_object('server', s.srvname, 'options', to_jsonb(f.ftoptions), 'at', to_jsonb(s.srvoptions))
      FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid),
    'triggers', (SELECT jsonb_agg(jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled,
        'runs', ${functionSql('p')}))
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
    'rules', (SELECT jsonb_agg(pg_get_ruledef(w.oid)) FROM pg_rewrite w WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN'),
    'policies', (SELECT jsonb_agg(jsonb_build_object('name', y.polname, 'for', y.polcmd, 'permissive', y.polpermissive,
        'to', (SELECT jsonb_agg(coalesce(p.rolname, 'public')) FROM unnest(y.polroles) o(id) LEFT JOIN pg_roles p ON p.oid = o.id
          WHERE NOT starts_with(coalesce(p.rolname, ''), 'countersign_')),
        'using', pg_get_expr(y.polqual, y.polrelid), 'check', pg_get_expr(y.polwithcheck, y.polrelid)))
      FROM pg_policy y WHERE y.polrelid = c.oid),
    'childrenElsewhere', (SELECT jsonb_agg(i.inhrelid::regclass::text) FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid
      WHERE i.inhparent = c.oid AND (k.relowner <> c.relowner OR k.relnamespace <> c.relnamespace)))`

const objectSql = (objectClass: string, id: string) => `CASE ${objectClass}
    WHEN 'schema' THEN (SELECT jsonb_build_object('kind', 'schema', 'oid', n.oid::text, 'name', quote_ident(n.nspname),
      'owner', n.nspowner::regrole::text) FROM pg_namespace n WHERE n.oid = ${id})
    WHEN 'function' THEN (SELECT ${functionSql('p')} FROM pg_proc p WHERE p.oid = ${id})
    ELSE (SELECT ${relationSql} FROM pg_class c WHERE c.oid = ${id}) END`

/** $1: the asked, as JSON. One row: resources with what they are, and the role with all it leads to. */
export const describeSql = `WITH RECURSIVE
  spec(s) AS (SELECT $1::jsonb),
  named(name) AS (SELECT coalesce(s->>'member', s->>'ceiling') FROM spec),
  lent(id) AS (
    SELECT p.oid FROM pg_roles p JOIN named n ON p.rolname = n.name
    UNION SELECT a.roleid FROM lent l JOIN pg_auth_members a ON a.member = l.id)
  SELECT jsonb_build_object(
    'database', current_database(),
    'modern', current_setting('server_version_num')::int >= 160000,
    'resources', (SELECT coalesce(jsonb_agg(jsonb_build_object('resource', x.text, 'is', ${objectSql('x.class', 'x.oid')})), '[]')
      FROM spec, LATERAL (${resourcesSql('s')}) x),
    'roles', (SELECT coalesce(jsonb_agg(jsonb_build_object('oid', p.oid::text, 'name', p.rolname, 'superuser', p.rolsuper,
        'createRole', p.rolcreaterole, 'createDatabase', p.rolcreatedb, 'replication', p.rolreplication,
        'bypassRowSecurity', p.rolbypassrls, 'login', p.rolcanlogin)), '[]') FROM lent l JOIN pg_roles p ON p.oid = l.id),
    'memberships', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', m.rolname, 'of', g.rolname, 'admin', a.admin_option,
        'inherit', coalesce((to_jsonb(a)->>'inherit_option')::boolean, m.rolinherit),
        'set', coalesce((to_jsonb(a)->>'set_option')::boolean, true))), '[]')
      FROM lent l JOIN pg_auth_members a ON a.member = l.id JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid),
    'elsewhere', (SELECT coalesce(jsonb_agg(DISTINCT b.datname), '[]') FROM pg_shdepend d JOIN pg_database b ON b.oid = d.dbid
      WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid IN (SELECT id FROM lent) AND b.datname <> current_database()
        AND b.datallowconn)
  ) AS seen`

const acls = `
    SELECT 'pg_class'::regclass AS class, c.oid, 0 AS sub, c.relacl AS acl FROM pg_class c
    UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl FROM pg_attribute a WHERE a.attacl IS NOT NULL
    UNION ALL SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspacl FROM pg_namespace n
    UNION ALL SELECT 'pg_proc'::regclass, p.oid, 0, p.proacl FROM pg_proc p
    UNION ALL SELECT 'pg_type'::regclass, t.oid, 0, t.typacl FROM pg_type t
    UNION ALL SELECT 'pg_language'::regclass, l.oid, 0, l.lanacl FROM pg_language l
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, 0, f.fdwacl FROM pg_foreign_data_wrapper f
    UNION ALL SELECT 'pg_foreign_server'::regclass, s.oid, 0, s.srvacl FROM pg_foreign_server s
    UNION ALL SELECT 'pg_largeobject'::regclass, o.oid, 0, o.lomacl FROM pg_largeobject_metadata o
    UNION ALL SELECT 'pg_database'::regclass, b.oid, 0, b.datacl FROM pg_database b WHERE b.datname = current_database()
    UNION ALL SELECT 'pg_tablespace'::regclass, t.oid, 0, t.spcacl FROM pg_tablespace t
    UNION ALL SELECT 'pg_parameter_acl'::regclass, q.oid, 0, q.paracl FROM pg_parameter_acl q`

const named = (classId: string, id: string, sub = '0') =>
  `(SELECT jsonb_build_object('oid', ${id}::text, 'type', i.type, 'name', i.identity) FROM pg_identify_object(${classId}, ${id}, ${sub}) i)`

/** $1: identities of roles, as JSON. One row: what these roles hold and own in the database asked. */
export const roleContentsSql = `WITH
  lent(id) AS (SELECT x::oid FROM jsonb_array_elements_text($1::jsonb) x),
  deps AS MATERIALIZED (
    SELECT d.classid, d.objid, d.objsubid, d.deptype, d.refobjid AS role FROM pg_shdepend d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid IN (SELECT id FROM lent)
      AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
  SELECT jsonb_build_object(
    'privileges', (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('role', e.grantee::regrole::text,
        'action', lower(e.privilege_type), 'grantable', e.is_grantable, 'on', ${named('x.class', 'x.oid', 'x.sub')})), '[]')
      FROM (${acls}) x, aclexplode(x.acl) e
      WHERE e.grantee IN (SELECT id FROM lent) AND (x.class, x.oid) IN (SELECT classid, objid FROM deps)),
    'owns', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', d.role::regrole::text,
        'object', ${named('d.classid', 'd.objid', 'd.objsubid')})), '[]') FROM deps d WHERE d.deptype = 'o'),
    'defaults', (SELECT coalesce(jsonb_agg(jsonb_build_object('made by', a.defaclrole::regrole::text,
        'in', a.defaclnamespace::regnamespace::text, 'objects', a.defaclobjtype, 'to', e.grantee::regrole::text,
        'action', lower(e.privilege_type), 'grantable', e.is_grantable)), '[]')
      FROM pg_default_acl a, aclexplode(a.defaclacl) e WHERE e.grantee IN (SELECT id FROM lent)),
    'objects', (SELECT coalesce(jsonb_agg(x.object), '[]') FROM (
      SELECT DISTINCT CASE WHEN d.classid = 'pg_proc'::regclass THEN ${objectSql(`'function'`, 'd.objid')}
        ELSE ${objectSql(`'table'`, 'd.objid')} END AS object
      FROM deps d WHERE d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass) AND d.deptype IN ('o', 'a')) x)
  ) AS seen`

/** What can be said of roles in a database that cannot be entered: which objects, by identity alone. */
export const unreadContentsSql = `
  SELECT jsonb_agg(DISTINCT jsonb_build_object('class', d.classid::regclass::text, 'oid', d.objid::text, 'kind', d.deptype)) AS seen
  FROM pg_shdepend d JOIN pg_database b ON b.oid = d.dbid
  WHERE d.refclassid = 'pg_authid'::regclass AND b.datname = $1::jsonb->>'database'
    AND d.refobjid IN (SELECT x::oid FROM jsonb_array_elements_text($1::jsonb->'roles') x)`
