/**
 * How is an entitlement said to the person who decides? One line per thing, the dangerous ones spelled out. It shortens;
 * the digest covers what it leaves out.
 */
import type { Asked } from './target.ts'

export interface Entitlement {
  readonly database: string
  readonly modern: boolean
  readonly resources: readonly { readonly resource: string; readonly is: DescribedObject | null }[]
  readonly roles: readonly DescribedRole[]
  readonly memberships: readonly { readonly role: string; readonly of: string }[]
  readonly elsewhere: readonly string[]
}

export interface DescribedObject {
  readonly kind: string
  readonly owner: string
  readonly rowSecurity?: boolean
  readonly securityDefiner?: boolean
  readonly triggers?: readonly unknown[] | null
}

export interface DescribedRole {
  readonly oid: string
  readonly name: string
  readonly superuser: boolean
  readonly createRole: boolean
  readonly createDatabase: boolean
  readonly replication: boolean
  readonly bypassRowSecurity: boolean
}

export interface Contents {
  readonly database: string
  readonly privileges?: readonly { readonly action: string; readonly on: { readonly name: string } }[]
  readonly owns?: readonly { readonly object: { readonly name: string } }[]
  readonly defaults?: readonly unknown[]
  readonly objects?: readonly unknown[]
  readonly unread?: unknown
}

export function summaryOf(asked: Asked, seen: Entitlement, contents: readonly Contents[]): readonly string[] {
  return [
    ...seen.resources.map(({ resource, is }) => resourceLine(asked.actions, resource, is)),
    ...(asked.ceiling === null ? [] : [`nothing that \`${asked.ceiling}\` does not hold itself`]),
    ...(asked.member === null ? [] : membershipLines(asked, seen, contents)),
  ]
}

function resourceLine(actions: readonly string[], resource: string, is: DescribedObject | null): string {
  const facts = [
    `${is?.kind} of \`${is?.owner}\``,
    ...(is?.rowSecurity ? ['row security is on'] : []),
    ...(is?.securityDefiner ? ['runs with the rights of its owner'] : []),
    ...(is?.triggers?.length ? [`${is.triggers.length} triggers`] : []),
  ]
  return `${actions.join(', ')} on \`${resource}\` (${facts.join('; ')})`
}

function membershipLines(asked: Asked, seen: Entitlement, contents: readonly Contents[]): readonly string[] {
  const others = seen.roles.map(({ name }) => name).filter((name) => name !== asked.member)
  const setRole = asked.setRole || !seen.modern
  return [
    `member of \`${asked.member}\`, as a whole`,
    ...(others.length === 0 ? [] : [`leads on to ${others.sort().map(named).join(', ')}`]),
    ...contents.map(contentsLine),
    ...seen.roles.flatMap(attributeLines),
    ...(setRole ? ['sessions may become the role (SET ROLE), and then own what they make'] : []),
  ]
}

function contentsLine({ database, privileges = [], owns = [], unread }: Contents): string {
  if (unread !== undefined) return `has rights in database \`${database}\`, which Countersign cannot look into`
  const objects = new Set(privileges.map(({ on }) => on.name))
  return `in database \`${database}\`: ${privileges.length} privileges on ${objects.size} objects, owns ${owns.length}`
}

function attributeLines(role: DescribedRole): readonly string[] {
  const powers = [
    ...(role.superuser ? ['is a superuser'] : []),
    ...(role.createRole ? ['can create roles'] : []),
    ...(role.createDatabase ? ['can create databases'] : []),
    ...(role.replication ? ['can replicate everything'] : []),
    ...(role.bypassRowSecurity ? ['passes by row security'] : []),
    ...(predefined[role.name] === undefined ? [] : [predefined[role.name]]),
  ]
  return powers.length === 0 ? [] : [`\`${role.name}\` ${powers.join(', ')}`]
}

/** PostgreSQL's own roles whose rights stand in no catalog. */
const predefined: Readonly<Record<string, string>> = {
  pg_read_all_data: 'reads every table of every database',
  pg_write_all_data: 'writes every table of every database',
  pg_maintain: 'may lock and rebuild every table',
  pg_read_server_files: 'reads files of the server',
  pg_write_server_files: 'writes files of the server, which is as good as superuser',
  pg_execute_server_program: 'runs programs on the server, which is as good as superuser',
  pg_signal_backend: "ends other people's sessions",
  pg_monitor: 'reads settings, statistics and queries of everybody',
  pg_read_all_settings: 'reads all settings',
  pg_read_all_stats: 'reads statistics and queries of everybody',
  pg_checkpoint: 'may force checkpoints',
  pg_create_subscription: 'may copy data in from elsewhere',
  pg_use_reserved_connections: 'may use reserved connections',
}

function named(name: string): string {
  return `\`${name}\``
}
