/**
 * HTTP: what arrives is checked, turned into a command or a question, and answered in the words of the house. Nothing is
 * decided here. Building is separate from listening, so that it can be asked without a port.
 */
import { randomUUID } from 'node:crypto'
import fastifyCookie from '@fastify/cookie'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { coverageDesk } from '../engine/coverage.ts'
import { figuresDesk } from '../engine/figures.ts'
import { allowedMethods } from './allowed.ts'
import { browserCall } from './browser-call.ts'
import { directoryIndexes } from './directory-index.ts'
import { clientErrorHandler, errorHandler, problemSender } from './errors.ts'
import { readForms } from './form.ts'
import { metricsOf } from './metrics.ts'
import { oneHeader } from './one-header.ts'
import { documentApi, showDocument } from './openapi.ts'
import type { ApiOptions } from './options.ts'
import { pages } from './pages.ts'
import type { Parts, Scope } from './parts.ts'
import { notAuthenticated, problem } from './problem.ts'
import { accessRoutes } from './routes/access.ts'
import { accessMetadataRoutes } from './routes/access-metadata.ts'
import { accessRequestSchemaRoutes } from './routes/access-request-schema.ts'
import { accessRequestRoutes } from './routes/access-requests.ts'
import { accessSearchRoutes } from './routes/access-search.ts'
import { actRoutes } from './routes/acts.ts'
import { behindRoutes } from './routes/behind.ts'
import { bundleRoutes } from './routes/bundle.ts'
import { challengeRoutes } from './routes/challenges.ts'
import { changeRoutes } from './routes/changes.ts'
import { coverageRoutes } from './routes/coverage.ts'
import { directoryRoutes } from './routes/directory.ts'
import { driftRoutes } from './routes/drift.ts'
import { dutiesRoutes } from './routes/duties.ts'
import { evidenceRoutes } from './routes/evidence.ts'
import { explainRoutes } from './routes/explain.ts'
import { feedRoutes } from './routes/feed.ts'
import { figuresRoutes } from './routes/figures.ts'
import { foundingRoutes } from './routes/founding.ts'
import { grantRoutes } from './routes/grants.ts'
import { healthRoutes } from './routes/health.ts'
import { holdRoutes } from './routes/holds.ts'
import { inboxRoutes } from './routes/inbox.ts'
import { killSwitchRoutes } from './routes/kill-switch.ts'
import { linkRoutes } from './routes/links.ts'
import { liveRoutes } from './routes/live.ts'
import { logRoutes, transparencyOf } from './routes/log.ts'
import { logRecordRoutes } from './routes/log-records.ts'
import { meRoutes } from './routes/me.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { ownershipRoutes } from './routes/ownerships.ts'
import { passkeyRoutes } from './routes/passkeys.ts'
import { pictureRoutes } from './routes/picture.ts'
import { policyRoutes } from './routes/policy.ts'
import { policyActivityRoutes } from './routes/policy-activity.ts'
import { previewRoutes } from './routes/preview.ts'
import { problemRoutes } from './routes/problems.ts'
import { protectedResourceRoutes } from './routes/protected-resource.ts'
import { provenanceRoutes } from './routes/provenance.ts'
import { recordRoutes } from './routes/records.ts'
import { referenceRoutes } from './routes/references.ts'
import { removalRoutes } from './routes/removals.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { sessionRoutes, signInRoutes, signOutRoutes } from './routes/session.ts'
import { standbyRoutes } from './routes/standby.ts'
import { tokenStatusRoutes } from './routes/token-status.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { waiverRoutes } from './routes/waivers.ts'
import { workloadRoutes } from './routes/workloads.ts'
import { scimPath, scimRoutes } from './scim/scim.ts'
import { oddity, readOnlyJson, Stop } from './strict.ts'

/** Waivers are small; policy files have a limit of their own. */
const bodyBytesMax = 256 * 1024
/** References may have 300 characters, each of them up to twelve in an address. */
const parameterLengthMax = 4_000

export function buildApi(options: ApiOptions): FastifyInstance {
  const send = problemSender(options.publicUrl)
  const app = Fastify({
    bodyLimit: bodyBytesMax,
    trustProxy: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: 30_000,
    // One line an answer of our own, with who it was.
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: {
      maxParamLength: parameterLengthMax,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      caseSensitive: true,
    },
    frameworkErrors: (_error, _request, reply) =>
      void send(reply as FastifyReply, problem('malformed-request', 'the address cannot be read')),
    clientErrorHandler: clientErrorHandler(options.publicUrl),
    ...(options.log === undefined ? {} : { loggerInstance: options.log }),
  })
  const coverage = coverageDesk(options.machinery)
  const parts: Parts = {
    options,
    machinery: options.machinery,
    indexes: directoryIndexes(options.machinery),
    metrics: metricsOf(options, coverage),
    coverage,
    figures: figuresDesk(options.machinery),
    send,
  }
  const allowed = allowedMethods()
  const nothing = nothingHere(allowed, parts)
  app.setErrorHandler(errorHandler(send))
  app.setNotFoundHandler(nothing)
  // A scope of its own, so that whatever else `app.ts` mounts keeps its own rules and these stay ours.
  app.register(async (scope) => {
    scope.addHook('onRoute', allowed.add)
    await surface(scope.withTypeProvider(), parts, nothing)
  })
  const { scim, publicUrl } = options
  if (scim !== undefined) app.register((scope) => scimRoutes(scope, { ...scim, publicUrl }), { prefix: scimPath })
  return app
}

