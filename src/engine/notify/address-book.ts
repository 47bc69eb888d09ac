/**
 * Where do people read? Turns the people, pools, rotas and owners a notice names into e-mail addresses the directory knows
 * beyond doubt: accounts on `mailto` that belong to exactly one person. Nobody is addressed by a guess.
 */
import { describe, membersOf, onDuty, personsControlling } from '../../core/compile.ts'
import { entryOf, targetOwners } from '../../core/policy.ts'
import { accountsHeld } from '../../core/standing.ts'
import type { Store } from '../../store/contract.ts'
import { knowledgeOf } from '../knowledge.ts'

/** What an e-mail address is an account on. */
export const mailbox = 'mailto'

export interface Addressed {
  /** Ids of people, pools, rotas and workloads; `target-owners`. */
  readonly to: readonly string[]
  readonly system?: string
}

export function addressBook(
  store: Pick<Store, 'heads' | 'revisions' | 'records'>,
): (addressed: Addressed) => Promise<readonly string[]> {
  const knowledge = knowledgeOf(store)
  return async ({ to, system }) => {
    const { directory: digest, policy: rules, freshness, now } = await store.heads()
    if (digest === undefined || rules === undefined) return []
    const [directory, policy] = await Promise.all([knowledge.directory(digest, freshness), knowledge.policy(rules)])
    const peopleBehind = (id: string): readonly string[] => {
      if (id === targetOwners) return system === undefined ? [] : personsControlling(directory, system, now, policy)
      const pool = entryOf(policy.pools, id)
      if (pool !== undefined) return membersOf(directory, pool, now)
      switch (describe(directory, id, now)?.kind) {
        case 'person':
          return [id]
        case 'rota':
          return onDuty(directory, id, now)
        case 'workload':
          return personsControlling(directory, id, now, policy)
        default:
          return []
      }
    }
    const people = new Set(to.flatMap(peopleBehind))
    return [...new Set([...people].flatMap((person) => accountsHeld(directory, person, mailbox, now)))].sort()
  }
}
