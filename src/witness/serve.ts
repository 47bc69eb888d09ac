/** A witness over HTTP: one address that takes checkpoints, one that shows the last one it cosigned. Nothing else is served. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Witness, WitnessReply } from './witness.ts'

/** A proof of 63 hashes and a note with many signatures fit in easily. */
const bodyBytesMax = 64 * 1024
const requestMillis = 10_000

export interface RunningWitness {
  readonly url: string
  stop(): Promise<void>
}

export async function serveWitness(
  witness: Witness,
  listen: { readonly host: string; readonly port: number },
  report: (line: string) => void,
): Promise<RunningWitness> {
  const server = createServer((request, response) => {
    reply(witness, request)
      .catch((error: unknown): WitnessReply => {
        report(`a request failed: ${error instanceof Error ? error.message : String(error)}`)
        return { status: 500, contentType: 'text/plain; charset=utf-8', body: 'something went wrong here\n' }
      })
      .then((answer) => send(response, answer))
  })
  server.requestTimeout = requestMillis
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, () => resolve())
  })
  const { port } = server.address() as AddressInfo
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  return {
    url: `http://${host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function reply(witness: Witness, request: IncomingMessage): Promise<WitnessReply> {
  const url = new URL(request.url ?? '/', 'http://witness')
  if (url.pathname.endsWith('/add-checkpoint')) {
    if (request.method !== 'POST') return { ...nothing, status: 405 }
    const body = await bodyOf(request)
    return body === undefined ? { ...nothing, status: 413 } : witness.addCheckpoint(body)
  }
  if (request.method !== 'GET' || !url.pathname.endsWith('/checkpoint')) return nothing
  const latest = await witness.latest(url.searchParams.get('origin') ?? '')
  return latest === undefined ? nothing : { ...nothing, status: 200, body: latest.note }
}

const nothing: WitnessReply = {
  status: 404,
  contentType: 'text/plain; charset=utf-8',
  body: 'POST add-checkpoint, or GET checkpoint?origin=…\n',
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, { status, contentType, body }: WitnessReply): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 413 ? { connection: 'close' } : {}),
  })
  response.end(body)
}
