/** The kill switch: one act, everything of a workload, an owner or a system. It answers when no check says yes any more. */
import { kill } from '../../engine/kill.ts'
import { writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { keyOf, refusalProblem } from '../perform.ts'
import { answerOnce } from '../repeat.ts'
import { killed, killing } from '../schema/kill.ts'
import { anySight, mayRead, namesIn } from '../sight.ts'

export function killSwitchRoutes(scope: Scope, parts: Parts): void {
  const about = writes({
    operationId: 'kill',
    tags: ['access'],
    summary: 'Ends everything of a workload, an owner or a system at once',
    description:
      'Each waiver is ended with the rights of whoever calls, and all of them together. The answer comes when no process that answers checks says yes any more.',
    ok: killed,
  })
  scope.post('/v1/kill-switch', { schema: { ...about, body: killing } }, async (request, reply) => {
    const caller = callerOf(request)
    const { scope: what, reason } = request.body
    const asked = { actor: caller, key: keyOf(request), request: { kills: what, reason } }
    const answer = await answerOnce(parts.machinery, asked, async () => ({
      accepted: await kill(parts.machinery, caller, what, reason),
    }))
    const sight = await anySight(parts, caller)
    if ('refused' in answer)
      return parts.send(reply, refusalProblem(sight, answer.refused, undefined, { replayed: answer.replayed }))
    const { results, everywhereAfterMillis, known } = answer.accepted
    const waivers = new Map(
      (await parts.machinery.store.waivers.findAll(results.map(({ waiver }) => waiver))).map((one) => [one.id, one]),
    )
    // What somebody may not read they do not hear of, but they do hear that it is not all.
    const shown = results.filter(({ waiver }) => sight !== undefined && mayRead(sight, waivers.get(waiver)))
    return {
      results: shown,
      complete: results.every(({ outcome }) => outcome === 'ended'),
      // Workloads do not find out by it who there is.
      ...(known === undefined || caller.id.startsWith('wl_') ? {} : { known }),
      everywhereAfterMillis: Math.round(everywhereAfterMillis),
      replayed: answer.replayed,
      names:
        sight === undefined
          ? {}
          : namesIn(
              sight.index,
              [...waivers.values()].map(({ terms }) => terms.beneficiary),
            ),
    }
  })
}
