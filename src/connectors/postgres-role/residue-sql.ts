/**
 * What outlives the removal of a grant in one database? PostgreSQL keeps no history of its catalogs, but every row of
 * them carries the transaction that wrote it: what was written after the grant began, with rights the grant lent, is
 * residue. It errs towards naming too much: a change made by somebody else with the same role looks the same.
 *
 * It needs in front of it: `spec(s)`, `begun(xid, at)` the first transaction of the grant, `account(id)`, `own(id)` the
 * grant's role, `lent(id)` every role whose rights the grant lent, `asked(id)` the relations the grant is about.
 */

/** Written after the grant began. Strictly: the grant's own transaction made only what the grant is. */
const since = (row: string) => `age(${row}.xmin) < (SELECT age(begun.xid) FROM begun)`

const here = `(0, (SELECT oid FROM pg_database WHERE datname = current_database()))`
const identity = (classId: string, object: string, sub = '0') =>
  `(SELECT i.type || ' ' || i.identity FROM pg_identify_object(${classId}, ${object}, ${sub}) i)`

const dependencies = `
  deps AS MATERIALIZED (
    SELECT d.classid, d.objid, d.objsubid, d.deptype, d.refobjid AS role FROM pg_shdepend d
    WHERE d.refclassid = 'pg_authid'::regclass AND d.dbid IN ${here}
      AND d.refobjid = ANY (ARRAY(SELECT id FROM own UNION ALL SELECT id FROM lent UNION ALL SELECT id FROM account))),
  near AS MATERIALIZED (
    SELECT id FROM asked
    UNION SELECT objid FROM deps WHERE classid = 'pg_class'::regclass AND role IN (SELECT id FROM lent))`

/** What hangs on the grant's own role, whenever it came there: nothing of it is ours once the role was stripped. */
const onOwnRole = `
    SELECT CASE WHEN p.prosecdef THEN 'security-definer-function' ELSE 'owned-object' END AS kind,
      ${identity('d.classid', 'd.objid', 'd.objsubid')} AS name, 'owned by the role of the grant' AS detail
    FROM deps d LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
    WHERE d.deptype = 'o' AND d.role IN (SELECT id FROM own)
    UNION ALL
    SELECT CASE d.classid WHEN 'pg_default_acl'::regclass THEN 'default-privileges' WHEN 'pg_policy'::regclass THEN 'policy'
        ELSE 'privilege-of-role' END,
      ${identity('d.classid', 'd.objid', 'd.objsubid')}, 'names the role of the grant, and was not given by Countersign'
    FROM deps d WHERE d.deptype <> 'o' AND d.role IN (SELECT id FROM own)`

const ownedByLent = `
    SELECT CASE WHEN p.prosecdef THEN 'security-definer-function' ELSE 'owned-object' END,
      ${identity('d.classid', 'd.objid', 'd.objsubid')},
      format('made or changed while the grant ran; owned by %I, whose rights the grant lent', r.rolname)
    FROM deps d JOIN pg_roles r ON r.oid = d.role
      LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      LEFT JOIN pg_type t ON t.oid = c.reltype
      LEFT JOIN pg_namespace n ON d.classid = 'pg_namespace'::regclass AND n.oid = d.objid
    WHERE d.deptype = 'o' AND d.role IN (SELECT id FROM lent)
      AND (${since('p')} OR ${since('t')} OR ${since('n')} OR (c.reltype = 0 AND ${since('c')})
        OR EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid AND ${since('w')}))`

/** Objects of the account in a place where it could not make them now: made with the grant's rights. */
const leftByAccount = `
    SELECT CASE WHEN p.prosecdef THEN 'security-definer-function' ELSE 'owned-object' END,
      ${identity('d.classid', 'd.objid', 'd.objsubid')},
      'made by the account while the grant ran, in a schema where it may make nothing now'
    FROM deps d
      LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND ${since('p')}
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND ${since('c')}
      JOIN pg_namespace n ON n.oid = coalesce(p.pronamespace, c.relnamespace)
    WHERE d.deptype = 'o' AND d.role IN (SELECT id FROM account) AND n.nspname !~ '^pg_'
      AND NOT has_schema_privilege(d.role, n.oid, 'CREATE')`

const plantedOnRelations = `
    SELECT 'trigger', ${identity(`'pg_trigger'::regclass`, 't.oid')}, 'made or changed while the grant ran'
    FROM near JOIN pg_trigger t ON t.tgrelid = near.id WHERE NOT t.tgisinternal AND ${since('t')}
    UNION ALL
    SELECT DISTINCT 'foreign-key', ${identity(`'pg_constraint'::regclass`, 't.tgconstraint')},
      'refers to it since the grant began, and so restricts what others can change'
    FROM near JOIN pg_trigger t ON t.tgrelid = near.id
    WHERE t.tgisinternal AND t.tgconstraint <> 0 AND t.tgconstrrelid <> t.tgrelid AND ${since('t')}
    UNION ALL
    SELECT 'rule', ${identity(`'pg_rewrite'::regclass`, 'w.oid')}, 'made or changed while the grant ran'
    FROM near JOIN pg_rewrite w ON w.ev_class = near.id WHERE w.rulename <> '_RETURN' AND ${since('w')}
    UNION ALL
    SELECT 'policy', ${identity(`'pg_policy'::regclass`, 'p.oid')}, 'made or changed while the grant ran'
    FROM near JOIN pg_policy p ON p.polrelid = near.id WHERE ${since('p')}
    UNION ALL
    SELECT 'event-trigger', e.evtname, 'runs a function of the account or of a role the grant lent'
    FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid
    WHERE (${since('e')} OR ${since('p')}) AND p.proowner IN (SELECT id FROM account UNION ALL SELECT id FROM lent)`

