/**
 * Pieces of the blocks that change a target, in PL/pgSQL. They run inside one transaction and leave nothing behind in
 * the schema. Names are placed by `format('%I')` alone; refusals are raised with codes that `connection.ts` knows.
 */
import { laterCode, refusedCode } from './connection.ts'
import { makerSql, oursSql } from './objects-sql.ts'

/** `message` is an SQL expression. */
export const refuse = (message: string) => `RAISE EXCEPTION USING ERRCODE = '${refusedCode}', MESSAGE = ${message}`
export const later = (message: string) => `RAISE EXCEPTION USING ERRCODE = '${laterCode}', MESSAGE = ${message}`

export const declarations = `
  spec jsonb := current_setting('countersign.spec')::jsonb;
  modern boolean := current_setting('server_version_num')::int >= 160000;
  held oid; held_name text; held_mark text; known oid; keeper text; r record;`

/** Runs a command (an SQL expression) as whoever made the role of the grant: the login itself, or one of its keepers. */
export const run = (command: string) => `IF keeper IS NULL THEN EXECUTE ${command};
      ELSE EXECUTE format('SELECT countersign.%I($1)', keeper) USING ${command}; END IF`

export const onPrimary = `
  IF pg_is_in_recovery() THEN ${later(`'this server is a standby: connect to the primary'`)}; END IF;`

/** Names are bytes on the server: in any other encoding ours would arrive as different ones. */
export const inUtf8 = `
  IF current_setting('server_encoding') <> 'UTF8' AND (spec - 'mark' - 'markPrefix')::text ~ '[^\\x01-\\x7f]' THEN
    ${refuse(`format('the database is in %s and cannot hold these names byte for byte', current_setting('server_encoding'))`)};
  END IF;`

/**
 * Takes the row of this grant, so that calls for one grant queue behind each other, and refuses an older generation,
 * also after a removal and also for a call that was delayed on its way. A lock that everybody could take (an advisory
 * one) would let the holder of the access stop its removal.
 */
export const fence = `
  INSERT INTO countersign.grants AS g
    (grant_id, role_name, generation, account, account_oid, first_xid, applied_at, removed_at)
  VALUES (spec->>'grant', spec->>'role', (spec->>'generation')::bigint, spec->>'account', NULL,
    pg_current_xact_id(), NULL, NULL)
  ON CONFLICT (grant_id) DO UPDATE SET generation = excluded.generation
    WHERE g.generation <= excluded.generation AND g.account = excluded.account
  RETURNING g.role_oid INTO known;
  IF NOT FOUND THEN
    SELECT g.generation, g.account INTO r FROM countersign.grants g WHERE g.grant_id = spec->>'grant';
    IF r.account <> spec->>'account' THEN
      ${refuse(`format('the grant is for the account \`%s\`, not \`%s\`', r.account, spec->>'account')`)};
    END IF;
    ${refuse(`format('generation %s is older than %s, which the target has seen', spec->>'generation', r.generation)`)};
  END IF;`

/** Finds the role of this grant into `held`, whatever its name is by now, and refuses to touch anybody else's. */
export const findRole = `
  SELECT x.oid, x.rolname, x.mark INTO held, held_name, held_mark
    FROM (SELECT p.oid, p.rolname, shobj_description(p.oid, 'pg_authid') AS mark
          FROM pg_roles p WHERE p.rolname = spec->>'role' OR p.oid = known) x
    WHERE ${oursSql('x', 'x.mark', 'known', 'spec')};
  IF held IS NULL THEN
    FOR r IN SELECT p.oid, p.rolname FROM pg_roles p WHERE p.rolname = spec->>'role' OR p.oid = known LOOP
      IF r.oid = known THEN
        ${refuse(`format('the role of this grant was renamed to \`%s\` and lost its mark: rename it to \`%s\` again', r.rolname, spec->>'role')`)};
      END IF;
      ${refuse(`format('a role \`%s\` exists that Countersign did not make', r.rolname)`)};
    END LOOP;
  END IF;`

/**
 * Into `keeper`: through which function the role of the grant is made, or was. Since PostgreSQL 16 the server walks all
 * roles somebody administers at every change of a membership; keepers share them, and only setups for thousands have any.
 */
export const chooseKeeper = `
  keeper := NULL;
  IF modern AND held IS NULL THEN
    SELECT p.proname INTO keeper FROM pg_proc p
      WHERE p.proname LIKE 'keeper\\_%' AND p.pronamespace = to_regnamespace('countersign')
      ORDER BY hashtextextended(p.proname || (spec->>'grant'), 0) LIMIT 1;
  ELSIF modern THEN
    SELECT x.function INTO keeper FROM (
      SELECT 'keeper_' || substr(m.rolname, length(session_user || '_keeper_') + 1) AS function
      FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
      WHERE a.roleid = held AND a.admin_option AND starts_with(m.rolname, session_user || '_keeper_')) x
      WHERE to_regprocedure(format('countersign.%I(text)', x.function)) IS NOT NULL LIMIT 1;
  END IF;`

const inThisDatabase = `d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`

/** Takes back whatever privileges we gave to the role; what others gave it stays, and is seen as residue. */
export const strip = `
  IF EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = held AND d.deptype = 'a') THEN
  FOR r IN
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS keyword,
        format('%I.%I', n.nspname, c.relname) AS identity
      FROM pg_shdepend d JOIN pg_class c ON c.oid = d.objid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = held AND d.deptype = 'a' AND ${inThisDatabase}
        AND d.classid = 'pg_class'::regclass
    UNION SELECT 'SCHEMA', quote_ident(n.nspname)
      FROM pg_shdepend d JOIN pg_namespace n ON n.oid = d.objid
      WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = held AND d.deptype = 'a' AND ${inThisDatabase}
        AND d.classid = 'pg_namespace'::regclass
    UNION SELECT 'ROUTINE', format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes))
      FROM pg_shdepend d JOIN pg_proc p ON p.oid = d.objid JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = held AND d.deptype = 'a' AND ${inThisDatabase}
        AND d.classid = 'pg_proc'::regclass
  LOOP
    BEGIN
      ${run(`format('REVOKE ALL ON %s %s FROM %I', r.keyword, r.identity, held_name)`)};
    EXCEPTION WHEN insufficient_privilege OR lock_not_available THEN NULL;
    END;
  END LOOP;
  END IF;`

/** Takes the role out of every role it was put into, as far as that is ours to take. */
export const leaveAll = `
  FOR r IN SELECT g.rolname FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid WHERE a.member = held LOOP
    BEGIN
      ${run(`format('REVOKE %I FROM %I', r.rolname, held_name)`)};
    EXCEPTION WHEN insufficient_privilege OR lock_not_available THEN NULL;
    END;
  END LOOP;`

/** Takes everybody out of the role but who made it, and \`keep\`, an expression of role identity. */
export const dismiss = (keep: string) => `
  FOR r IN SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
    WHERE a.roleid = held AND NOT ${makerSql('m', 'a')} AND m.oid IS DISTINCT FROM ${keep} LOOP
    BEGIN
      ${run(`format('REVOKE %I FROM %I', held_name, r.rolname)`)};
    EXCEPTION WHEN insufficient_privilege OR lock_not_available THEN NULL;
    END;
  END LOOP;`
