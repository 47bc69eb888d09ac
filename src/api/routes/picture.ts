/** How somebody stands to a waiver, as a picture. */

import { refusal } from '../../core/refusal.ts'
import { reads } from '../documented.ts'
import { look } from '../look.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { refusalProblem } from '../perform.ts'
import { pictureOf } from '../picture.ts'
import { isProblem } from '../problem.ts'
import { picture, pictureQuery } from '../schema/picture.ts'
import { waiverPath } from '../schema/waiver.ts'
import { namesIn, relationsTo, seesPathsIn } from '../sight.ts'

export function pictureRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'picture',
    tags: ['waivers'],
    summary: 'Who asks, who gives, who decides, and every path between them',
    ok: picture,
  })
  const schema = { ...about, params: waiverPath, querystring: pictureQuery }
  scope.get('/v1/waivers/:waiver/picture', { schema }, async (request, reply) => {
    const caller = callerOf(request)
    const seen = await look(parts, caller, request.params.waiver)
    if (isProblem(seen)) return parts.send(reply, seen)
    const { sight, waiver } = seen
    const { person = caller.id } = request.query
    if (person !== caller.id && !seesPathsIn(relationsTo(sight, waiver))) {
      const no = refusal('not-permitted', 'how others stand to a waiver is shown to those who decide or review it')
      return parts.send(reply, refusalProblem(sight, no, waiver))
    }
    const drawn = await pictureOf(sight, waiver, person)
    return { ...drawn, names: namesIn(sight.index, drawn) }
  })
}
