/**
 * A client that costs little: each lane holds one connection, sends a request as bytes that were made before, and waits for
 * the whole answer. So that what is measured is the server, and not whoever asks.
 */
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

export interface Lanes {
  readonly perSecond: number
  readonly p50Millis: number
  readonly p99Millis: number
}

export function requestBytes(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  )
}

export interface Lane {
  ask(request: Buffer): Promise<HttpAnswer>
  close(): void
}

export async function openLane(port: number): Promise<Lane> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let received = ''
  let waiting: { readonly answer: (answer: HttpAnswer) => void; readonly fail: (error: Error) => void } | undefined
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const end = received.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1])
    if (Number.isNaN(length)) return waiting?.fail(new Error(`no length in ${received.slice(0, end)}`))
    if (received.length < end + 4 + length) return
    const answer = { status: Number(received.slice(9, 12)), body: received.slice(end + 4, end + 4 + length) }
    received = received.slice(end + 4 + length)
    waiting?.answer(answer)
  })
  const gone = (error = new Error('the connection was closed')) => waiting?.fail(error)
  socket.on('error', gone)
  socket.on('close', () => gone())
  return {
    ask: (request) =>
      new Promise((answer, fail) => {
        waiting = { answer, fail }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** @param check throws for an answer that is not the expected one */
export async function measure(
  port: number,
  requests: readonly Buffer[],
  {
    lanes,
    count,
    check,
  }: { readonly lanes: number; readonly count: number; readonly check: (answer: HttpAnswer) => void },
): Promise<Lanes> {
  const millis = new Float64Array(count)
  let next = 0
  const open = await Promise.all(Array.from({ length: lanes }, () => openLane(port)))
  const began = performance.now()
  await Promise.all(
    open.map(async (lane) => {
      for (let n = next++; n < count; n = next++) {
        const sent = performance.now()
        check(await lane.ask(requests[n % requests.length] as Buffer))
        millis[n] = performance.now() - sent
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  for (const lane of open) lane.close()
  millis.sort()
  const at = (share: number) => millis[Math.min(count - 1, Math.floor(count * share))] as number
  return { perSecond: count / seconds, p50Millis: at(0.5), p99Millis: at(0.99) }
}
