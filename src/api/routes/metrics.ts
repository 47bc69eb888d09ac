/** Numbers for Prometheus, as text. */
import { z } from 'zod'
import type { Parts, Scope } from '../parts.ts'
import { none } from '../schema/text.ts'

const text = z.string().meta({ description: 'The Prometheus text format.' })

export function metricsRoutes(scope: Scope, { metrics }: Parts): void {
  scope.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['health'],
        summary: 'Numbers for operators, in the Prometheus format',
        security: [],
        querystring: none,
        response: { 200: { description: 'Counters and gauges.', content: { 'text/plain': { schema: text } } } },
      },
    },
    async (_request, reply) =>
      reply
        .type(metrics.contentType)
        .serializer(String)
        .send(await metrics.text()),
  )
}
