/**
 * How does the sample provider come into the server of the demo? As one scope under `/sample-idp`, behind its guard. It
 * needs the raw request, so Fastify's body parsers end at its door.
 */
import type { EventEmitter } from 'node:events'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ClientMetadata } from 'oidc-provider'
import type { IssuerConfigInput } from '../config.ts'
import { castOf, type SamplePerson, type SampleWorkload } from './cast.ts'
import { sampleClientIds, sampleClients, sampleIssuer } from './clients.ts'
import { refusalOf, requireLocalUrl } from './guard.ts'
import { type InteractionAnswer, showChoice, takeChoice } from './interaction.ts'
import { requireSampleFolder } from './marker.ts'
import { pageHeaders } from './page.ts'
import { samplePath, sampleProvider } from './provider.ts'
import { sampleSecrets, workloadSecret, writeWorkloads } from './secrets.ts'

export interface SampleProviderOptions {
  /** `http://localhost:PORT`, and nothing else. */
  readonly publicUrl: string
  /** The demo's data folder, with its marker file in it. Keys are kept here. */
  readonly folder: string
  /** Asked anew at each sign-in. */
  readonly people: () => readonly SamplePerson[]
  readonly workloads: () => readonly SampleWorkload[]
  /** Further programs, beside the three of Countersign. */
  readonly clients?: readonly ClientMetadata[]
}

export interface SampleProvider {
  readonly issuer: string
  readonly clients: typeof sampleClients
  /** Its entry in the configuration, under this key. */
  issuerConfig(key: string): IssuerConfigInput
  /** @throws when the sample has no such workload */
  workloadSecret(login: string): string
}

/**
 * @throws {SampleRefused} when the folder is not the demo's, the address is not local, or a kept secret is damaged or open
 *   to others. A server that listens beyond this machine is found out with the first call, and every call is refused.
 */
export async function mountSampleProvider(
  fastify: FastifyInstance,
  options: SampleProviderOptions,
): Promise<SampleProvider> {
  const { folder, people, workloads, clients = [] } = options
  const origin = requireLocalUrl(options.publicUrl)
  await requireSampleFolder(folder)
  const secrets = await sampleSecrets(folder)
  const cast = castOf(people, workloads, [...sampleClientIds, ...clients.map((client) => client.client_id)])
  const provider = sampleProvider(origin, cast, secrets, clients)
  const emitter: EventEmitter = provider
  for (const event of ['server_error', 'error']) {
    emitter.on(event, (...about: unknown[]) => {
      fastify.log.error({ err: about.find((one) => one instanceof Error) }, 'the sample provider failed')
    })
  }
  const handle = provider.callback()

  await fastify.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.addHook('onRequest', async (request, reply) => {
        const listening = fastify.addresses().map((at) => (typeof at === 'string' ? at : at.address))
        const refused = refusalOf(request.raw, origin, listening)
        if (refused === undefined) return undefined
        return reply.code(403).headers(pageHeaders).type('text/plain').send(`refused: ${refused}\n`)
      })
      scope.get('/interaction/:uid', async (request, reply) => {
        const { find } = request.query as { find?: unknown }
        const text = typeof find === 'string' ? find.slice(0, 200) : ''
        return send(reply, await showChoice(provider, cast, request.raw, reply.raw, text))
      })
      scope.post('/interaction/:uid', async (request, reply) => {
        return send(reply, await takeChoice(provider, cast, request.raw, reply.raw))
      })
      scope.route({
        method: ['GET', 'POST'],
        url: '/*',
        handler: (request, reply) => {
          reply.hijack()
          return handle(withoutPrefix(request), reply.raw)
        },
      })
    },
    { prefix: samplePath },
  )

  const secretOf = (login: string) => {
    if (cast.workload(login) === undefined) throw new TypeError(`the sample has no workload \`${login}\``)
    return workloadSecret(secrets, login)
  }
  await writeWorkloads(folder, provider.issuer, new Map(cast.workloads().map(({ login }) => [login, secretOf(login)])))
  return {
    issuer: provider.issuer,
    clients: sampleClients,
    issuerConfig: (key) => sampleIssuer(key, provider.issuer),
    workloadSecret: secretOf,
  }
}

/** The provider finds its own place by comparing both. */
function withoutPrefix({ raw }: FastifyRequest) {
  const originalUrl = raw.url ?? '/'
  return Object.assign(raw, { originalUrl, url: originalUrl.slice(samplePath.length) || '/' })
}

function send(reply: FastifyReply, answer: InteractionAnswer): FastifyReply {
  if (answer.status === 303) return reply.code(303).headers(pageHeaders).header('location', answer.location).send()
  return reply.code(answer.status).headers(answer.headers).send(answer.body)
}