type Nothing = (request: FastifyRequest, reply: FastifyReply) => FastifyReply

async function surface(scope: Scope, parts: Parts, nothing: Nothing): Promise<void> {
  scope.setValidatorCompiler(validatorCompiler)
  scope.setSerializerCompiler(serializerCompiler)
  readOnlyJson(scope)
  scope.decorateRequest('actor', null)
  guarded(scope, parts)
  await documentApi(scope, parts)
  await scope.register(async (open: Scope) => {
    for (const routes of openRoutes) routes(open, parts)
    await writesCookies(open, parts, [sessionRoutes, signInRoutes])
    if (transparencyOf(parts).isPublic) logRoutes(open, parts)
    await showDocument(open)
  })
  await scope.register(async (signedIn: Scope) => {
    signedIn.addHook('onRequest', authentication(parts))
    for (const routes of signedInRoutes) routes(signedIn, parts)
    await writesCookies(signedIn, parts, [signOutRoutes])
    if (!transparencyOf(parts).isPublic) logRoutes(signedIn, parts)
  })
  await scope.register(async (forms: Scope) => {
    readForms(forms)
    tokenRoutes(forms, parts, authentication(parts))
  })
  await scope.register(async (rest: Scope) => {
    rest.addHook('onRequest', async (request, reply) => nothing(request, reply))
    rest.all('/v1/*', { schema: { hide: true } }, nothing)
  })
  await scope.register((rest: Scope) => pages(rest, parts))
}

const openRoutes = [
  healthRoutes,
  metricsRoutes,
  problemRoutes,
  accessMetadataRoutes,
  protectedResourceRoutes,
  tokenStatusRoutes,
]

const signedInRoutes = [
  waiverRoutes,
  recordRoutes,
  bundleRoutes,
  actRoutes,
  previewRoutes,
  pictureRoutes,
  behindRoutes,
  referenceRoutes,
  grantRoutes,
  reviewRoutes,
  removalRoutes,
  figuresRoutes,
  evidenceRoutes,
  coverageRoutes,
  standbyRoutes,
  dutiesRoutes,
  driftRoutes,
  directoryRoutes,
  explainRoutes,
  provenanceRoutes,
  holdRoutes,
  linkRoutes,
  ownershipRoutes,
  workloadRoutes,
  policyRoutes,
  policyActivityRoutes,
  changeRoutes,
  foundingRoutes,
  passkeyRoutes,
  challengeRoutes,
  feedRoutes,
  logRecordRoutes,
  liveRoutes,
  meRoutes,
  inboxRoutes,
  accessRoutes,
  accessSearchRoutes,
  accessRequestRoutes,
  accessRequestSchemaRoutes,
  killSwitchRoutes,
]

/** They are only written here, and looked for at every answer where they may be; what they say is judged elsewhere. */
function writesCookies(scope: Scope, parts: Parts, each: readonly ((scope: Scope, parts: Parts) => void)[]) {
  return scope.register(async (cookies: Scope) => {
    await cookies.register(fastifyCookie, { hook: false })
    for (const routes of each) routes(cookies, parts)
  })
}

/** What holds for every answer and every request of this surface. */
function guarded(scope: Scope, { options, metrics }: Parts): void {
  const secure = options.publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}
  scope.addHook('onRequest', (request, reply, done) => {
    reply.headers({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      ...secure,
    })
    if (request.routeOptions.url === '/v1/*') return done()
    echoRequestId(request, reply)
    const odd = oddity(request)
    done(odd === undefined ? undefined : new Stop(odd))
  })
  scope.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    const { statusCode: status, elapsedTime: millis } = reply
    request.log.info({ method: request.method, route, status, millis, actor: request.actor?.id }, 'answered')
    done()
  })
}

/** AuthZEN: what came with a name of its own goes back under it. Nothing here is looked up or logged by it. */
function echoRequestId({ headers, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  const id = headers['x-request-id']
  if (routeOptions.url?.startsWith('/access/') && typeof id === 'string' && /^[\x21-\x7e]{1,200}$/.test(id))
    reply.header('x-request-id', id)
}

/** Before the body is read. Whoever is not recognised gets no further. */
function authentication({ options }: Parts) {
  return async (request: FastifyRequest): Promise<void> => {
    const found = await options.authenticate({
      authorization: request.headers.authorization,
      dpop: oneHeader(request.headers.dpop),
      method: request.method,
      url: `${options.publicUrl}${request.raw.url ?? ''}`,
      browser: browserCall(request),
    })
    if ('problem' in found) throw new Stop(notAuthenticated(found))
    // INVARIANT: the system acts from within and never over HTTP, whatever a token or a directory says.
    if (!/^(?:per|wl)_/.test(found.actor.id)) throw new Error(`bug: \`${found.actor.id}\` is nobody who can call`)
    request.actor = found.actor
  }
}

/** 404, or 405 with what would have been right; OPTIONS hears the same without a reproach. */
function nothingHere(allowed: ReturnType<typeof allowedMethods>, { send }: Parts): Nothing {
  return (request, reply) => {
    const [path = ''] = (request.raw.url ?? '').split('?')
    const methods = allowed.methodsAt(path)
    if (methods.length === 0) return send(reply, problem('not-found'))
    const allow = methods.join(', ')
    if (request.method === 'OPTIONS') return reply.code(204).header('allow', allow).send()
    return send(reply, problem('method-not-allowed', `this address takes ${allow}`, {}, { allow }))
  }
}
