/**
 * Could somebody independent decide, whoever asks? Every team, workload and rota is taken as asking for everything the
 * policy offers, and the real rules of independence answer. What they say of the requesting side does not depend on the
 * target, and what they say of the granting side does not depend on who asks, so each is asked once and both are joined.
 */
import type { Finding } from '../check-policy.ts'
import { describe } from '../compile.ts'
import type { ConflictCode } from '../conflict.ts'
import type { PersonId, SystemId } from '../directory.ts'
import { type Matter, noHistory, prepareMatter, verdictOf } from '../independence.ts'
import { poolsThat } from '../obligations.ts'
import { type PoolId, type Tier, targetOwners } from '../policy.ts'
import { kindsFor, type RequestKind, requestKinds } from '../request-kinds.ts'
import { listed, peopleHolding, peopleOf, type Scope, stranger } from './scope.ts'
import { type Asker, askersOf } from './who-asks.ts'

type Verdicts = ReadonlyMap<PersonId, readonly ConflictCode[]>

export function findings(scope: Scope): readonly Finding[] {
  const { askers, left } = askersOf(scope)
  const bench = new Bench(scope)
  const found = askers.flatMap((asker) => bench.findingsOf(asker))
  if (left === 0) return grouped(found)
  return [
    ...grouped(found),
    {
      code: 'checked-in-part',
      severity: 'low',
      about: 'directory',
      message: `${askers.length} of ${askers.length + left} possible askers were tried`,
      advice: 'the others are probably like them; `countersign coverage` looks at everybody',
    },
  ]
}

interface Trouble {
  readonly asker: Asker
  readonly offer: RequestKind
  readonly finding: Pick<Finding, 'code' | 'severity' | 'advice'> & { readonly what: string }
}

class Bench {
  private readonly scope: Scope
  private readonly offers: readonly RequestKind[]
  private readonly owners: ReadonlyMap<SystemId, readonly PersonId[]>
  private readonly granting = new Map<SystemId, Map<PersonId, readonly ConflictCode[]>>()
  private readonly reviewPools: readonly PoolId[]

  constructor(scope: Scope) {
    this.scope = scope
    this.offers = requestKinds(scope.policy)
    this.owners = new Map(
      Object.keys(scope.policy.systems).map((id) => [id, peopleHolding(scope, ['owns', 'administers'], id)]),
    )
    this.reviewPools = poolsThat(scope.policy, 'review')
  }

  findingsOf(asker: Asker): readonly Trouble[] {
    const boards = new Map<string, Verdicts>()
    const board = (pools: readonly PoolId[]): Verdicts => {
      const key = pools.join(' ')
      const verdicts = boards.get(key) ?? this.requesting(asker, pools)
      boards.set(key, verdicts)
      return verdicts
    }
    return this.offersFor(asker).flatMap((offer) => this.troubles(asker, offer, board))
  }

  private troubles(
    asker: Asker,
    offer: RequestKind,
    board: (pools: readonly PoolId[]) => Verdicts,
  ): readonly Trouble[] {
    const { rules, system } = offer
    const found: Trouble['finding'][] = []
    const free = this.free(system, board(rules.pools))
    if (free.length < rules.countersignersMin) {
      found.push({
        code: 'no-independent-approver',
        severity: 'high',
        what: `needs ${rules.countersignersMin} to countersign and has ${free.length} (${this.reasons(system, board(rules.pools))})`,
        advice: `add people from elsewhere to ${listed(rules.pools)}, or a pool of outside approvers; never relax a rule`,
      })
    } else if (free.length === 1) {
      found.push({
        code: 'only-one-approver',
        severity: 'medium',
        what: `hangs on \`${free[0]}\` alone`,
        advice: `add somebody from elsewhere to ${listed(rules.pools)}`,
      })
    }
    if (free.length === rules.countersignersMin && !offer.breakGlass && needsAnother(rules)) {
      found.push({
        code: 'nobody-else-extends',
        severity: 'medium',
        what: 'could not be extended: nobody else is left to decide it again',
        advice: `add somebody from elsewhere to ${listed(rules.pools)}`,
      })
    }
    if (
      rules.steps.includes('endorse') &&
      this.endorsers(asker, offer).every((person) => free.length === 1 && person === free[0])
    ) {
      found.push({
        code: 'no-endorser',
        severity: 'high',
        what: 'has nobody to endorse it besides whoever asks or countersigns',
        advice: 'give the system more owners in the directory, or the tier a pool of endorsers',
      })
    }
    if (this.reviewPools.length > 0 && this.free(system, board(this.reviewPools)).length === 0) {
      found.push({
        code: 'no-independent-reviewer',
        severity: 'high',
        what: 'could be reviewed by nobody independent',
        advice: `add people from elsewhere to ${listed(this.reviewPools)}`,
      })
    }
    return found.map((finding) => ({ asker, offer, finding }))
  }

