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
}

const bodyBytesMax = 256 * 1024

export function mcpRoute(
  app: FastifyInstance,
  { publicUrl, version, nowMillis = Date.now, onError }: McpOverHttp,
): void {
  const { hostname } = new URL(publicUrl)
  const inner = fetchThrough(app)
  const handler = createMcpHandler(
    ({ era, requestInfo }) => {
      const token = bearerOf(requestInfo?.headers.get('authorization')) ?? ''
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
      const no =
        hostHeaderValidationResponse(asked, [hostname]) ??
        originValidationResponse(asked, [hostname]) ??
        (bearerOf(request.headers.authorization) === undefined ? unauthenticated(publicUrl) : undefined)
      return send(reply, no ?? (await handler.fetch(asked)))
    })
    scope.addHook('onClose', () => handler.close())
  })
}

function bearerOf(header: string | null | undefined): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(header ?? '')?.[1]
}

/** RFC 9728: where a client learns which issuer to go to. */
function unauthenticated(publicUrl: string): Response {
  const metadata = new URL('/.well-known/oauth-protected-resource', publicUrl).href
  return new Response(null, {
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="countersign", resource_metadata="${metadata}"` },
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
