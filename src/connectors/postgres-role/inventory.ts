/**
 * Who can use what we govern on this server right now, ours or not? Every way of every login: memberships, also through
 * groups; privileges on the resources and on their columns; ownership; what everybody has; and superusers, who have all
 * of it. An entitlement that cannot be found here is said to be unread, not to be held by nobody.
 */
import { done, type Governed, type Holding, type Inventory, notDone, type Outcome } from '../access.ts'
import { type Target, wholeCatalogs } from './connection.ts'
import { inventorySql } from './inventory-sql.ts'
import { UnfitSpec } from './name.ts'
import { type Asked, readTarget } from './target.ts'

interface Row {
  readonly standby: boolean
  readonly held: readonly {
    readonly account: string
    readonly entitlement: string | null
    readonly holds: string
    readonly grant_id: string | null
    readonly until: string | null
  }[]
  readonly missing: readonly { readonly entitlement: string; readonly missing: string }[]
}

type Unread = Inventory['unread'][number]

export async function inventory(target: Target, governed: readonly Governed[]): Promise<Outcome<Inventory>> {
  const asked: (Asked & { readonly entitlement: string })[] = []
  const unread: Unread[] = []
  for (const { entitlement, ...of } of governed) {
    const read = readable(of)
    if (typeof read === 'string') unread.push({ entitlement, reason: read })
    else asked.push({ entitlement, ...read })
  }
  const answer = await target.ask('reads', wholeCatalogs(inventorySql, asked))
  if (answer.outcome !== 'done') return answer
  const [row] = answer.value as unknown as readonly Row[]
  if (row === undefined) return notDone('the server answered without a row', true)
  if (row.standby) return notDone('this server is a standby and may be behind: connect to the primary', true)
  return done({ holdings: row.held.map(holding), unread: [...unread, ...missingIn(row)] })
}

function readable(of: Omit<Governed, 'entitlement'>): Asked | string {
  try {
    return readTarget(of)
  } catch (error) {
    if (!(error instanceof UnfitSpec)) throw error
    return error.message
  }
}

function missingIn({ missing }: Row): readonly Unread[] {
  return missing.map(({ entitlement, missing: what }) => ({ entitlement, reason: `${what} does not exist here` }))
}

function holding({ account, entitlement, holds, grant_id, until }: Row['held'][number]): Holding {
  return {
    account,
    ...(entitlement === null ? {} : { entitlement }),
    holds,
    ...(grant_id === null ? {} : { grant: grant_id }),
    ...(grant_id === null || until === null ? {} : { until: until === 'infinity' ? 'never' : until }),
  }
}
