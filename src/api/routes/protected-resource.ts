/** Where a client learns whose tokens are believed here: OAuth 2.0 Protected Resource Metadata (RFC 9728). Open to everybody. */
import { z } from 'zod'
import { proofAlgorithms } from '../../tokens/index.ts'
import type { Parts, Scope } from '../parts.ts'
import { none } from '../schema/text.ts'

export const protectedResourcePath = '/.well-known/oauth-protected-resource'

const metadata = z.object({
  resource: z.string(),
  authorization_servers: z.array(z.string()),
  bearer_methods_supported: z.array(z.string()),
  dpop_signing_alg_values_supported: z.array(z.string()),
  resource_name: z.string(),
})

export function protectedResourceRoutes(scope: Scope, { options }: Parts): void {
  scope.get(
    protectedResourcePath,
    {
      schema: {
        operationId: 'protectedResource',
        tags: ['health'],
        summary: 'Whose tokens are believed here',
        description: 'OAuth 2.0 Protected Resource Metadata, RFC 9728.',
        security: [],
        querystring: none,
        response: { 200: metadata },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send({
        resource: options.publicUrl,
        authorization_servers: [...(options.authorizationServers ?? [])],
        bearer_methods_supported: ['header'],
        dpop_signing_alg_values_supported: [...proofAlgorithms],
        resource_name: 'Countersign',
      }),
  )
}
