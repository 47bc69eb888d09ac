/**
 * For tests: a line to a server that can be cut around the moment a change becomes final, and a server that never speaks.
 * Plain TCP on loopback; it looks for the message that carries a spec and understands nothing else.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface Line {
  readonly port: number
  /** The next change never reaches the server. */
  cutBefore(): void
  /** The next change reaches the server, its answer is lost. */
  cutAfter(): void
  close(): Promise<void>
}

/** Where the server listens: a TCP address, or the path of a unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string }

const change = Buffer.from('countersign.spec')

export async function openLine(address: Address): Promise<Line> {
  let cut: 'before' | 'after' | undefined
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(address)
    const both = [client, upstream]
    const end = () => {
      for (const socket of both) socket.destroy()
    }
    for (const socket of both) {
      sockets.add(socket)
      socket.on('error', end).on('close', end)
    }
    let answerIsLost = false
    client.on('data', (chunk) => {
      if (cut !== undefined && chunk.includes(change)) {
        answerIsLost = cut === 'after'
        cut = undefined
        if (!answerIsLost) return end()
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => (answerIsLost ? end() : client.write(chunk)))
  })
  return {
    port: await listen(server),
    cutBefore: () => {
      cut = 'before'
    },
    cutAfter: () => {
      cut = 'after'
    },
    close: () => closeAll(server, sockets),
  }
}

/** Accepts every connection and never sends a byte. */
export async function openSilence(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
  })
  return { port: await listen(server), close: () => closeAll(server, sockets) }
}

/** A port on loopback where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await closeAll(server, new Set())
  return port
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
}
