/**
 * What does an operator run once on a target? The statements that make the login Countersign uses, which is no
 * superuser, and the two tables it remembers with. Tests run exactly these, so the README cannot drift from them.
 */
import { escapeIdentifier, escapeLiteral } from 'pg'
import { fitName, UnfitSpec } from './name.ts'
import { parseAction, parseResource } from './resource.ts'

export interface Offer {
  /** Roles that may be given as a whole (`shape: membership`). */
  readonly roles?: readonly string[]
  /** Objects whose privileges may be given one by one (`shape: grant-role`), spelled as in a policy. */
  readonly privileges?: readonly { readonly resource: string; readonly actions: readonly string[] }[]
}

export interface SetupOptions {
  /**
   * How many roles share the making of the grants' roles, for targets with thousands of grants at a time (256 are good
   * for tens of thousands). Default 0: the login makes them itself. PostgreSQL 15 needs none, and gets none.
   */
  readonly keepers?: number
}

/**
 * Statements for a superuser, connected to the database that holds the resources. Run them again after the offer grew.
 * The password is the operator's to set (`\password`), so that none stands here.
 */
export function setupSql(login: string, offer: Offer = {}, { keepers = 0 }: SetupOptions = {}): string {
  if (login.includes('$')) throw new UnfitSpec(`choose a login without \`$\` in its name instead of \`${login}\``)
  const user = escapeIdentifier(fitName(login, 'login'))
  const holder = keepers > 0 ? escapeIdentifier(`${login}_offer`) : user
  return [
    `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(login)}) THEN
    CREATE ROLE ${user} LOGIN NOSUPERUSER CREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 60;
  END IF;
  -- whoever made the schema could have put something into it that runs with the login's rights
  IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'countersign' AND nspowner <> ${escapeLiteral(user)}::regrole) THEN
    RAISE EXCEPTION 'the schema countersign belongs to somebody else: look into it, and drop it';
  END IF;
END $$;`,
    '-- ends sessions of accounts (never of superusers), and sees since when a session is open',
    `GRANT pg_signal_backend, pg_read_all_stats TO ${user};`,
    memorySql(user),
    ...(keepers > 0 ? [keepersSql(login, keepers)] : []),
    ...(offer.roles ?? []).map((role) => offeredRole(role, holder)),
    ...(offer.privileges ?? []).flatMap(({ resource, actions }) => offeredPrivileges(resource, actions, holder)),
  ].join('\n')
}

/**
 * Keepers are roles without login that hold, through one role, what the login offers. The login acts as one by calling
 * its function, which is all the function does: `SET ROLE` would walk all of them each time.
 */
function keepersSql(login: string, keepers: number): string {
  const [user, offer] = [login, fitName(`${login}_offer`, 'role of the offer')].map(escapeIdentifier)
  const last = fitName(`${login}_keeper_${keepers - 1}`, 'keeper')
  const keeper = `${escapeLiteral(last.slice(0, -String(keepers - 1).length))} || i`
  return `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(`${login}_offer`)}) THEN
    CREATE ROLE ${offer};
  END IF;
  GRANT ${offer} TO ${user};
  IF current_setting('server_version_num')::int < 160000 THEN RETURN; END IF;
  FOR i IN 0..${keepers - 1} LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${keeper}) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN CREATEROLE', ${keeper});
    END IF;
    EXECUTE format('GRANT %I TO %I WITH INHERIT TRUE, SET FALSE', ${escapeLiteral(`${login}_offer`)}, ${keeper});
    EXECUTE format('CREATE OR REPLACE FUNCTION countersign.%I(command text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS ''BEGIN EXECUTE command; END''', 'keeper_' || i);
    EXECUTE format('REVOKE ALL ON FUNCTION countersign.%I(text) FROM PUBLIC', 'keeper_' || i);
    EXECUTE format('ALTER FUNCTION countersign.%I(text) OWNER TO %I', 'keeper_' || i, ${keeper});
    EXECUTE format('GRANT EXECUTE ON FUNCTION countersign.%I(text) TO %I', 'keeper_' || i, ${escapeLiteral(login)});
  END LOOP;
END $$;`
}

/** To pass a role on, not to use it; PostgreSQL 15 cannot give one without the other. */
function offeredRole(role: string, user: string): string {
  if (role.includes('$')) throw new UnfitSpec(`\`${role}\` has a \`$\` in its name and has to be granted by hand`)
  const grant = `GRANT ${escapeIdentifier(role)} TO ${user} WITH ADMIN`
  return `DO $$ BEGIN
  IF current_setting('server_version_num')::int < 160000 THEN ${grant} OPTION;
  ELSE EXECUTE ${escapeLiteral(`${grant} TRUE, INHERIT FALSE, SET FALSE`)};
  END IF;
END $$;`
}

/**
 * `grants` outlives the roles: it refuses work of an older generation after a removal, knows when access was removed
 * (sessions opened before may still use it), and which transaction gave it (what changed since is looked at as residue).
 * A row may be deleted once its review is closed and its end has passed. `privileges_lock` has no rows: PostgreSQL fails
 * two concurrent grants on one table instead of queueing them, so they queue here.
 */
function memorySql(user: string): string {
  return `CREATE SCHEMA IF NOT EXISTS countersign AUTHORIZATION ${user};
REVOKE ALL ON SCHEMA countersign FROM PUBLIC;
CREATE TABLE IF NOT EXISTS countersign.grants (
  grant_id text PRIMARY KEY,
  role_name text NOT NULL,
  role_oid oid,
  generation bigint NOT NULL,
  account text NOT NULL,
  account_oid oid,
  first_xid xid8 NOT NULL,
  applied_at timestamptz,
  removed_at timestamptz
);
CREATE INDEX IF NOT EXISTS grants_role_oid ON countersign.grants (role_oid);
CREATE TABLE IF NOT EXISTS countersign.privileges_lock ();
ALTER TABLE countersign.grants OWNER TO ${user};
ALTER TABLE countersign.privileges_lock OWNER TO ${user};`
}

function offeredPrivileges(resource: string, actions: readonly string[], user: string): readonly string[] {
  const { kind, schema, name, args } = parseResource(resource)
  const inSchema = escapeIdentifier(schema)
  const privileges = actions.map((action) => parseAction(action).toUpperCase()).join(', ')
  const usage = `GRANT USAGE ON SCHEMA ${inSchema} TO ${user} WITH GRANT OPTION;`
  const object = `${inSchema}.${escapeIdentifier(name)}`
  switch (kind) {
    case 'schema':
      return [`GRANT ${privileges} ON SCHEMA ${inSchema} TO ${user} WITH GRANT OPTION;`]
    case 'function':
      if (/[;'$\\-]/.test(args)) throw new UnfitSpec(`\`${resource}\` has to be granted by hand`)
      return [usage, `GRANT ${privileges} ON ROUTINE ${object}(${args}) TO ${user} WITH GRANT OPTION;`]
    case 'relation':
      return [usage, `GRANT ${privileges} ON ${object} TO ${user} WITH GRANT OPTION;`]
    default:
      return kind satisfies never
  }
}
