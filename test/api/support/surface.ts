/** The API over a whole installation: real store and engine on PostgreSQL, a target in memory, tokens that are plain ids. */
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll } from 'vitest'
import { buildApi } from '../../../src/api/api.ts'
import type { ApiOptions, Authenticate, ReadyCheck } from '../../../src/api/options.ts'
import { accessRequestDesk, tokenDesk } from '../../../src/app.ts'
import { type Client, createClient } from '../../../src/client/index.ts'
import { checkPolicy, peopleNeeded } from '../../../src/core/check-policy.ts'
import { emptyDirectory } from '../../../src/core/directory.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import type { Actor } from '../../../src/core/waiver.ts'
import { signingClient } from '../../../src/demo/signing-client.ts'
import type { AccessRequestDesk } from '../../../src/engine/access-requests/desk.ts'
import { importDirectory } from '../../../src/engine/directories.ts'
import { readPolicy } from '../../../src/files/policy.ts'
import { fetchThrough } from '../../../src/mcp/fetch-through.ts'
import { memoryNature } from '../../support/memory-target.ts'
import { openWorld, type World, type WorldOptions } from '../../support/world.ts'

export interface Surface {
  readonly world: World
  readonly api: FastifyInstance
  readonly checks: ReadyCheck[]
  /** Asks as this actor; `token` as in `tokenOf`. */
  client(token: string): Client
  get(token: string, url: string, more?: InjectOptions): Promise<Answer>
  post(token: string, url: string, body: unknown, more?: InjectOptions): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came back
  readonly body: any
}

/** `per_sam` just signed in; `per_sam stale` an hour ago; `per_sam device` never interactively; `wl_agent via per_asker` in a chain. */
export function actorOf(token: string, now: string): Actor {
  const [id = '', how, via] = token.split(' ')
  const chain = how === 'via' ? [via ?? ''] : []
  const age = how === 'stale' ? 3_600 : 10
  const signsIn = id.startsWith('per_') && how !== 'device' && how !== 'via'
  return { id, chain, ...(signsIn ? { signedInAt: plusSeconds(now, -age) } : {}) }
}

export const publicUrl = 'https://countersign.test'

/** A clock on which everything that is only kept for a while is over at the next look. */
function passing(): () => number {
  let millis = 0
  return () => {
    millis += 1_000
    return millis
  }
}

const open: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of open.reverse()) await close()
})

export interface SurfaceOptions extends WorldOptions {
  /** What stands beside the API on the same server. */
  readonly mount?: (api: FastifyInstance) => void
  readonly api?: Partial<ApiOptions>
  /** Whose denials may be asked about, and whom those who ask may have told; nobody. */
  readonly asking?: Partial<Pick<AccessRequestDesk, 'foreign' | 'mayTell'>>
}

export async function openSurface(options: SurfaceOptions = {}): Promise<Surface> {
  const world = await openWorld(options)
  const { machinery, runtime, sources } = world.app
  const checks: ReadyCheck[] = [{ name: 'database', state: 'ok', detail: 'answers' }]
  const authenticate: Authenticate = async ({ authorization = '' }) => {
    const token = /^Bearer (.+)$/.exec(authorization)?.[1]
    if (token === undefined)
      return {
        problem: 'token-missing',
        kind: 'unauthenticated',
        message: 'no access token was sent; sign in first',
        challenge: 'Bearer realm="countersign"',
      }
    return { actor: actorOf(token, world.now) }
  }
  const tokens = tokenDesk(world.app, publicUrl, passing())
  const outside = { foreign: async () => undefined, mayTell: () => false, ...options.asking }
  const api = buildApi({
    machinery,
    runtime,
    sources,
    authenticate,
    readPolicyFiles: readPolicy,
    checkPolicy: async (policy) => {
      const { directory, now } = await world.store.heads()
      const facts =
        (directory === undefined ? undefined : await world.store.revisions.directory(directory)) ?? emptyDirectory
      return { findings: checkPolicy(policy, facts, now), tiers: peopleNeeded(policy, facts, now) }
    },
    natureOf: async () => memoryNature,
    publicUrl,
    tokens,
    accessRequests: accessRequestDesk(world.app, tokens, publicUrl, outside),
    ready: async () => ({ checks }),
    ...options.api,
  })
  options.mount?.(api)
  await api.ready()
  open.push(async () => {
    await api.close()
    await world.close()
  })
  const ask = async (options: InjectOptions): Promise<Answer> => {
    const response = await api.inject(options)
    const json = String(response.headers['content-type']).includes('json') && response.payload !== ''
    return {
      status: response.statusCode,
      headers: response.headers,
      body: json ? JSON.parse(response.payload) : response.payload,
    }
  }
  return {
    world,
    api,
    checks,
    client(token) {
      const plain = createClient({
        baseUrl: 'http://countersign.test',
        token: () => token,
        fetch: fetchThrough(api),
        wait: async () => {},
      })
      return world.signs ? signing(plain, token, world) : plain
    },
    get: (token, url, { headers, ...more } = {}) =>
      ask({ method: 'GET', url, headers: { authorization: `Bearer ${token}`, ...headers }, ...more }),
    post: (token, url, body, { headers, ...more } = {}) =>
      ask({
        method: 'POST',
        url,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
        ...more,
      }),
  }
}

/** People sign what they decide, with a passkey that is enrolled and confirmed when they first need it. */
function signing(client: Client, token: string, { signers }: World): Client {
  const [person = '', how] = token.split(' ')
  if (!person.startsWith('per_') || how === 'via') return client
  return signingClient(client, {
    ready: () => signers.ready(person),
    sign: ({ publicKey }) => signers.answer(person, publicKey),
  })
}

/** Reads the sources again, so that nothing grows stale while a test moves the clock. */
export async function refreshDirectory({ world }: Surface): Promise<void> {
  await importDirectory(world.app.machinery, world.app.sources)
}

/** What `per_asker` asks for unless the test says otherwise: two hours of writing to the ledger, from now. */
export function asked(now: string, parts: object = {}) {
  return {
    kind: 'access-override' as const,
    beneficiary: 'per_asker',
    access: {
      system: 'sys_ledger',
      entitlement: 'ledger-write',
      account: 'asker_db',
      resources: ['ledger.entries'],
      actions: ['select', 'update'],
    },
    window: { start: now, end: plusSeconds(now, 7_200) },
    reason: 'Correct the duplicate bookings of 21 November.',
    ...parts,
  }
}

/** @returns the value, or fails with what the API said. */
export function yes<Value>(
  answer:
    | { readonly ok: true; readonly value: Value }
    | { readonly ok: false; readonly problem: { readonly code: string; readonly detail: string } },
): Value {
  if (answer.ok) return answer.value
  throw new Error(`${answer.problem.code}: ${answer.problem.detail}`)
}

export function no(
  answer:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly problem: { readonly code: string } },
): string {
  return answer.ok ? 'accepted' : answer.problem.code
}
