/**
 * `/scim/v2`: the door through which identity providers push people and teams. Each source has a secret of its own, and
 * what comes in by it touches that source alone. Nothing here decides anything; what is pushed becomes facts like any other.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readJson } from '../json.ts'
import { resourceTypes, schemaDocuments, serviceProviderConfig } from './definitions.ts'
import { ScimError, scimErrorHandler } from './error.ts'
import type { ScimOptions, ScimSource } from './options.ts'
import { resourceRoutes, type ScimParts } from './routes.ts'

export const scimPath = '/scim/v2'
const bodyBytesMax = 4 * 1024 * 1024

/** For a scope of its own: parsers, errors and hooks hold for nothing else. */
export async function scimRoutes(
  scope: FastifyInstance,
  { publicUrl, ...options }: ScimOptions & { readonly publicUrl: string },
): Promise<void> {
  const base = `${publicUrl.replace(/\/+$/, '')}${scimPath}`
  const callers = new WeakMap<FastifyRequest, ScimSource>()
  readsScimJson(scope)
  scope.addHook('onClose', () => options.stop())
  scope.setErrorHandler(scimErrorHandler)
  scope.setNotFoundHandler(() => {
    throw new ScimError(404, 'there is nothing at this address')
  })
  scope.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
    const source = callerOf(request, options.sources)
    if (source === undefined) {
      reply.header('www-authenticate', 'Bearer realm="countersign-scim"')
      throw new ScimError(401, 'the token of a source is needed')
    }
    callers.set(request, source)
    await options.state.heard(source.source)
  })
  scope.addHook('onSend', async (_request, reply, payload) => {
    if (reply.statusCode !== 204 && reply.statusCode !== 304) reply.type('application/scim+json; charset=utf-8')
    return payload
  })
  scope.addHook('onResponse', async (request, reply) => {
    const { statusCode: status, elapsedTime: millis } = reply
    const source = callers.get(request)?.source
    request.log.info({ method: request.method, route: request.routeOptions.url, status, millis, source }, 'answered')
  })
  const parts: ScimParts = {
    options,
    base,
    sourceOf(request) {
      const source = callers.get(request)
      if (source === undefined) throw new Error('bug: nobody is behind this request')
      return source
    },
  }
  documents(scope, base)
  resourceRoutes(scope, parts, 'User')
  resourceRoutes(scope, parts, 'Group')
}

/** Every secret is compared, in constant time, whatever the first of them says. */
function callerOf({ headers, raw }: FastifyRequest, sources: readonly ScimSource[]): ScimSource | undefined {
  const given = raw.rawHeaders.filter((name, place) => place % 2 === 0 && name.toLowerCase() === 'authorization')
  const token = /^Bearer ([\x21-\x7e]+)$/i.exec(headers.authorization ?? '')?.[1]
  const digest = createHash('sha256')
    .update(token ?? '')
    .digest()
  const same = sources.filter(({ tokenDigest }) => timingSafeEqual(tokenDigest, digest))
  return token !== undefined && given.length === 1 && same.length === 1 ? same[0] : undefined
}

function readsScimJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  const types = /^application\/(?:scim\+)?json(?:\s*;\s*charset=utf-8)?$/i
  scope.addContentTypeParser(types, { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, bytes, done) => {
    const read = readJson(bytes as Buffer)
    if ('wrong' in read) done(new ScimError(400, read.wrong, 'invalidSyntax'))
    else done(null, read.value)
  })
}

function documents(scope: FastifyInstance, base: string): void {
  scope.get('/ServiceProviderConfig', async () => serviceProviderConfig(base))
  listed(scope, 'ResourceTypes', resourceTypes(base))
  listed(scope, 'Schemas', schemaDocuments(base))
}

function listed(scope: FastifyInstance, name: string, all: readonly { readonly id: string }[]): void {
  scope.get(`/${name}`, async () => ({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: all.length,
    startIndex: 1,
    itemsPerPage: all.length,
    Resources: all,
  }))
  scope.get<{ Params: { readonly id: string } }>(`/${name}/:id`, async ({ params }) => {
    const one = all.find(({ id }) => id === params.id)
    if (one === undefined) throw new ScimError(404, 'there is no such document')
    return one
  })
}
