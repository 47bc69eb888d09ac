/**
 * For tests: everything about rights that a database and its cluster hold, in stable order and by name, so that two
 * moments can be compared. Roles of other tests on the same cluster are left out by a tag in their names; so is what the
 * connector remembers for itself.
 */
const here = 'pg_database WHERE datname = current_database()'

const entries = (class_: string, id: string, name: string, acl: string) => `
  SELECT '${class_}' AS class, ${name} AS name, e.grantee::regrole::text AS grantee, e.grantor::regrole::text AS grantor,
    e.privilege_type, e.is_grantable FROM ${id}, aclexplode(${acl}) e`

/** $1: the tag, as a pattern. One row. */
export const snapshotSql = `
  SELECT jsonb_build_object(
    'roles', (SELECT jsonb_agg(to_jsonb(x) - 'oid' - 'rolpassword' ORDER BY x.rolname COLLATE "C") FROM pg_roles x WHERE rolname LIKE $1),
    'comments', (SELECT jsonb_agg(shobj_description(p.oid, 'pg_authid') ORDER BY p.rolname COLLATE "C") FROM pg_roles p WHERE rolname LIKE $1),
    'memberships', (SELECT jsonb_agg(y ORDER BY y::text COLLATE "C") FROM (
      SELECT to_jsonb(a) - 'oid' || jsonb_build_object('roleid', a.roleid::regrole, 'member', a.member::regrole, 'grantor', a.grantor::regrole) AS y
      FROM pg_auth_members a WHERE a.roleid::regrole::text LIKE $1 OR a.member::regrole::text LIKE $1) x),
    'settings', (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.setrole, s.setdatabase) FROM pg_db_role_setting s),
    'privileges', (SELECT jsonb_agg(to_jsonb(x) ORDER BY to_jsonb(x)::text COLLATE "C") FROM (
      ${entries('relation', 'pg_class c', 'c.oid::regclass::text', 'c.relacl')}
      UNION ALL ${entries('column', 'pg_attribute a', `a.attrelid::regclass || '.' || a.attname`, 'a.attacl')}
      UNION ALL ${entries('schema', 'pg_namespace n', 'n.nspname', 'n.nspacl')}
      UNION ALL ${entries('function', 'pg_proc p', 'p.oid::regprocedure::text', 'p.proacl')}
      UNION ALL ${entries('type', 'pg_type t', 't.typname', 't.typacl')}
      UNION ALL ${entries('database', `(SELECT * FROM ${here}) b`, 'b.datname', 'b.datacl')}
      UNION ALL ${entries('default', 'pg_default_acl d', 'd.defaclrole::regrole::text', 'd.defaclacl')}) x
      WHERE x.grantee NOT LIKE 'pg\\_%'),
    'relations', (SELECT jsonb_agg(jsonb_build_array(c.oid, c.oid::regclass, c.relowner::regrole) ORDER BY c.oid) FROM pg_class c
      WHERE c.relnamespace::regnamespace::text NOT IN ('countersign', 'pg_toast', 'pg_catalog', 'information_schema')
        AND NOT pg_is_other_temp_schema(c.relnamespace)),
    'functions', (SELECT jsonb_agg(jsonb_build_array(p.oid, p.proname, p.proowner) ORDER BY p.oid) FROM pg_proc p WHERE p.oid >= 16384),
    'shared', (SELECT jsonb_agg(y ORDER BY y COLLATE "C") FROM (
      SELECT format('%s %s %s %s', d.dbid, d.classid::regclass, d.deptype, d.refobjid::regrole) AS y FROM pg_shdepend d
      WHERE d.refobjid::regrole::text LIKE $1) x),
    'triggers', (SELECT count(*) FROM pg_trigger), 'policies', (SELECT count(*) FROM pg_policy)
  ) AS snapshot`