  /** Those whom neither side makes dependent. */
  private free(system: SystemId, board: Verdicts): readonly PersonId[] {
    const granting = this.grantingOf(system, board)
    return [...board]
      .filter(([person, codes]) => codes.length === 0 && granting.get(person)?.length === 0)
      .map(([person]) => person)
  }

  /** Why the others are out, most frequent first. */
  private reasons(system: SystemId, board: Verdicts): string {
    const granting = this.grantingOf(system, board)
    const counts = new Map<ConflictCode, number>()
    for (const [person, codes] of board) {
      for (const code of new Set([...codes, ...(granting.get(person) ?? [])]))
        counts.set(code, (counts.get(code) ?? 0) + 1)
    }
    const reasons = [...counts].sort(([, x], [, y]) => y - x).map(([code, count]) => `${count} \`${code}\``)
    return reasons.length === 0 ? 'nobody is in its pools' : reasons.join(', ')
  }

  /** What the requesting side makes of everybody in the pools. */
  private requesting({ requester, beneficiary }: Asker, pools: readonly PoolId[]): Verdicts {
    return this.verdicts({ requester, chain: [], beneficiary, took: [], pools, rules: [] }, peopleOf(this.scope, pools))
  }

  /** What the target makes of these people, whoever asks. */
  private grantingOf(system: SystemId, board: Verdicts): Verdicts {
    const known = this.granting.get(system) ?? new Map<PersonId, readonly ConflictCode[]>()
    const people = [...board.keys()].filter((person) => !known.has(person))
    if (people.length === 0) return known
    const matter = { requester: stranger, chain: [], beneficiary: stranger, system, took: [], pools: [], rules: [] }
    for (const [person, codes] of this.verdicts(matter, people)) known.set(person, codes)
    this.granting.set(system, known)
    return known
  }

  private verdicts(matter: Matter, people: readonly PersonId[]): Verdicts {
    const { directory, policy, now } = this.scope
    const prepared = prepareMatter(matter, directory, noHistory, policy, now)
    return new Map(people.map((person) => [person, verdictOf(prepared, person).conflicts.map(({ code }) => code)]))
  }

  private endorsers({ requester }: Asker, { system, rules }: RequestKind): readonly PersonId[] {
    const owners = rules.endorsePools.includes(targetOwners) ? (this.owners.get(system) ?? []) : []
    const people = new Set([...owners, ...peopleOf(this.scope, rules.endorsePools)])
    people.delete(requester)
    return [...people]
  }

  /** Envelopes are for rotas, everything else is for people and workloads. */
  private offersFor({ kind, beneficiary }: Asker): readonly RequestKind[] {
    const { policy, directory, now } = this.scope
    const offers = this.offers.filter(({ breakGlass }) => breakGlass === (kind === 'rota'))
    return kindsFor(describe(directory, beneficiary, now), offers, policy)
  }
}

function needsAnother({ extension }: Tier): boolean {
  return extension.countMax > 0 && extension.distinctCountersigner
}

/** One finding for a team and a code, however many systems and members it concerns. */
function grouped(troubles: readonly Trouble[]): readonly Finding[] {
  const groups = new Map<string, Trouble[]>()
  for (const trouble of troubles) {
    const key = `${trouble.finding.code} ${trouble.asker.group} ${trouble.offer.tier}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [trouble])
    else known.push(trouble)
  }
  return [...groups.values()].map((group) => {
    const { asker, offer, finding } = group[0] as Trouble
    const systems = [...new Set(group.map((each) => each.offer.system))]
    const people = [...new Set(group.map((each) => each.asker.requester))].filter((each) => each !== asker.group)
    const who = people.length === 0 ? `\`${asker.group}\`` : `\`${asker.group}\` (${listed(people)})`
    return {
      code: finding.code,
      severity: finding.severity,
      about: asker.group,
      message: `what ${who} asks for in tier \`${offer.tier}\` on ${listed(systems)} ${finding.what}`,
      advice: finding.advice,
    }
  })
}
