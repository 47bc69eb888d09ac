/**
 * What does this entitlement contain now? A role is followed through everything it leads to and everything those roles
 * hold or own, in every database it reaches; a resource is what it is, not what it is called. Whatever widens it, or puts
 * another thing under the same name, changes the answer.
 */
import canonicalize from 'canonicalize'
import { type Description, done, type GrantSpec, notDone, type Outcome } from '../access.ts'
import { isShutOut, type Target, wholeCatalogs } from './connection.ts'
import { describeSql, roleContentsSql, unreadContentsSql } from './describe-sql.ts'
import { type Contents, type Entitlement, summaryOf } from './summary.ts'
import { readTarget } from './target.ts'

export async function describe(
  target: Target,
  entitlement: Pick<GrantSpec, 'target' | 'resources' | 'actions'>,
): Promise<Outcome<Description>> {
  const asked = readTarget(entitlement)
  const answer = await target.ask('reads', wholeCatalogs(describeSql, asked))
  if (answer.outcome !== 'done') return answer
  const seen = answer.value[0]?.seen as Entitlement
  const role = asked.member ?? asked.ceiling
  if (role !== null && seen.roles.length === 0) return notDone(`the role \`${role}\` does not exist`, false)
  const missing = seen.resources.find(({ is }) => is === null)
  if (missing !== undefined) return notDone(`the resource \`${missing.resource}\` does not exist`, false)
  const contents = await contentsOf(target, seen)
  if (contents.outcome !== 'done') return contents
  const contains = ordered({
    asked: { ...asked, resources: asked.resources.map(({ text }) => text) },
    resources: seen.resources,
    roles: seen.roles,
    memberships: seen.memberships,
    contents: contents.value,
  })
  return done({ contains, summary: summaryOf(asked, seen, contents.value) })
}

/** By database; for one that cannot be entered, identities alone. */
async function contentsOf(target: Target, seen: Entitlement): Promise<Outcome<readonly Contents[]>> {
  if (seen.roles.length === 0) return done([])
  const roles = seen.roles.map(({ oid }) => oid)
  const query = wholeCatalogs(roleContentsSql, roles)
  const found: Contents[] = []
  for (const database of [seen.database, ...seen.elsewhere]) {
    const here = database === seen.database
    const answer = here ? await target.ask('reads', query) : await target.askIn(database, query)
    if (answer.outcome === 'done') found.push({ database, ...(answer.value[0]?.seen as Omit<Contents, 'database'>) })
    else if (!isShutOut(answer.reason)) return answer
    else {
      const unread = await target.ask('reads', wholeCatalogs(unreadContentsSql, { roles, database }))
      if (unread.outcome !== 'done') return unread
      found.push({ database, unread: unread.value[0]?.seen })
    }
  }
  return done(found)
}

/** Lists here are sets: in one order whatever the server's, so that the same content has the same digest. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(ordered).sort((a, b) => compare(canonicalize(a) ?? '', canonicalize(b) ?? ''))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, ordered(inner)]))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
