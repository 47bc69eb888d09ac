/**
 * How does the access come into being? One transaction makes a role for this grant alone, gives it exactly what was
 * asked, checks that this is what it holds, and makes the account its member. Nothing wider is ever given; whatever
 * cannot be given exactly is refused as a whole.
 */
import type { GrantSpec, Outcome } from '../access.ts'
import { done } from '../access.ts'
import {
  chooseKeeper,
  declarations,
  dismiss,
  fence,
  findRole,
  inUtf8,
  leaveAll,
  onPrimary,
  refuse,
  run,
  strip,
} from './blocks-sql.ts'
import { blockWith, type Target } from './connection.ts'
import { fitsSql, resourcesSql, usableSql } from './objects-sql.ts'
import { wireSpec } from './wire.ts'

const findAccount = `
  SELECT a.oid, a.rolname, a.rolsuper, a.rolcanlogin INTO account FROM pg_roles a WHERE a.rolname = spec->>'account';
  IF NOT FOUND THEN ${refuse(`format('the account \`%s\` does not exist on the target', spec->>'account')`)}; END IF;
  IF account.rolsuper THEN
    ${refuse(`format('the account \`%s\` is a superuser: it holds everything, a grant would mean nothing', account.rolname)`)};
  END IF;
  IF account.rolname = session_user THEN
    ${refuse(`format('the account \`%s\` is the login Countersign itself uses', account.rolname)`)};
  END IF;
  IF NOT account.rolcanlogin THEN
    ${refuse(`format('the account \`%s\` cannot log in: a grant to a group would reach everybody in it', account.rolname)`)};
  END IF;
  SELECT string_agg(quote_ident(m.rolname), ', ' ORDER BY m.rolname) INTO others
    FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
    WHERE a.roleid = account.oid AND NOT m.rolsuper AND ${usableSql('a')};
  IF others IS NOT NULL THEN
    ${refuse(`format('the account \`%s\` can be used by %s too, who would get the access', account.rolname, others)`)};
  END IF;`

const withinTime = `
  IF clock_timestamp() >= (spec->>'until')::timestamptz THEN
    ${refuse(`format('the grant was to end at %s, which is past by the clock of the target', spec->>'until')`)};
  END IF;`

/** Into `wanted`: every privilege the role shall hold, with usage of the schema where nobody has it without asking. */
const listWanted = `
  FOR r IN SELECT x.* FROM (${resourcesSql('spec')}) x LOOP
    IF r.oid IS NULL THEN ${refuse(`format('the resource \`%s\` does not exist', r.text)`)}; END IF;
    IF NOT EXISTS (SELECT FROM jsonb_array_elements_text(spec->'actions') a(action) WHERE ${fitsSql('r.class', 'a.action')}) THEN
      ${refuse(`format('none of the actions fits \`%s\`, which is a %s', r.text, r.class)`)};
    END IF;
  END LOOP;
  FOR r IN SELECT a.action FROM jsonb_array_elements_text(spec->'actions') a(action) WHERE NOT EXISTS
    (SELECT FROM (${resourcesSql('spec')}) x WHERE ${fitsSql('x.class', 'a.action')}) LOOP
    ${refuse(`format('the action \`%s\` fits none of the resources', r.action)`)};
  END LOOP;
  SELECT coalesce(jsonb_agg(to_jsonb(w)), '[]') INTO wanted FROM (
    SELECT x.class, x.oid, x.keyword, x.identity, a.action, true AS asked
      FROM (${resourcesSql('spec')}) x, jsonb_array_elements_text(spec->'actions') a(action)
      WHERE ${fitsSql('x.class', 'a.action')}
    UNION SELECT 'schema', x.namespace, 'SCHEMA', quote_ident(n.nspname), 'usage', false
      FROM (${resourcesSql('spec')}) x JOIN pg_namespace n ON n.oid = x.namespace
      WHERE x.kind <> 'schema' AND NOT has_schema_privilege('public', x.namespace, 'USAGE')) w;`

const underCeiling = `
  IF spec->>'ceiling' IS NOT NULL THEN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = spec->>'ceiling') THEN
      ${refuse(`format('the role \`%s\` does not exist', spec->>'ceiling')`)};
    END IF;
    FOR r IN SELECT w.* FROM jsonb_to_recordset(wanted) AS w(class text, oid oid, identity text, action text, asked boolean)
      WHERE w.asked AND NOT CASE w.class
        WHEN 'schema' THEN has_schema_privilege((spec->>'ceiling')::name, w.oid, w.action)
        WHEN 'function' THEN has_function_privilege((spec->>'ceiling')::name, w.oid, w.action)
        WHEN 'sequence' THEN has_sequence_privilege((spec->>'ceiling')::name, w.oid, w.action)
        ELSE has_table_privilege((spec->>'ceiling')::name, w.oid, w.action) END LOOP
      ${refuse(`format('\`%s\` itself does not hold %s on \`%s\`', spec->>'ceiling', r.action, r.identity)`)};
    END LOOP;
  END IF;`

/** What we may not take back (only who has an attribute may change it) stays, and is seen as a difference. */
const resetAttributes = `
    ${run(`format('ALTER ROLE %I NOLOGIN INHERIT CONNECTION LIMIT 0', held_name)`)};
    IF EXISTS (SELECT FROM pg_roles p WHERE p.oid = held AND (p.rolcreatedb OR p.rolcreaterole)) THEN
      BEGIN
        ${run(`format('ALTER ROLE %I NOCREATEDB NOCREATEROLE', held_name)`)};
      EXCEPTION WHEN insufficient_privilege THEN NULL;
      END;
    END IF;`

