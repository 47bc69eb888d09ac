/** What waits for whoever asks. */
import { reads } from '../documented.ts'
import { inboxOf } from '../inbox.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem } from '../problem.ts'
import { inbox } from '../schema/inbox.ts'
import { namesIn, sightFor } from '../sight.ts'

export function inboxRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'inbox',
    tags: ['me'],
    summary: 'What waits for you, what does not and why, and what you asked for',
    ok: inbox,
  })
  scope.get('/v1/inbox', { schema: about }, async (request, reply) => {
    const sight = await sightFor(parts, callerOf(request))
    if (isProblem(sight)) return parts.send(reply, sight)
    const found = await inboxOf(parts, sight)
    return { ...found, names: namesIn(sight.index, found) }
  })
}
