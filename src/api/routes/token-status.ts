/**
 * What is published about tokens: the keys they are verified with, their status, and where everything is. Open to
 * everybody, and kept by whoever reads it for as long as it says.
 */
import { z } from 'zod'
import { statusSeconds } from '../../engine/runtime/grant-tokens.ts'
import { tokenAlgorithm } from '../../engine/runtime/token-keys.ts'
import { proofAlgorithms, statusListMediaType } from '../../tokens/index.ts'
import type { Parts, Scope } from '../parts.ts'
import { fault, problem } from '../problem.ts'
import { none } from '../schema/text.ts'
import { authorizationServer, exchangeGrant, jwks } from '../schema/tokens.ts'
import { tokenPaths } from './tokens.ts'

export const jwksPath = '/oauth/jwks'
export const statusPath = '/oauth/status'

const listParameter = z.strictObject({
  list: z.coerce.number().int().min(0).max(1_000_000_000).meta({ description: 'Number of the list.' }),
})

export function tokenStatusRoutes(scope: Scope, parts: Parts): void {
  keys(scope, parts)
  status(scope, parts)
  metadata(scope, parts)
}

function keys(scope: Scope, parts: Parts): void {
  const schema = {
    operationId: 'tokenKeys',
    tags: ['tokens'],
    summary: 'Keys of tokens and status lists',
    description: 'RFC 7517. One for each process, changed every day; ask again when a token names another one.',
    security: [],
    querystring: none,
    response: { 200: jwks },
  }
  scope.get(jwksPath, { schema }, async (_request, reply) => {
    const { tokens } = parts.options
    if (tokens === undefined) return parts.send(reply, fault('state-not-current'))
    const published = await tokens.keys.published()
    return reply.header('cache-control', 'public, max-age=60').send({ keys: published.keys.map((key) => ({ ...key })) })
  })
}

function status(scope: Scope, parts: Parts): void {
  const schema = {
    operationId: 'tokenStatus',
    tags: ['tokens'],
    summary: 'Which tokens are still valid',
    description: `The IETF's Token Status List as a signed JWT, two bits for each token. It may be kept for ${statusSeconds} seconds.`,
    security: [],
    params: listParameter,
    querystring: none,
    produces: [statusListMediaType],
    response: { 200: z.string().meta({ description: 'A JWT of the type `statuslist+jwt`.' }) },
  }
  scope.get(`${statusPath}/:list`, { schema }, async (request, reply) => {
    const answer = await parts.options.tokens?.statusList(request.params.list)
    if (answer === undefined) return parts.send(reply, fault('state-not-current'))
    if (answer === 'none') return parts.send(reply, problem('not-found', 'no token has its place on this list'))
    const { token } = answer
    reply.headers({ 'cache-control': `public, max-age=${statusSeconds}`, 'access-control-allow-origin': '*' })
    return reply.type(statusListMediaType).serializer(String).send(token)
  })
}

function metadata(scope: Scope, { options }: Parts): void {
  const base = options.publicUrl.replace(/\/+$/, '')
  const schema = {
    operationId: 'authorizationServer',
    tags: ['tokens'],
    summary: 'Where tokens are given, looked at and ended',
    description: 'OAuth 2.0 Authorization Server Metadata, RFC 8414.',
    security: [],
    querystring: none,
    response: { 200: authorizationServer },
  }
  scope.get('/.well-known/oauth-authorization-server', { schema }, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send({
      issuer: base,
      token_endpoint: `${base}${tokenPaths.token}`,
      introspection_endpoint: `${base}${tokenPaths.introspect}`,
      revocation_endpoint: `${base}${tokenPaths.revoke}`,
      jwks_uri: `${base}${jwksPath}`,
      grant_types_supported: [exchangeGrant],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['none'],
      dpop_signing_alg_values_supported: [...proofAlgorithms],
      authorization_details_types_supported: ['countersign_waiver'],
      access_token_signing_alg_values_supported: [tokenAlgorithm],
    }),
  )
}
