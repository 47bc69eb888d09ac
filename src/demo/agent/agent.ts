/**
 * The agent: a program with a token of its own issuer, a key that never leaves it, and nothing else. It asks by AuthZEN and
 * its access request profile, takes tokens by OAuth with DPoP, and speaks to tools by the Model Context Protocol's own client.
 */
import { randomUUID } from 'node:crypto'
import { Client as McpClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { exportJWK, generateKeyPair } from 'jose'
import { signInWorkload } from '../../identity/sample/index.ts'
import { type ProofKey, proofFor } from '../../tokens/index.ts'
import { type Call, path } from './ledger-service.ts'
import { send, type Told, textAt } from './wire.ts'

export interface Agent {
  readonly id: string
  /** Its token, from its own issuer. */
  readonly token: string
  /** May I? */
  evaluate(call: Call, more?: object): Promise<Told>
  /** What the offer says has to be added. */
  requestSchema(denial: Told): Promise<Told>
  submit(denial: Told, call: Call, asking: Asking): Promise<Told>
  get(url: string): Promise<Told>
  post(url: string, body?: object): Promise<Told>
  /** A token for what was approved. @param key to bind it to; absent: none is shown */
  exchange(audience: string, key?: ProofKey): Promise<Told>
  /** Uses the service. @param proof one that was used before; absent: a new one */
  use(url: string, call: Call, grant: Grant): Promise<Told>
  tools(): Promise<McpClient>
}

export interface Asking {
  readonly reason: string
  readonly until: string
  readonly uses: number
  readonly watcher: string
  readonly key?: string
}

export interface Grant {
  readonly token: string
  readonly key?: ProofKey
  readonly proof?: string
}

interface AgentOptions {
  readonly publicUrl: string
  readonly id: string
  readonly client: string
  readonly secret: string
  readonly system: string
  readonly tool: string
}

export async function newKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { privateKey, publicJwk: await exportJWK(publicKey), algorithm: 'ES256' }
}

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { publicUrl, id, client, secret, system, tool } = options
  const token = await signInWorkload(publicUrl, client, secret)
  const question = (call: Call) => ({
    subject: { type: 'agent', id },
    action: { name: 'insert' },
    resource: { type: system, id: 'ledger.entries' },
    context: { tool, arguments: { ...call } },
  })
  const proofOf = (key: ProofKey, url: string, bound?: string) =>
    proofFor(key, {
      method: 'POST',
      url,
      nowSeconds: Date.now() / 1000,
      ...(bound === undefined ? {} : { token: bound }),
    })
  return {
    id,
    token,
    evaluate(call, more = {}) {
      const { context, ...asked } = question(call)
      return send('POST', `${publicUrl}/access/v1/evaluation`, {
        token,
        body: { ...asked, context: { ...context, ...more } },
      })
    },
    requestSchema: (denial) =>
      send('GET', textAt(denial.body, 'context', 'access_request', 'request_schema_url'), { token }),
    submit(denial, call, { reason, until, uses, watcher, key = randomUUID() }) {
      const { context, ...asked } = question(call)
      const said = (...path: string[]) => textAt(denial.body, 'context', ...path)
      return send('POST', said('access_request', 'endpoint'), {
        token,
        headers: { 'idempotency-key': `"${key}"` },
        body: {
          ...asked,
          context: { ...context, business_justification: reason },
          requested_access: {
            requested_until: until,
            'urn:countersign:uses_max': uses,
            'urn:countersign:controls': [{ control: 'peer-watch', owner: watcher, every: 'PT30M' }],
          },
          denial: {
            evaluation_id: said('evaluation_id'),
            expires_at: said('access_request', 'expires_at'),
            binding_token: said('access_request', 'binding_token'),
          },
        },
      })
    },
    get: (url) => send('GET', url, { token }),
    post: (url, body) => send('POST', url, { token, ...(body === undefined ? {} : { body }) }),
    async exchange(audience, key) {
      const url = `${publicUrl}/oauth/token`
      return send('POST', url, {
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          subject_token: token,
          audience,
        }),
        headers: key === undefined ? {} : { dpop: await proofOf(key, url) },
      })
    },
    async use(service, call, { token: grant, key, proof }) {
      const url = `${service}${path}`
      const shown = proof ?? (key === undefined ? undefined : await proofOf(key, url, grant))
      return send('POST', url, {
        body: { ...call },
        headers: {
          authorization: `${shown === undefined ? 'Bearer' : 'DPoP'} ${grant}`,
          ...(shown === undefined ? {} : { dpop: shown }),
        },
      })
    },
    async tools() {
      const mcp = new McpClient(
        { name: 'reconciliation-agent', version: '1' },
        { versionNegotiation: { mode: 'auto' } },
      )
      await mcp.connect(
        new StreamableHTTPClientTransport(new URL(`${publicUrl}/mcp`), {
          requestInit: { headers: { authorization: `Bearer ${token}` } },
        }),
      )
      return mcp
    },
  }
}

/** What was sent along with a use, to be sent once more by somebody else. */
export async function proofOfUse(
  service: string,
  { token, key }: Required<Pick<Grant, 'token' | 'key'>>,
): Promise<string> {
  return proofFor(key, {
    method: 'POST',
    url: `${service}${path}`,
    token,
    nowSeconds: Date.now() / 1000,
  })
}
