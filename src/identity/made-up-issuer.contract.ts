/**
 * A real issuer for tests: a small HTTP server with a discovery document and a key set, and a pen that signs whatever a
 * test wants to see refused. Not part of the package.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { ResolvedAccount } from '../core/compile.ts'
import type { ResolveAccount } from './account.ts'
import type { Authenticated } from './actor.ts'
import { type IssuerConfig, type IssuerConfigInput, issuerSchema } from './config.ts'
import type { AuthenticationProblem } from './problem.ts'
import { createTokenVerifier, type TokenVerifier } from './tokens.ts'

export const audience = 'https://countersign.example'
/** Everything in these tests happens at this moment, give or take. */
export const nowSeconds = 1_795_300_000
export const now = () => nowSeconds * 1000

export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

export async function signingKey(kid: string, algorithm = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' } }
}

export interface MadeUpIssuer {
  readonly issuer: string
  readonly key: SigningKey
  /** What it answers; a test may change it. */
  readonly served: { jwks: unknown; discovery: Record<string, unknown>; status: number }
  /** How often the key set was asked for. */
  readonly asked: { count: number }
  sign(claims?: JWTPayload, header?: Record<string, unknown>, key?: SigningKey): Promise<string>
  close(): Promise<void>
}

export async function madeUpIssuer(): Promise<MadeUpIssuer> {
  const key = await signingKey('key-1')
  const asked = { count: 0 }
  const served = { jwks: { keys: [key.publicJwk] } as unknown, discovery: {}, status: 200 }
  const server = createServer(({ url }, response) => {
    if (url === '/jwks') asked.count += 1
    const found = url === '/jwks' || url === '/.well-known/openid-configuration'
    response.writeHead(found ? served.status : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(url === '/jwks' ? served.jwks : served.discovery))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  served.discovery = { issuer, jwks_uri: `${issuer}/jwks` }
  return {
    issuer,
    key,
    served,
    asked,
    sign: (claims, header, signer = key) => signed({ iss: issuer, ...claims }, header, signer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function signed(claims: JWTPayload, header: Record<string, unknown> = {}, { kid, privateKey, publicJwk }: SigningKey) {
  const payload = {
    sub: 'maria',
    aud: audience,
    client_id: 'countersign-decide',
    iat: nowSeconds - 10,
    exp: nowSeconds + 300,
    auth_time: nowSeconds - 20,
    ...claims,
  }
  const alg = publicJwk.alg ?? 'ES256'
  return new SignJWT(payload).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(privateKey)
}

export function issuerConfig(issuer: string, more: Partial<IssuerConfigInput> = {}): IssuerConfig {
  return issuerSchema.parse({ key: 'acme', issuer, decisionClients: ['countersign-decide'], ...more })
}

type Account = Partial<ResolvedAccount>

/** By `<issuer key>/<login>`; confirmed unless said otherwise. */
export const accounts: Readonly<Record<string, Account>> = {
  'acme/maria': { person: 'per_maria' },
  'acme/jo': { person: 'per_jo' },
  'acme/unconfirmed': { person: 'per_maria', confirmed: false },
  'acme/disputed': { confirmed: false, conflicting: ['per_jo', 'per_maria'] },
  'acme/builder': { workload: 'wl_builder' },
  'acme/planner': { workload: 'wl_planner' },
  'acme/runner': { workload: 'wl_runner' },
  'other/runner': { workload: 'wl_other-runner' },
}

export const resolveAccount: ResolveAccount = (on, login) => {
  const found = accounts[`${on}/${login}`]
  return found === undefined ? { confirmed: false, conflicting: [] } : { confirmed: true, conflicting: [], ...found }
}

export function verifierOf(issuers: readonly IssuerConfig[], resolve = resolveAccount): TokenVerifier {
  return createTokenVerifier({ issuers, audience, resolveAccount: resolve, now })
}

/** The code of the problem, or `undefined` when somebody was let in. */
export function problemIn(outcome: Authenticated | AuthenticationProblem): string | undefined {
  return 'problem' in outcome ? outcome.problem : undefined
}

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` }
}
