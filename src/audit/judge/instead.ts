/**
 * Who could have approved it instead? The same routing that finds approvers for today's requests, over the pools of the
 * policy or, where it has none for this access, over the people who were approving things at that time. Without a
 * directory it can only say whom to look at.
 */
import type { Conflict } from '../../core/conflict.ts'
import type { NodeId } from '../../core/directory.ts'
import { entitlementOf, entryOf, type Policy, type PoolId } from '../../core/policy.ts'
import { route } from '../../core/route.ts'
import { type Instant, millisOf } from '../../core/time.ts'
import { dayMillis } from '../calendar.ts'
import type { Case, Judging } from './judge.ts'
import { doubtOf } from './verdict.ts'

export interface Instead {
  /** Would have been independent, in the order in which to ask. */
  readonly eligible: readonly NodeId[]
  /** Nobody knows: they would have to be looked at. */
  readonly open: readonly NodeId[]
  /** Would not have been. */
  readonly excluded: readonly { readonly person: NodeId; readonly conflicts: readonly Conflict[] }[]
  /** Where the people were taken from. */
  readonly from: 'policy' | 'approvers-of-the-time'
}

/** People who approved something at most this long before or after are taken to have been able to. */
const daysAround = 90

const poolOfTheTime: PoolId = 'approvers-of-the-time'

/** @returns for one case who else could have decided it; the same question is asked once. */
export function insteadOf(cases: readonly Case[], judging: Judging): (one: Case) => Instead {
  const active = approversAround(cases)
  const known = new Map<string, Instead>()
  return (one) => {
    const { matter } = one.parties
    const key = JSON.stringify([matter.requester, matter.chain, matter.beneficiary, matter.system, one.act.at])
    const kept = known.get(key)
    if (kept !== undefined) return kept
    const instead = routed(one, active(one.act.at), judging)
    known.set(key, instead)
    return instead
  }
}

function routed(one: Case, people: readonly NodeId[], { directory, policy }: Judging): Instead {
  const { act, parties, then, earlier } = one
  const pools = poolsFor(one, policy)
  const from = pools.length === 0 ? 'approvers-of-the-time' : 'policy'
  const members = people.filter((id) => id.startsWith('per_'))
  const matter = { ...parties.matter, pools: pools.length === 0 ? [poolOfTheTime] : pools }
  const rules = pools.length === 0 ? withPool(policy, members) : withoutTenure(policy)
  const { eligible, excluded } = route(matter, then.compiled, earlier, rules, act.at)
  const isOpen = (id: NodeId) => parties.doubts.length > 0 || directory === undefined || !then.isPlaced(id, act.at)
  const ruledOut = excluded.filter(({ conflicts }) => conflicts.some(isAgainst))
  const doubted = excluded.filter(({ conflicts }) => !conflicts.some(isAgainst)).map(({ person }) => person)
  const ids = eligible.map(({ person }) => person)
  return {
    eligible: ids.filter((id) => !isOpen(id)),
    open: [...ids.filter(isOpen), ...doubted],
    excluded: ruledOut.map(({ person, conflicts }) => ({ person, conflicts: conflicts.filter(isAgainst) })),
    from,
  }
}

function isAgainst({ code }: Conflict): boolean {
  return doubtOf(code) === undefined && code !== 'reciprocal'
}

function poolsFor({ act, parties }: Case, policy: Policy): readonly PoolId[] {
  const { system } = parties.matter
  if (system === undefined || act.entitlement === undefined) return []
  const entitlement = entitlementOf(policy, { system, entitlement: act.entitlement })
  return entitlement === undefined ? [] : (entryOf(policy.tiers, entitlement.tier)?.pools ?? [])
}

function withPool(policy: Policy, members: readonly NodeId[]): Policy {
  const pool = { id: poolOfTheTime, name: 'approvers of the time', members, decides: [], rotas: [] }
  return withoutTenure({ ...policy, pools: { ...policy.pools, [poolOfTheTime]: pool } })
}

/** A history does not say since when somebody was in a pool, so that is not asked. */
function withoutTenure(policy: Policy): Policy {
  return { ...policy, independence: { ...policy.independence, poolTenureDays: 0 } }
}

function approversAround(cases: readonly Case[]): (at: Instant) => readonly NodeId[] {
  const acts = new Map<NodeId, Set<number>>()
  for (const { act, parties } of cases) {
    for (const { id } of parties.approvers) {
      const known = acts.get(id)
      if (known === undefined) acts.set(id, new Set([millisOf(act.at)]))
      else known.add(millisOf(act.at))
    }
  }
  const everybody = [...acts].map(([id, moments]) => ({ id, moments: [...moments].sort((a, b) => a - b) }))
  everybody.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return (at) => {
    const from = millisOf(at) - daysAround * dayMillis
    const until = millisOf(at) + daysAround * dayMillis
    return everybody.filter(({ moments }) => (nextFrom(moments, from) ?? until + 1) <= until).map(({ id }) => id)
  }
}

function nextFrom(moments: readonly number[], from: number): number | undefined {
  let [low, high] = [0, moments.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle] as number) < from) low = middle + 1
    else high = middle
  }
  return moments[low]
}
