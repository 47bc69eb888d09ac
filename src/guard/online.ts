/** Asks the installation at each use, in the words of OpenID AuthZEN. Whatever is not plainly a yes is a no. */
import type { ProofKey } from '../tokens/index.ts'
import { asSubject, proofFor } from '../tokens/index.ts'
import type { GuardedUse } from './guard.ts'
import type { Fetch } from './published.ts'
import { type Refused, refused } from './reasons.ts'
import type { ReadToken } from './tokens.ts'

export interface Online {
  /** The token of this resource itself, of an issuer that the installation trusts. */
  readonly token: () => string | Promise<string>
  /** The key that token is bound to, where it is. */
  readonly key?: ProofKey
}

const millisMax = 5_000

export async function asked(
  issuer: string,
  { token, key }: Online,
  fetch: Fetch,
  nowMillis: number,
  read: ReadToken,
  use: GuardedUse,
): Promise<true | Refused> {
  const address = `${issuer}/access/v1/evaluation`
  try {
    const own = await token()
    const proof =
      key === undefined
        ? undefined
        : await proofFor(key, { method: 'POST', url: address, token: own, nowSeconds: nowMillis / 1000 })
    const response = await fetch(address, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(millisMax),
      headers: {
        'content-type': 'application/json',
        authorization: `${proof === undefined ? 'Bearer' : 'DPoP'} ${own}`,
        ...(proof === undefined ? {} : { dpop: proof }),
      },
      body: JSON.stringify(question(read, use)),
    })
    if (response.status !== 200) return refused('not-answered')
    const answer: unknown = await response.json()
    const { decision, context } = (answer ?? {}) as { decision?: unknown; context?: unknown }
    if (decision === true) return true
    return decision === false
      ? refused('refused', typeof context === 'object' && context !== null ? { ...context } : undefined)
      : refused('not-answered')
  } catch {
    return refused('not-answered')
  }
}

function question({ actor, chain, audience, details }: ReadToken, use: GuardedUse): object {
  const { sub, act } = asSubject(actor, chain)
  const { tool, toolDigest } = use
  return {
    subject: {
      type: sub.startsWith('per_') ? 'person' : 'workload',
      id: sub,
      ...(act === undefined ? {} : { properties: { act } }),
    },
    action: { name: use.action },
    resource: { type: audience, id: use.resource },
    context: {
      purpose: 'use',
      waiver: details.identifier,
      ...(tool === undefined ? {} : { tool: toolDigest === undefined ? tool : { name: tool, digest: toolDigest } }),
      ...(use.arguments === undefined ? {} : { arguments: use.arguments }),
      ...(use.bytes === undefined ? {} : { bytes: use.bytes }),
    },
  }
}
