/** Where this decision point is asked what: the AuthZEN metadata document. Open to everybody, and may be kept a while. */
import { capability } from '../../access-request/index.ts'
import { requestsPath } from '../access/told.ts'
import type { Parts, Scope } from '../parts.ts'
import { metadata } from '../schema/access.ts'
import { none } from '../schema/text.ts'
import { evaluationPath, evaluationsPath } from './access.ts'
import { searchPaths } from './access-search.ts'
import { jwksPath } from './token-status.ts'

export const metadataPath = '/.well-known/authzen-configuration'

export function accessMetadataRoutes(scope: Scope, { options }: Parts): void {
  const base = options.publicUrl.replace(/\/+$/, '')
  scope.get(
    metadataPath,
    {
      schema: {
        operationId: 'decisionPoint',
        tags: ['access'],
        summary: 'Where this decision point is asked what',
        description: 'OpenID AuthZEN Authorization API 1.0, PDP metadata.',
        security: [],
        querystring: none,
        response: { 200: metadata },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send({
        policy_decision_point: base,
        access_evaluation_endpoint: `${base}${evaluationPath}`,
        access_evaluations_endpoint: `${base}${evaluationsPath}`,
        search_subject_endpoint: `${base}${searchPaths.subject}`,
        search_resource_endpoint: `${base}${searchPaths.resource}`,
        search_action_endpoint: `${base}${searchPaths.action}`,
        ...(options.accessRequests === undefined
          ? {}
          : {
              access_request_endpoint: `${base}${requestsPath}`,
              jwks_uri: `${base}${jwksPath}`,
              capabilities: [capability],
            }),
      }),
  )
}