const onward = `
    SELECT 'default-privileges', ${identity(`'pg_default_acl'::regclass`, 'a.oid')}, 'made or changed while the grant ran'
    FROM pg_default_acl a WHERE a.defaclrole IN (SELECT id FROM lent) AND ${since('a')}
    UNION ALL
    SELECT DISTINCT 'privilege', format('%s on %s to %s', lower(e.privilege_type), ${identity('x.class', 'x.id')},
        coalesce(quote_ident(g.rolname), 'public')),
      format('given by %I, whose rights the grant lent; the object was changed while the grant ran', b.rolname)
    FROM (
      SELECT 'pg_class'::regclass AS class, c.oid AS id, c.relacl AS acl FROM deps d JOIN pg_class c
        ON d.classid = 'pg_class'::regclass AND c.oid = d.objid WHERE d.role IN (SELECT id FROM lent) AND ${since('c')}
      UNION SELECT 'pg_proc'::regclass, p.oid, p.proacl FROM deps d JOIN pg_proc p
        ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid WHERE d.role IN (SELECT id FROM lent) AND ${since('p')}
      UNION SELECT 'pg_namespace'::regclass, n.oid, n.nspacl FROM deps d JOIN pg_namespace n
        ON d.classid = 'pg_namespace'::regclass AND n.oid = d.objid WHERE d.role IN (SELECT id FROM lent) AND ${since('n')}
      ) x, aclexplode(x.acl) e JOIN pg_roles b ON b.oid = e.grantor LEFT JOIN pg_roles g ON g.oid = e.grantee
    WHERE e.grantor IN (SELECT id FROM lent) AND e.grantee <> e.grantor AND e.grantee NOT IN (SELECT id FROM lent)`

/** Rows of (kind, name, detail) in the database the connection is in. */
export const residueSql = `${dependencies},
  residue(kind, name, detail) AS (
    ${onOwnRole} UNION ALL ${ownedByLent} UNION ALL ${leftByAccount} UNION ALL ${plantedOnRelations} UNION ALL ${onward})`

/**
 * Memberships by who gave them are indexed since PostgreSQL 16. Before, they are read through once for all grants asked
 * about, without what Countersign and the first superuser (10) gave: no grant lends their rights; this stands in front of the
 * query over `given(s)`.
 */
export const unindexedSql = `
  fresh AS MATERIALIZED (
    SELECT a.roleid, a.member, a.grantor, a.xmin AS xid
    FROM pg_auth_members a
    WHERE current_setting('server_version_num')::int < 160000
      AND a.grantor NOT IN (10, (SELECT p.oid FROM pg_roles p WHERE p.rolname = session_user))
      AND age(a.xmin) < (SELECT max(age(g.first_xid::xid))
      FROM jsonb_to_recordset($1::jsonb) AS x("grant" text) JOIN countersign.grants g ON g.grant_id = x.grant))`

/**
 * What belongs to the whole cluster and is therefore asked once. Before PostgreSQL 16 the giver of a membership is the
 * account itself, whichever role let it give.
 */
export const clusterResidueSql = `
  givers(id) AS MATERIALIZED (
    SELECT id FROM lent UNION ALL SELECT id FROM own
    UNION ALL SELECT id FROM account
      WHERE EXISTS (SELECT FROM lent) AND current_setting('server_version_num')::int < 160000),
  passed_on AS (
    SELECT a.roleid, a.member, a.grantor, a.xid FROM fresh a WHERE a.grantor IN (SELECT id FROM givers)
    UNION ALL SELECT a.roleid, a.member, a.grantor, a.xmin FROM pg_auth_members a
      WHERE current_setting('server_version_num')::int >= 160000 AND a.grantor = ANY (ARRAY(SELECT id FROM givers))),
  cluster_residue(kind, name, detail) AS (
    SELECT 'membership', format('%I in %I', m.rolname, g.rolname), format('given while the grant ran by %I', b.rolname)
    FROM (SELECT * FROM passed_on p WHERE age(p.xid) < (SELECT age(begun.xid) FROM begun) OFFSET 0) a
      JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles b ON b.oid = a.grantor
    UNION ALL
    SELECT 'prepared-transaction', x.gid, format('open since %s in database %I: it can still be committed', x.prepared, x.database)
    FROM pg_prepared_xacts x JOIN pg_roles r ON r.rolname = x.owner
    WHERE r.oid IN (SELECT id FROM account UNION ALL SELECT id FROM lent UNION ALL SELECT id FROM own)
      AND x.prepared >= (SELECT at FROM begun))`

/** Databases other than this one in which roles the grant lent own or hold something. */
export const elsewhereSql = `
  elsewhere AS (
    SELECT DISTINCT b.datname FROM pg_shdepend d JOIN pg_database b ON b.oid = d.dbid
    WHERE d.refclassid = 'pg_authid'::regclass
      AND d.refobjid = ANY (ARRAY(SELECT id FROM own UNION ALL SELECT id FROM lent)) AND b.datname <> current_database() AND b.datallowconn)`
