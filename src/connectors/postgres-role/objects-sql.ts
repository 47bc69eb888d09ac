/**
 * Pieces of SQL that several questions share: which object a resource is, which role is ours, who can use a role.
 * Catalogs only, no names from outside: those arrive as JSON.
 */
import { actionsOf } from './resource.ts'

/** An instant as text, in UTC with milliseconds; `infinity` stays itself. */
export const instantSql = (expression: string) =>
  `CASE WHEN isfinite(${expression}) THEN to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
   ELSE ${expression}::text END`

const listSql = (items: readonly string[]) => items.map((item) => `'${item}'`).join(', ')

/**
 * Rows of (text, kind, class, oid, namespace, keyword, identity) for the resources in `spec`; `oid` is null where there
 * is no such object.
 */
export const resourcesSql = (spec: string) => `
  SELECT x.text, x.kind, n.oid AS namespace,
    CASE x.kind WHEN 'schema' THEN 'schema' WHEN 'function' THEN 'function'
      ELSE CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END END AS class,
    CASE x.kind WHEN 'schema' THEN n.oid WHEN 'function' THEN p.oid ELSE c.oid END AS oid,
    CASE x.kind WHEN 'schema' THEN 'SCHEMA' WHEN 'function' THEN 'ROUTINE'
      ELSE CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END END AS keyword,
    CASE x.kind WHEN 'schema' THEN quote_ident(n.nspname)
      WHEN 'function' THEN quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'
      ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END AS identity
  FROM jsonb_to_recordset(${spec}->'resources') AS x(text text, kind text, schema text, name text, args text)
  LEFT JOIN pg_namespace n ON n.nspname = x.schema
  LEFT JOIN pg_class c ON x.kind = 'relation' AND c.relnamespace = n.oid AND c.relname = x.name
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  LEFT JOIN pg_proc p ON x.kind = 'function' AND p.pronamespace = n.oid AND p.proname = x.name
    AND oidvectortypes(p.proargtypes) = x.args`

/** Whether an action fits a class of object. */
export const fitsSql = (objectClass: string, action: string) => `(CASE ${objectClass}
    WHEN 'table' THEN ${action} IN (${listSql(actionsOf.table)})
    WHEN 'sequence' THEN ${action} IN (${listSql(actionsOf.sequence)})
    WHEN 'schema' THEN ${action} IN (${listSql(actionsOf.schema)})
    WHEN 'function' THEN ${action} IN (${listSql(actionsOf.function)}) END)`

/**
 * Whether a membership lets the member use the role. Since PostgreSQL 16 a membership may carry ADMIN alone, which is
 * what whoever creates a role gets; before, every membership could be used.
 */
export const usableSql = (membership: string) => `(
    coalesce((to_jsonb(${membership})->>'inherit_option')::boolean, true)
    OR coalesce((to_jsonb(${membership})->>'set_option')::boolean, true))`

/** Whether a membership is what its maker has in every role it made: the right to give it, and no use of it. */
export const makerSql = (member: string, membership: string) => `(NOT ${usableSql(membership)}
    AND (${member}.rolname = session_user OR starts_with(${member}.rolname, session_user || '_keeper_')))`

/**
 * Whether a role is the one of this grant: two of three of its name, its identity as remembered, and its mark. One alone
 * proves nothing: a name can be squatted, an identity is reused after a restore, a comment can be copied.
 */
export const oursSql = (role: string, mark: string, known: string, spec: string) => `(
    (${role}.rolname = ${spec}->>'role')::int + coalesce((${role}.oid = ${known})::int, 0)
    + coalesce(starts_with(${mark}, ${spec}->>'markPrefix')::int, 0) >= 2)`