/** A role that was there before anything was remembered about it is not ours, whatever its comment says. */
const makeRole = `
  IF held IS NOT NULL AND known IS NULL THEN
    ${refuse(`format('a role \`%s\` exists that Countersign did not make', held_name)`)};
  END IF;
  IF held IS NOT NULL AND substring(held_mark FROM '"generation":([0-9]+),')::bigint > (spec->>'generation')::bigint THEN
    ${refuse(`format('generation %s is older than the one marked on the role', spec->>'generation')`)};
  END IF;
  IF modern THEN PERFORM set_config('createrole_self_grant', '', true); END IF;
  IF held IS NULL THEN
    ${run(`format('CREATE ROLE %I NOLOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 0', spec->>'role')`)};
    SELECT p.oid, p.rolname INTO held, held_name FROM pg_roles p WHERE p.rolname = spec->>'role';
  ELSE
    IF held_name <> spec->>'role' THEN
      ${run(`format('ALTER ROLE %I RENAME TO %I', held_name, spec->>'role')`)};
      held_name := spec->>'role';
    END IF;
    ${resetAttributes}
    ${strip}
    ${leaveAll}
    ${dismiss('account.oid')}
  END IF;
  ${run(`format('ALTER ROLE %I VALID UNTIL %L', held_name, spec->>'until')`)};
  ${run(`format('COMMENT ON ROLE %I IS %L', held_name, spec->>'mark')`)};`

/** A partial grant is only a warning to PostgreSQL, so what arrived is read back before anybody gets it. */
const givePrivileges = `
  FOR r IN SELECT w.* FROM jsonb_to_recordset(wanted) AS w(class text, oid oid, keyword text, identity text, action text) LOOP
    BEGIN
      ${run(`format('GRANT %s ON %s %s TO %I', r.action, r.keyword, r.identity, held_name)`)};
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
    PERFORM FROM (
      SELECT c.relacl AS acl FROM pg_class c WHERE r.class IN ('table', 'sequence') AND c.oid = r.oid
      UNION ALL SELECT n.nspacl FROM pg_namespace n WHERE r.class = 'schema' AND n.oid = r.oid
      UNION ALL SELECT p.proacl FROM pg_proc p WHERE r.class = 'function' AND p.oid = r.oid) x,
      aclexplode(x.acl) e WHERE e.grantee = held AND lower(e.privilege_type) = r.action;
    IF NOT FOUND THEN
      ${refuse(`format('the login \`%s\` may not pass on %s on \`%s\`: grant it to that login WITH GRANT OPTION', session_user, r.action, r.identity)`)};
    END IF;
  END LOOP;`

const giveMembership = `
  IF spec->>'member' IS NOT NULL THEN
    SELECT g.rolname INTO r FROM pg_roles g WHERE g.rolname = spec->>'member';
    IF NOT FOUND THEN ${refuse(`format('the role \`%s\` does not exist', spec->>'member')`)}; END IF;
    IF EXISTS (WITH RECURSIVE within(id) AS (SELECT oid FROM pg_roles WHERE rolname = spec->>'member'
        UNION SELECT a.roleid FROM within w JOIN pg_auth_members a ON a.member = w.id)
      SELECT FROM within w JOIN pg_roles p ON p.oid = w.id WHERE p.rolsuper) THEN
      ${refuse(`format('the role \`%s\` is or leads to a superuser and is never given', r.rolname)`)};
    END IF;
    BEGIN
      ${run(`format('GRANT %I TO %I', r.rolname, held_name)
        || CASE WHEN modern THEN format(' WITH INHERIT TRUE, SET %s', spec->>'setRole') ELSE '' END`)};
    EXCEPTION WHEN insufficient_privilege THEN
      ${refuse(`format('the login \`%s\` may not give \`%s\`: GRANT it to the login WITH ADMIN OPTION', session_user, r.rolname)`)};
    END;
  END IF;`

/** Without SET, where the version allows it, so that no session can go on as the role after its removal. */
const letAccountIn = `
  IF modern THEN
    ${run(`format('GRANT %I TO %I WITH ADMIN FALSE, INHERIT TRUE, SET %s', held_name, account.rolname, spec->>'setRole')`)};
  ELSE
    ${run(`format('GRANT %I TO %I', held_name, account.rolname)`)};
    ${run(`format('REVOKE ADMIN OPTION FOR %I FROM %I', held_name, account.rolname)`)};
  END IF;`

const remember = `
  UPDATE countersign.grants SET role_oid = held, role_name = held_name, account_oid = account.oid, removed_at = NULL,
      applied_at = coalesce(applied_at, clock_timestamp())
    WHERE grant_id = spec->>'grant';`

const applyBlock = blockWith(`
DECLARE ${declarations}
  account record; others text; wanted jsonb := '[]'; privileges boolean := jsonb_array_length(spec->'resources') > 0;
BEGIN
  ${onPrimary} ${inUtf8} ${withinTime} ${findAccount}
  IF privileges THEN LOCK TABLE countersign.privileges_lock IN EXCLUSIVE MODE; END IF;
  ${fence}
  ${findRole} ${chooseKeeper}
  IF privileges THEN ${listWanted} ${underCeiling} END IF;
  ${makeRole}
  IF privileges THEN ${givePrivileges} END IF;
  ${giveMembership} ${letAccountIn} ${remember}
END`)

export async function apply(target: Target, spec: GrantSpec): Promise<Outcome> {
  const answer = await target.ask('writes', applyBlock(wireSpec(spec)))
  return answer.outcome === 'done' ? done(undefined) : answer
}
