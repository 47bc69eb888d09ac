/** What each rule did lately: how much was asked under it and what came of that, counted from the records. */
import { poolsOf } from '../../core/independence.ts'
import type { Policy, PoolId } from '../../core/policy.ts'
import { refusal } from '../../core/refusal.ts'
import { plusSeconds } from '../../core/time.ts'
import type { RuleActivity } from '../../store/contract.ts'
import { reads } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem } from '../problem.ts'
import { activity, activityQuery } from '../schema/policy.ts'
import { mayRead, type Sight, seesSettings, sightFor } from '../sight.ts'

/** More than that are not counted one by one while somebody waits. */
const waiversMax = 20_000

export function policyActivityRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'policyActivity',
    tags: ['policy'],
    summary: 'What each rule did lately',
    description: 'Counts, for those who decide the rules, founders, reviewers and the security pool.',
    ok: activity,
  })
  scope.get('/v1/policy/activity', { schema: { ...about, querystring: activityQuery } }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    if (!seesSettings(sight)) {
      const no = refusal(
        'not-permitted',
        'what the rules did is for those who answer for them or look back on everything',
      )
      return parts.send(reply, refusalProblem(sight, no, undefined))
    }
    const { waivers } = parts.machinery.store
    const since = plusSeconds(sight.now, -Number(request.query.days) * 86_400)
    const [{ rules, complete }, decisions] = await Promise.all([
      waivers.activity(since, waiversMax),
      waivers.decisionsCount(since),
    ])
    return { since, complete, rules: await readable(parts, sight, rules), pools: poolsIn(sight, decisions) }
  })
}

/** A waiver that is not the caller's to read is counted and not named. */
async function readable(parts: Parts, sight: Sight, rules: readonly RuleActivity[]) {
  const found = await parts.machinery.store.waivers.findAll([...new Set(rules.map(({ latest }) => latest))])
  const mine = new Set(found.filter((waiver) => mayRead(sight, waiver)).map(({ id }) => id))
  return rules.map(({ latest, ...rule }) => (mine.has(latest) ? { ...rule, latest } : rule))
}

function poolsIn({ policy, directory, now }: Sight, decisions: ReadonlyMap<string, number>) {
  const counts = new Map<PoolId, number>(poolIds(policy).map((pool) => [pool, 0]))
  for (const [person, count] of decisions)
    for (const pool of poolsOf(person, poolIds(policy), directory, policy, now))
      counts.set(pool, (counts.get(pool) ?? 0) + count)
  return [...counts].map(([pool, countersigned]) => ({ pool, countersigned }))
}

function poolIds({ pools }: Policy): readonly PoolId[] {
  return Object.keys(pools)
}
