/** Who stands behind a waiver, for those who decide or review it. */
import { refusal } from '../../core/refusal.ts'
import { behindOf } from '../behind.ts'
import { reads } from '../documented.ts'
import { look } from '../look.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { isProblem } from '../problem.ts'
import { behind } from '../schema/behind.ts'
import { waiverPath } from '../schema/waiver.ts'
import { namesIn, relationsTo, seesPathsIn } from '../sight.ts'

export function behindRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'behind',
    tags: ['waivers'],
    summary: 'Who stands behind what is asked, and the highest impact of the chain',
    description: 'Everybody through whom it is asked, with those who own, operate, made, sent or can change them.',
    ok: behind,
  })
  scope.get('/v1/waivers/:waiver/behind', { schema: { ...about, params: waiverPath } }, async (request, reply) => {
    const seen = await look(parts, callerOf(request), request.params.waiver)
    if (isProblem(seen)) return parts.send(reply, seen)
    const { sight, waiver } = seen
    if (!seesPathsIn(relationsTo(sight, waiver))) {
      const no = refusal('not-permitted', 'who stands behind it is shown to those who decide or review it')
      return parts.send(reply, refusalProblem(sight, no, waiver))
    }
    const found = await behindOf(sight, waiver, parts.machinery.store.waivers)
    return { ...found, names: namesIn(sight.index, found) }
  })
}
