/** How many different people does each tier take, and how many are there? For the table that `policy check` prints. */
import { type CompiledDirectory, compileDirectory } from '../compile.ts'
import type { DirectoryFacts } from '../directory.ts'
import { poolsThat } from '../obligations.ts'
import { type Policy, type TierId, targetOwners } from '../policy.ts'
import type { Instant } from '../time.ts'
import { peopleOf, type Scope } from './scope.ts'

interface Need {
  readonly needed: number
  readonly has: number
}

export interface PeopleNeeded {
  readonly tier: TierId
  readonly rank: number
  /** Of the tier's pools, whoever may turn out not to be independent. */
  readonly countersigners: Need
  /** `has` is `undefined` where the owners of each system endorse. */
  readonly endorsers: { readonly needed: number; readonly has: number | undefined }
  /** One more, who countersigned none of it before; 0 where nothing is extended or the same person may. */
  readonly extenders: Need
  readonly reviewers: Need
  /** Different people one waiver takes from asking to review, when it is not extended. */
  readonly together: number
}

/** @returns one row a tier, lowest rank first. */
export function peopleNeeded(
  policy: Policy,
  facts: DirectoryFacts,
  now: Instant,
  directory: CompiledDirectory = compileDirectory(facts),
): readonly PeopleNeeded[] {
  const scope: Scope = { policy, facts, directory, now }
  const reviewers = { needed: 1, has: peopleOf(scope, poolsThat(policy, 'review')).length }
  const rows = Object.entries(policy.tiers).map(([tier, rules]): PeopleNeeded => {
    const has = peopleOf(scope, rules.pools).length
    const endorses = rules.steps.includes('endorse')
    const distinct = rules.extension.countMax > 0 && rules.extension.distinctCountersigner
    const byOwners = rules.endorsePools.includes(targetOwners)
    const endorsers = byOwners ? undefined : peopleOf(scope, rules.endorsePools).length
    return {
      tier,
      rank: rules.rank,
      countersigners: { needed: rules.countersignersMin, has },
      endorsers: { needed: endorses ? 1 : 0, has: endorses ? endorsers : 0 },
      extenders: { needed: distinct ? 1 : 0, has: Math.max(0, has - rules.countersignersMin) },
      reviewers,
      together: 1 + (endorses ? 1 : 0) + rules.countersignersMin + reviewers.needed,
    }
  })
  return rows.sort((a, b) => a.rank - b.rank)
}
