/**
 * Runs an installation: its database, its sources, its API and its loops, in the order in which they need each other.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { taskTold } from './api/access/told.ts'
import { buildApi } from './api/api.ts'
import type { ScimOptions } from './api/scim/options.ts'
import {
  accessRequestDesk,
  accountResolver,
  assemble,
  type Countersign,
  seenBy,
  sourcesFrom,
  tokenDesk,
  workloadKnower,
} from './app.ts'
import type { Running, ServeOptions } from './cli/hand-ins.ts'
import { type Config, readSecret } from './config.ts'
import { checkPolicy, peopleNeeded } from './core/check-policy.ts'
import { entryOf } from './core/policy.ts'
import { callbackLoop, type Telling } from './engine/access-requests/callbacks.ts'
import { promptly } from './engine/directories/promptly.ts'
import { importDirectory } from './engine/directories.ts'
import type { Machinery } from './engine/handle.ts'
import { readiness } from './engine/health.ts'
import { readPolicy } from './files/policy.ts'
import { browsersOf } from './identity/browser/index.ts'
import { challengeOf, createTokenVerifier, denialVerifier, insideCalls } from './identity/index.ts'
import { relyingPartyOf } from './identity/passkeys/index.ts'
import { packageVersion } from './lib/package-version.ts'
import { mcpRoute } from './mcp/index.ts'
import { configAt, openDatabase } from './opening.ts'
import { scimSourcesFrom } from './scim.ts'
import type { Store } from './store/contract.ts'
import { openStore } from './store/store.ts'
import { callbacksOf, noticesOf, sinkLoops } from './tells.ts'
import { logChecks, type Sealing, sealingFor, witnessingOf } from './transparency.ts'

export interface Installation extends Running {
  readonly app: Countersign
  readonly store: Store
  readonly fastify?: FastifyInstance
}

export interface Additions {
  /** Mounted before listening; the sample organisation's sign-in is such an addition. */
  readonly mount?: (fastify: FastifyInstance, machinery: Machinery) => Promise<void>
  readonly log?: 'silent' | 'info'
  /** One chooses whom to be; the pages say so. */
  readonly sample?: boolean
  /** When the own database is lost, there is nothing left to serve. */
  readonly lost?: (reason: string) => void
}

export async function serveInstallation(
  { config: path, role }: ServeOptions,
  additions: Additions = {},
): Promise<Installation> {
  const config = await configAt(path)
  // Standard output belongs to whoever started this.
  const log = pino({ level: additions.log ?? 'info' }, pino.destination(2))
  const database = await openDatabase(config, (line) => log.info({ part: 'postgresql' }, line), additions.lost)
  const store = await openStore({ url: database.url, poolMax: config.database.connectionsMax }).catch(
    async (error: unknown) => {
      await database.stop()
      throw error
    },
  )
  // Also without endpoints: whoever adds the first one later is told what happens from then on, not all of the past.
  const notices = role === 'api' ? undefined : noticesOf(config, store, database.url, log)
  const sealing = role === 'api' ? undefined : sealingFor(config, store, log)
  const telling = callbacksOf(config)
  const app = assemble({
    store,
    log,
    sources: sourcesFrom(config, store),
    relyingParty: relyingPartyOf(config.publicUrl, additions.sample),
    loops: (machinery) => [
      ...(notices === undefined ? [] : [notices.notices.loop]),
      ...(sealing?.loops ?? []),
      ...(role === 'api' ? [] : [...sinkLoops(config, store, log), callbacksIn(config, machinery, telling)]),
    ],
  })
  for (const { outcome, kind, problems } of await importDirectory(app.machinery, app.sources)) {
    if (outcome === 'unreadable' || outcome === 'held')
      log.error({ source: kind, problems }, 'a directory source is not believed; its last good facts stay in force')
  }
  const fastify = role === 'worker' ? undefined : await listen(config, app, { sealing, telling, log }, additions)
  if (role !== 'api') app.start()
  return {
    app,
    store,
    ...(fastify === undefined ? {} : { fastify, url: config.publicUrl }),
    async stop() {
      await fastify?.close()
      notices?.notices.stop()
      await app.stop()
      await notices?.stop()
      await store.close()
      await database.stop()
    },
  }
}

function callbacksIn({ publicUrl }: Config, machinery: Machinery, telling: Telling) {
  const base = publicUrl.replace(/\/+$/, '')
  return callbackLoop(machinery, telling, (task) => taskTold(base, task))
}

/** Sources that are pushed, when there are any. */
function scimFor({ directory }: Config, { machinery, sources }: Countersign): ScimOptions | undefined {
  const pushed = scimSourcesFrom(directory, readSecret)
  if (pushed.length === 0) return undefined
  const prompts = new Map(
    pushed.flatMap(({ source: id }) => {
      const source = sources.find((one) => one.id === id)
      return source === undefined ? [] : [[id, promptly(machinery, source)] as const]
    }),
  )
  return {
    sources: pushed,
    state: machinery.store.scim,
    readNow: async (source) => prompts.get(source)?.now(),
    readSoon: (source) => prompts.get(source)?.soon(),
    stop: async () => {
      await Promise.all([...prompts.values()].map((prompt) => prompt.stop()))
    },
  }
}

