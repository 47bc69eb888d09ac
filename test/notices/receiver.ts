// A receiver of webhooks: a real HTTP server that keeps what it gets, checks signatures with the library receivers use,
// and answers as a test tells it to.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Certificate } from './certificate.ts'

export interface Delivery {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Milliseconds on a clock that only goes forward. */
  readonly at: number
}

export type Answer = (response: ServerResponse, delivery: Delivery, count: number) => void

export interface Receiver {
  readonly port: number
  readonly url: string
  readonly deliveries: Delivery[]
  answer: Answer
  /** Resolves when so many have come; fails after a while. */
  received(count: number): Promise<readonly Delivery[]>
  close(): Promise<void>
}

export const accept: Answer = (response) => response.writeHead(204).end()
export const answerWith =
  (status: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end()

/** @param at a port of before, for a receiver that comes back */
export async function startReceiver(tls?: Certificate, at = 0): Promise<Receiver> {
  const waiting = new Set<() => void>()
  const receive: RequestListener = async (request, response) => {
    const delivery = await read(request)
    receiver.deliveries.push(delivery)
    for (const look of waiting) look()
    receiver.answer(response, delivery, receiver.deliveries.length)
  }
  const server = tls === undefined ? createServer(receive) : createTlsServer(tls, receive)
  // A client that hangs up is what some tests are about.
  server.on('clientError', (_, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/hook`,
    deliveries: [],
    answer: accept,
    received: (count) => until(() => receiver.deliveries.length >= count, receiver, waiting, count),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

/** What the receiver's library says of a delivery. @throws when the signature is not good. */
export function verified(delivery: Delivery, secret: string): { type: string; data: Record<string, unknown> } {
  return new Webhook(secret).verify(delivery.body, { ...delivery.headers }) as never
}

/** A fixed key for fixtures: `whsec_` and base64 of 32 bytes that spell what they are. */
export function testKey(name: string): string {
  return `whsec_${Buffer.from(name.padEnd(32, '.')).toString('base64')}`
}

async function read(request: IncomingMessage): Promise<Delivery> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
    at: performance.now(),
  }
}

function until(
  holds: () => boolean,
  { deliveries }: Receiver,
  waiting: Set<() => void>,
  count: number,
): Promise<readonly Delivery[]> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer)
      waiting.delete(look)
      settle()
    }
    const look = () => {
      if (holds()) end(() => resolve(deliveries))
    }
    const late = () => reject(new Error(`${deliveries.length} of ${count} deliveries came`))
    const timer = setTimeout(() => end(late), 20_000)
    waiting.add(look)
    look()
  })
}
