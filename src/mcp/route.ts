/**
 * The tools over Streamable HTTP at `/mcp`, in both revisions of the protocol, without sessions: every request gets a server
 * of its own, acting with the token that came with it. Another site's page cannot call it, nor anybody under another name.
 */
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { createMcpHandler, hostHeaderValidationResponse, originValidationResponse } from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createClient } from '../client/index.ts'
import { fetchThrough } from './fetch-through.ts'
import { mcpServer } from './server.ts'

export interface McpOverHttp {
  /** The one address this installation is known by. */
  readonly publicUrl: string
  readonly version: string
  readonly nowMillis?: () => number
  readonly onError?: (error: Error) => void
  /**
   * Looks at the proof of possession that came with a token (RFC 9449). What is done in what it returns counts as done by
   * whoever showed the key. Absent: only bearer tokens are taken.
   */
  readonly shown?: (proof: ShownKey) => Promise<Within | { readonly challenge: string | undefined }>
}

export interface ShownKey {
  readonly authorization: string
  readonly dpop: string
  readonly method: string
  readonly url: string
}

export interface Within {
  run<Value>(work: () => Value): Value
}

const bodyBytesMax = 256 * 1024

export function mcpRoute(
  app: FastifyInstance,
  { publicUrl, version, nowMillis = Date.now, onError, shown }: McpOverHttp,
): void {
  const { hostname } = new URL(publicUrl)
  const inner = fetchThrough(app)
  const handler = createMcpHandler(
    ({ era, requestInfo }) => {
      const token = tokenIn(requestInfo?.headers.get('authorization'))?.token ?? ''
      const client = createClient({ baseUrl: publicUrl, token: () => token, fetch: inner })
      return mcpServer({ client, nowMillis, era }, version)
    },
    { maxRequestBodySize: bodyBytesMax, ...(onError === undefined ? {} : { onerror: onError }) },
  )
  // A scope of its own: bytes arrive unread, whatever they say they are.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, body, parsed) =>
      parsed(null, body),
    )
    scope.all('/mcp', async (request, reply) => {
      const asked = webRequest(request, publicUrl)
      const no = hostHeaderValidationResponse(asked, [hostname]) ?? originValidationResponse(asked, [hostname])
      if (no !== undefined) return send(reply, no)
      const within = await whoseCall(request, publicUrl, shown)
      return send(reply, 'status' in within ? within : await within.run(() => handler.fetch(asked)))
    })
    scope.addHook('onClose', () => handler.close())
  })
}

interface Carried {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
}

function tokenIn(header: string | null | undefined): Carried | undefined {
  const [, scheme = '', token = ''] = /^(Bearer|DPoP) ([^\s]+)$/i.exec(header ?? '') ?? []
  return token === '' ? undefined : { scheme: scheme.toLowerCase() as Carried['scheme'], token }
}

/** A bearer token is looked at with every call it makes inside; a proof counts once, so it is looked at here. */
async function whoseCall(
  { headers, method, raw }: FastifyRequest,
  publicUrl: string,
  shown: McpOverHttp['shown'],
): Promise<Within | Response> {
  const { authorization = '', dpop } = headers
  const carried = tokenIn(authorization)
  if (carried === undefined) return unauthenticated(publicUrl)
  if (carried.scheme === 'bearer') return { run: (work) => work() }
  if (shown === undefined || typeof dpop !== 'string') return unauthenticated(publicUrl, dpopChallenge)
  const url = `${publicUrl.replace(/\/+$/, '')}${raw.url ?? ''}`
  const answer = await shown({ authorization, dpop, method, url })
  return 'run' in answer ? answer : unauthenticated(publicUrl, answer.challenge)
}

const dpopChallenge = 'DPoP realm="countersign", error="invalid_dpop_proof"'

/** RFC 9728: where a client learns which issuer to go to. */
function unauthenticated(publicUrl: string, challenge = 'Bearer realm="countersign"'): Response {
  const metadata = new URL('/.well-known/oauth-protected-resource', publicUrl).href
  return new Response(null, {
    status: 401,
    headers: { 'www-authenticate': `${challenge}, resource_metadata="${metadata}"` },
  })
}

function webRequest({ method, headers, body, url }: FastifyRequest, publicUrl: string): Request {
  const copied = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) copied.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const hasBody = Buffer.isBuffer(body) && method !== 'GET' && method !== 'HEAD'
  return new Request(new URL(url, publicUrl), {
    method,
    headers: copied,
    ...(hasBody ? { body: new Uint8Array(body) } : {}),
  })
}

function send(reply: FastifyReply, response: Response): FastifyReply {
  reply.status(response.status).headers(Object.fromEntries(response.headers))
  return response.body === null
    ? reply.send()
    : reply.send(Readable.fromWeb(response.body as unknown as ReadableStream<Uint8Array>))
}