async function listen(
  config: Config,
  app: Countersign,
  { sealing, telling, log }: { sealing: Sealing | undefined; telling: Telling; log: Logger },
  additions: Additions,
): Promise<FastifyInstance> {
  const { machinery, runtime, sources } = app
  const tokens = tokenDesk(app, config.publicUrl)
  const audience = config.identity.audience ?? config.publicUrl
  const resolveAccount = accountResolver(machinery)
  const { issuers, workloads } = config.identity
  const seen = seenBy(machinery.store)
  const verifier = createTokenVerifier({
    seen,
    issuers,
    workloads,
    audience,
    resolveAccount,
    knowsWorkload: workloadKnower(machinery),
  })
  const browsers = browsersOf({
    publicUrl: config.publicUrl,
    audience,
    issuers,
    sessions: machinery.store.sessions,
    verifier,
    resolveAccount,
    readReference: readSecret,
    idleSeconds: config.sessions.idle,
    lastsSeconds: config.sessions.lasts,
  })
  const inside = insideCalls(verifier)
  runtime.start()
  const scim = scimFor(config, app)
  const fastify = buildApi({
    ...(scim === undefined ? {} : { scim }),
    machinery,
    runtime,
    tokens,
    accessRequests: accessRequestDesk(app, tokens, config.publicUrl, {
      foreign: denialVerifier(config.accessRequests.decisionPoints),
      mayTell: telling.mayTell,
    }),
    sources,
    publicUrl: config.publicUrl,
    authorizationServers: [...issuers, ...workloads].flatMap(({ issuer }) => issuer ?? []),
    log,
    browsers,
    pages: { folder: builtPages(), sample: additions.sample ?? false },
    async authenticate({ browser, ...credentials }) {
      const byBrowser =
        credentials.authorization === undefined && browser !== undefined && browsers.holdsSession(browser.cookie)
      const answer = byBrowser ? await browsers.authenticate(browser) : await inside.authenticate(credentials)
      if (!('problem' in answer)) return answer
      const challenge = challengeOf(answer)
      return { ...answer, ...(challenge === undefined ? {} : { challenge }) }
    },
    seen,
    readPolicyFiles: readPolicy,
    async checkPolicy(policy) {
      const { directory: digest, now } = await machinery.store.heads()
      const facts = await machinery.knowledge.facts(digest)
      return { findings: checkPolicy(policy, facts, now), tiers: peopleNeeded(policy, facts, now) }
    },
    async natureOf(system) {
      const { policy: digest } = await machinery.store.heads()
      const policy = digest === undefined ? undefined : await machinery.knowledge.policy(digest)
      if (policy === undefined || entryOf(policy.systems, system) === undefined) return undefined
      return machinery.targets.natureOf(system, policy)
    },
    transparency: { isPublic: config.log.public, witnessing: witnessingOf(config) },
    async ready() {
      const { checks: others } = await readiness(machinery)
      const isDown = others.some(({ state }) => state === 'down')
      const checks = isDown ? others : [...others, ...(await logChecks(config, machinery.store, sealing))]
      const unread = app.sourceReports().filter(({ outcome }) => outcome === 'unreadable')
      const problems = unread.flatMap((report) => report.problems)
      if (problems.length === 0) return { checks }
      const detail = `the last good directory stays in force: ${problems.slice(0, 3).join('; ')}`
      return { checks: [...checks, { name: 'sources', state: 'degraded', detail }] }
    },
  })
  fastify.get('/v1/sign-in', async () => signInOf(config))
  mcpRoute(fastify, {
    shown: async (credentials) => {
      const answer = await inside.shown(credentials)
      return 'problem' in answer ? { challenge: challengeOf(answer) } : answer
    },
    publicUrl: config.publicUrl,
    version: packageVersion,
    onError: (error) => log.info({ err: error }, 'an agent asked for something that cannot be read'),
  })
  await additions.mount?.(fastify, machinery)
  await fastify.listen({ host: config.listen.host, port: config.listen.port })
  return fastify
}

/** Of the package, or of a checkout whose pages were built. */
function builtPages(): string | undefined {
  const folder = fileURLToPath(new URL('../dist/web', import.meta.url))
  return existsSync(join(folder, 'index.html')) ? folder : undefined
}

/** How one signs in here: addresses and client names, no secret. */
function signInOf({ identity, publicUrl }: Config) {
  const issuers = identity.issuers.flatMap(({ key, issuer, audience, signIn }) =>
    signIn === undefined
      ? []
      : [{ key, issuer, audience: audience ?? identity.audience ?? publicUrl, ...signIn, webSecret: undefined }],
  )
  return { issuers }
}
