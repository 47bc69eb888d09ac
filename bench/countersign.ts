/**
 * How many countersignatures a second does one server take over HTTP, durably, and how many two-statement transactions
 * does the same PostgreSQL commit? Sixteen clients each; ours verifies a signed token, asks the target what the
 * entitlement contains, locks, computes independence, and writes the event with its facts.
 */
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import pg from 'pg'
import { buildApi } from '../src/api/api.ts'
import { accountResolver } from '../src/app.ts'
import { handle } from '../src/engine/handle.ts'
import { readPolicy } from '../src/files/policy.ts'
import { createTokenVerifier, issuerSchema } from '../src/identity/index.ts'
import { termsFor } from '../test/support/life.ts'
import { callAll } from './callers.ts'
import { type BenchInstallation, foundInstallation } from './installation.ts'

const concurrency = 16
const issuer = 'https://issuer.example'
const audience = 'http://localhost'

export interface RateBench {
  readonly ours: number
  readonly floor: number
  readonly ratio: number
}

/** Per second. @param count how many of each */
export async function benchCountersign(url: string, count: number): Promise<RateBench> {
  const installation = await foundInstallation(url, count)
  try {
    const waivers = await ask(installation, count)
    const { app, token } = await serve(installation)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    // A server that has run for a while is what is measured: the first quarter is not counted.
    const warmCount = Math.floor(count / 4)
    const [warm, counted] = [waivers.slice(0, warmCount), waivers.slice(warmCount)]
    await sign(port, warm, token)
    await floorRate(url, Math.floor(count / 8))
    const before = await floorRate(url, Math.floor(count / 2))
    const ours = await sign(port, counted, token)
    const after = await floorRate(url, Math.floor(count / 2))
    await app.close()
    const floor = (before + after) / 2
    return { ours, floor, ratio: ours / floor }
  } finally {
    await installation.close()
  }
}

interface Asked {
  readonly id: string
  readonly digest: string
}

async function ask({ app, person }: BenchInstallation, count: number): Promise<Asked[]> {
  const asked: Asked[] = []
  const now = Date.now()
  const window = { start: new Date(now).toISOString(), end: new Date(now + 7_200_000).toISOString() }
  await each(count, async (n) => {
    const terms = termsFor({ beneficiary: `per_a${n}`, window, access: { ...termsFor().access, account: `a${n}_db` } })
    const handled = await handle(app.machinery, { actor: person(`per_a${n}`), command: { type: 'request', terms } })
    if (handled.outcome === 'refused') throw new Error(handled.refusal.message)
    asked.push({ id: handled.waiver.id, digest: handled.waiver.digest })
  })
  return asked
}

async function serve({ app: { machinery } }: BenchInstallation) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig', kty: 'EC' as const }
  const config = issuerSchema.parse({ key: 'bench', issuer, jwks: { keys: [jwk] }, decisionClients: ['bench-client'] })
  const resolve = accountResolver(machinery)
  const verifier = createTokenVerifier({
    issuers: [config],
    audience,
    // Everybody in the bench signs in under their own id.
    resolveAccount: async (_on, login) => {
      await resolve('none', login)
      return { person: login, confirmed: true, conflicting: [] }
    },
  })
  const app = buildApi({
    machinery,
    sources: [],
    publicUrl: audience,
    authenticate: (credentials) => verifier.authenticate(credentials),
    readPolicyFiles: readPolicy,
    checkPolicy: async () => ({ findings: [], tiers: [] }),
    natureOf: async () => undefined,
    ready: async () => ({ checks: [] }),
  })
  const token = (person: string) =>
    new SignJWT({ client_id: 'bench-client', auth_time: Math.floor(Date.now() / 1000) })
      .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'at+jwt' })
      .setIssuer(issuer)
      .setSubject(person)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(privateKey)
  return { app, token }
}

async function sign(
  port: number,
  waivers: readonly Asked[],
  tokenOf: (person: string) => Promise<string>,
): Promise<number> {
  const tokens = await Promise.all(['per_sam', 'per_sue', 'per_sid'].map(tokenOf))
  const calls = waivers.map(({ id, digest }, n) => ({
    path: `/v1/waivers/${id}/countersignature`,
    token: tokens[n % tokens.length] ?? '',
    body: JSON.stringify({ digest }),
  }))
  return callAll({ port, clients: concurrency, calls })
}

/** Insert a row, update a row, commit: the least that any durable decision does. */
async function floorRate(url: string, count: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: concurrency })
  // `end` does not wait for the server to have heard it, and the server may be stopped before.
  pool.on('error', () => {})
  await pool.query(
    'create table if not exists bench_floor (id bigint generated always as identity primary key, body text)',
  )
  await pool.query('create table if not exists bench_state (id int primary key, version int not null)')
  await pool.query('insert into bench_state select n, 0 from generate_series(0, 9999) n on conflict do nothing')
  const began = performance.now()
  await each(count, async (n) => {
    const client = await pool.connect()
    await client.query('begin')
    await client.query('insert into bench_floor (body) values ($1)', ['x'.repeat(200)])
    await client.query('update bench_state set version = version + 1 where id = $1', [n % 10_000])
    await client.query('commit')
    client.release()
  })
  const rate = count / ((performance.now() - began) / 1000)
  await pool.end()
  return rate
}

async function each(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let n = next++; n < count; n = next++) await work(n)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}
