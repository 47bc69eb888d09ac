/** The beginning, and the founders' word about the clock. Founders never grant access. */
import type { FastifyRequest } from 'fastify'
import { clockWords, type Founding, type FoundingCommand } from '../../core/founding.ts'
import { handleFounding } from '../../engine/founding.ts'
import { reads, writes } from '../documented.ts'
import { callerOf, type Parts, type Scope } from '../parts.ts'
import { keyOf, refusalProblem } from '../perform.ts'
import { acceptance, clockConfirmation, type FoundingView, founding } from '../schema/founding.ts'
import { anySight, namesIn } from '../sight.ts'

export function foundingRoutes(scope: Scope, parts: Parts): void {
  const about = reads({
    operationId: 'founding',
    tags: ['founding'],
    summary: 'Who founded this installation, and what waits for them',
    ok: founding,
  })
  scope.get('/v1/founding', { schema: about }, async (request) => {
    callerOf(request)
    return view(parts, (await parts.machinery.store.records.find('founding')) as Founding | undefined)
  })

  const acceptAbout = writes({
    operationId: 'acceptFounding',
    tags: ['founding'],
    summary: 'A founder accepts the first policy',
    description:
      'Nothing is in force before enough founders, one of them from outside the platform team, have accepted exactly these rules.',
    ok: founding,
  })
  scope.post('/v1/founding/acceptances', { schema: { ...acceptAbout, body: acceptance } }, async (request, reply) =>
    act(parts, request, reply, { type: 'accept', policy: request.body.policy }),
  )

  const clockAbout = writes({
    operationId: 'confirmClock',
    tags: ['founding'],
    summary: 'A founder confirms the time after the clock went backwards',
    ok: founding,
  })
  scope.post(
    '/v1/founding/clock-confirmations',
    { schema: { ...clockAbout, body: clockConfirmation } },
    async (request, reply) => act(parts, request, reply, { type: 'confirm-clock' }),
  )
}

async function act(
  parts: Parts,
  request: Pick<FastifyRequest, 'actor' | 'headers' | 'routeOptions'>,
  reply: Parameters<Parts['send']>[0],
  command: FoundingCommand,
) {
  const caller = callerOf(request)
  const handled = await handleFounding(parts.machinery, command, caller, { idempotencyKey: keyOf(request) })
  const replayed = handled.replayed ?? false
  if (handled.outcome === 'refused') {
    if (!replayed) parts.metrics.refused(handled.refusal.code)
    const sight = await anySight(parts, caller)
    return parts.send(reply, refusalProblem(sight, handled.refusal, undefined, replayed ? { replayed } : {}))
  }
  if (!replayed) parts.metrics.accepted(`${command.type}-founding`)
  return { ...(await view(parts, handled.founding)), replayed }
}

async function view({ machinery, indexes }: Parts, state: Founding | undefined): Promise<FoundingView> {
  const { clock, clockJumps, directory } = await machinery.store.heads()
  const index = await indexes(directory)
  return {
    status: state?.status ?? 'not-proposed',
    founders: state?.founders ?? [],
    needed: state?.needed ?? 0,
    ...(state === undefined ? {} : { policy: state.policy }),
    accepted: state?.accepted ?? [],
    clock,
    clockConfirmedBy: state === undefined ? [] : clockWords(state, clockJumps),
    names: namesIn(index, state),
  }
}
