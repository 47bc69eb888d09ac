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

/**
 * Statements for a superuser, connected to the database that holds the resources. Run them again after the offer grew.
 * The password is the operator's to set (`\password`), so that none stands here.
 */
export function setupSql(login: string, offer: Offer = {}): string {
  if (login.includes('$')) throw new UnfitSpec(`choose a login without \`$\` in its name instead of \`${login}\``)
  const user = escapeIdentifier(fitName(login, 'login'))
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
    ...(offer.roles ?? []).map((role) => offeredRole(role, user)),
    ...(offer.privileges ?? []).flatMap(({ resource, actions }) => offeredPrivileges(resource, actions, user)),
  ].join('\n')
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
      return [usage, `GRANT ${privileges} ON ROUTINE ${object}(${args}) TO ${user} WITH GRANT OPTION;`]
    case 'relation':
      return [usage, `GRANT ${privileges} ON ${object} TO ${user} WITH GRANT OPTION;`]
    default:
      return kind satisfies never
  }
}
