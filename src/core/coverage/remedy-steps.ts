/** What is to be done, one person at a time, and the rules as they would be if it were. */
import type { PersonId, RotaId } from '../directory.ts'
import type { Span } from '../independence/duty.ts'
import type { Policy, PoolId, PoolTenure } from '../policy.ts'
import { instantOf } from '../time.ts'
import { hourMillis } from './prepare.ts'
import { joined } from './shortages.ts'

export interface RemedyStep {
  /** `turns`: on duty at these times as well. `join`: comes into the pool first. */
  readonly kind: 'turns' | 'join'
  readonly person: PersonId
  readonly pool: PoolId
  /** Absent where the pool has no rota: whoever is in it counts as there. */
  readonly rota?: RotaId
  readonly spans: readonly { readonly start: string; readonly end: string }[]
  readonly hours: number
  /** For `join`, where the policy asks for time in the pool: from then on they count. */
  readonly countsFrom?: string
}

export function timesOf(spans: readonly Span[]): Pick<RemedyStep, 'spans' | 'hours'> {
  const line = joined(spans)
  return {
    spans: line.map(({ start, end }) => ({ start: instantOf(start), end: instantOf(end) })),
    hours: hoursIn(line),
  }
}

export function hoursIn(spans: readonly Span[]): number {
  const millis = joined(spans).reduce((sum, { start, end }) => sum + end - start, 0)
  return Math.round((millis / hourMillis) * 10) / 10
}

export function withMembers(policy: Policy, joins: readonly Pick<RemedyStep, 'person' | 'pool'>[]): Policy {
  const pools = Object.entries(policy.pools).map(([id, pool]) => {
    const more = joins.filter((join) => join.pool === id).map(({ person }) => person)
    return [id, { ...pool, members: [...new Set([...pool.members, ...more])] }]
  })
  return { ...policy, pools: Object.fromEntries(pools) }
}

/** As if they had been in the pool for as long as any policy asks. */
export function longAgo({ pool, person }: Pick<RemedyStep, 'person' | 'pool'>): PoolTenure {
  return { pool, member: person, since: '0001-01-01T00:00:00.000Z' }
}
