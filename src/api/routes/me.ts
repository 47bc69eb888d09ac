/** Whom this installation takes the caller for. */
import { poolsOf } from '../../core/independence.ts'
import { beneficiariesOf, groupsOf, nodeKindOf } from '../../core/standing.ts'
import { reads } from '../documented.ts'
import { isPartOf } from '../part-of.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import { me } from '../schema/me.ts'
import { namesIn, readsEverything, seesSettings, sightFor } from '../sight.ts'

export function meRoutes(scope: Scope, parts: Parts): void {
  const about = reads({ operationId: 'me', tags: ['me'], summary: 'Whom this installation takes you for', ok: me })
  scope.get('/v1/me', { schema: about }, async (request, reply) => {
    const caller = callerOf(request)
    const sight = await sightFor(parts, caller)
    if (isProblem(sight)) return parts.send(reply, sight)
    const { directory, policy, now, index } = sight
    const { id, chain, signedInAt } = caller
    const asksFor = beneficiariesOf(directory, id, now)
    const groups = groupsOf(directory, id, now).filter((group) => isPartOf(sight, group))
    return {
      id,
      kind: nodeKindOf(directory, id) === 'workload' ? ('workload' as const) : ('person' as const),
      chain,
      ...(signedInAt === undefined ? {} : { signedInAt }),
      pools: poolsOf(id, Object.keys(policy.pools), directory, policy, now),
      asksFor,
      groups,
      oversees: seesSettings(sight),
      readsEverything: readsEverything(sight),
      founder: policy.founders.includes(id),
      names: namesIn(index, id, chain, asksFor, groups),
    }
  })
}
