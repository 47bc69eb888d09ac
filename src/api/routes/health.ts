/** Does the process live, can it do its work? Asked by machines without a token; nothing in the answers is worth one. */
import { documentedJson } from '../documented.ts'
import type { Parts, Scope } from '../parts.ts'
import { alive, ready } from '../schema/health.ts'
import { none } from '../schema/text.ts'

export function healthRoutes(scope: Scope, parts: Parts): void {
  scope.get(
    '/healthz',
    {
      schema: {
        operationId: 'alive',
        tags: ['health'],
        summary: 'The process answers',
        security: [],
        querystring: none,
        response: { 200: alive },
      },
    },
    async () => ({ status: 'alive' as const }),
  )

  scope.get(
    '/readyz',
    {
      schema: {
        operationId: 'ready',
        tags: ['health'],
        summary: 'Whether requests should be sent here',
        security: [],
        querystring: none,
        response: { 200: ready, 503: documentedJson('Not ready; the same body says why.', ready) },
      },
    },
    async (_request, reply) => {
      const { checks } = await parts.options.ready()
      const isReady = checks.length > 0 && checks.every(({ state }) => state !== 'down')
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not-ready', checks })
    },
  )
}
