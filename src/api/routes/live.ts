/** Being told what happens, as it happens: server-sent events, each cut to what the listener may read. */
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { browserCall } from '../browser-call.ts'
import { readsOf } from '../feed-sight.ts'
import { streamOf } from '../live/stream.ts'
import { tailOf } from '../live/tail.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { isProblem, problem } from '../problem.ts'
import { none } from '../schema/text.ts'
import { sightFor } from '../sight.ts'

/** One person with many windows open, and everybody together. */
const streamsPerActorMax = 20
const streamsMax = 2_000

const text = z.string().meta({
  description:
    '`begin` with the last position there is; then `record` with `position`, `stream`, `type`, `at` and `by` of each record you may read; `over` when your sign-in is. Lines that begin with a colon only keep the connection.',
})

export function liveRoutes(scope: Scope, parts: Parts): void {
  const { machinery, options, send } = parts
  const tail = tailOf(machinery)
  const open = new Map<Readable, string>()
  scope.addHook('preClose', async () => {
    tail.close()
    for (const stream of open.keys()) stream.destroy()
  })
  const schema = {
    operationId: 'live',
    tags: ['feed'],
    summary: 'What happens, as it happens (server-sent events)',
    description: 'Says that something happened and to what; ask for it on the ordinary way. Begins with the present.',
    querystring: none,
    response: { 200: { description: 'A stream that stays open.', content: { 'text/event-stream': { schema: text } } } },
  }
  scope.get('/v1/live', { schema }, async (request, reply) => {
    const caller = callerOf(request)
    const first = await sightFor(parts, caller)
    if (isProblem(first)) return send(reply, first)
    const own = [...open.values()].filter((id) => id === caller.id).length
    if (own >= streamsPerActorMax || open.size >= streamsMax) return send(reply, problem('too-many-streams'))
    const credentials = {
      authorization: request.headers.authorization,
      // A page that only listens is nobody's use of a session.
      browser: { ...browserCall(request), present: false },
    }
    const stream = streamOf(tail, {
      last: await machinery.store.feed.last(),
      sight: async () => {
        const sight = await sightFor(parts, caller)
        return isProblem(sight) ? undefined : sight
      },
      sees: (sight, { event, waiver }) => readsOf(sight, event, waiver).reads,
      async stillSignedIn() {
        const found = await options.authenticate(credentials)
        return !('problem' in found) && found.actor.id === caller.id
      },
    })
    open.set(stream, caller.id)
    stream.once('close', () => open.delete(stream))
    // Proxies that collect answers before they pass them on would collect this one for ever.
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('x-accel-buffering', 'no')
      .send(stream as never)
  })
}
