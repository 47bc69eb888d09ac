/**
 * The sample provider as the demo runs it, for tests: on a real server that listens on this machine, with a folder of its
 * own. Not part of the package.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { createTokenVerifier, issuerSchema, type TokenVerifier } from '../index.ts'
import { mountSampleProvider, type SamplePerson, type SampleProvider, sampleMarkerFile } from './index.ts'

export const people: readonly SamplePerson[] = [
  { login: 'maria', name: 'Maria Lindqvist', title: 'Site reliability', team: 'Payments' },
  { login: 'jo', name: 'Jo "the <b>" O\'Hara', team: 'Payments' },
  { login: 'ada', name: 'Ada Ferreira', title: 'Risk', team: 'Control' },
]

export interface ListeningSample {
  readonly publicUrl: string
  readonly folder: string
  readonly sample: SampleProvider
  readonly fastify: FastifyInstance
  /** Looks at tokens as an installation beside it would. */
  readonly verifier: TokenVerifier
  close(): Promise<void>
}

export interface ListeningSampleOptions {
  /** Default: a new one, removed when it closes. */
  readonly folder?: string
  readonly port?: number
  readonly host?: string
  readonly people?: () => readonly SamplePerson[]
}

export async function markedFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-test-sample-'))
  await writeFile(path.join(folder, sampleMarkerFile), '{}')
  return folder
}

export async function listeningSample(options: ListeningSampleOptions = {}): Promise<ListeningSample> {
  const { port = await freePort(), host = 'localhost', people: cast = () => people } = options
  const folder = options.folder ?? (await markedFolder())
  const publicUrl = `http://localhost:${port}`
  const fastify = Fastify()
  fastify.get('/', () => 'home')
  const workloads = () => [{ login: 'builder' }, { login: 'jo' }]
  const sample = await mountSampleProvider(fastify, { publicUrl, folder, people: cast, workloads })
  await fastify.listen({ host, port })
  return {
    publicUrl,
    folder,
    sample,
    fastify,
    verifier: verifierFor(publicUrl, sample),
    async close() {
      await fastify.close()
      if (options.folder === undefined) await rm(folder, { recursive: true })
    },
  }
}

function verifierFor(publicUrl: string, sample: SampleProvider): TokenVerifier {
  const known = new Set(people.map(({ login }) => login))
  return createTokenVerifier({
    issuers: [issuerSchema.parse(sample.issuerConfig('sample'))],
    audience: publicUrl,
    resolveAccount: (_on, login) => ({
      ...(known.has(login) ? { person: `per_${login}` } : { workload: `wl_${login}` }),
      confirmed: true,
      conflicting: [],
    }),
  })
}

export async function freePort(): Promise<number> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<number>()
  server.listen(0, 'localhost', () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    server.close(() => resolve(port))
  })
  return promise
}
