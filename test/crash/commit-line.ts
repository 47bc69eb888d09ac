/**
 * A line to PostgreSQL that can be cut exactly when a transaction is to be committed: before the word arrives, or after
 * the server has answered it and before anybody hears. Plain TCP on loopback; it looks for that one word and understands
 * nothing else.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { ServerConnection } from '../../src/store/embedded/index.ts'

export type Cut =
  /** The word never arrives. */
  | 'before'
  /** It arrives and is obeyed; the answer is lost. */
  | 'after'
  /** It arrives; the line is cut without waiting for what the server makes of it. */
  | 'meanwhile'

export interface CommitLine {
  /** Of the same database, through this line. */
  readonly url: string
  /** Cuts at the next commit of a connection; `forGood`: nobody gets through afterwards. */
  cutNext(cut: Cut, forGood?: boolean): void
  /** Keeps the next word back until it is let go; nobody is cut off. */
  holdNext(): Held
  /** Ends every connection that is open, without a word. */
  cutAll(): void
  /** Lets people through again. */
  mend(): void
  readonly cutsCount: number
  close(): Promise<void>
}

export interface Held {
  /** The word has come as far as here. */
  readonly arrived: Promise<void>
  letGo(): void
}

/** A simple query: `Q`, the length, the text, a zero. */
const commit = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1')

export async function openCommitLine(server: ServerConnection): Promise<CommitLine> {
  let next: Cut | undefined
  let held: { readonly arrive: () => void; readonly gone: Promise<void> } | undefined
  let lastsForGood = false
  let down = false
  let cutsCount = 0
  const sockets = new Set<Socket>()
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const listener = createServer((client) => {
    if (down) return client.destroy()
    const upstream = connect(server.host.startsWith('/') ? { path: `${server.host}/.s.PGSQL.${server.port}` } : server)
    const end = () => {
      for (const socket of [client, upstream]) {
        socket.destroy()
        sockets.delete(socket)
      }
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', end).on('close', end)
    }
    const cut = () => {
      cutsCount++
      down = lastsForGood
      end()
      if (down) cutAll()
    }
    let answerIsLost = false
    client.on('data', (chunk) => {
      if (held !== undefined && chunk.includes(commit)) {
        const { arrive, gone } = held
        held = undefined
        arrive()
        return void gone.then(() => upstream.write(chunk))
      }
      const how = next !== undefined && chunk.includes(commit) ? next : undefined
      if (how === undefined) return upstream.write(chunk)
      next = undefined
      if (how === 'before') return cut()
      answerIsLost = how === 'after'
      upstream.write(chunk, () => {
        // The server has the word; what it answers is nobody's business any more.
        if (how === 'meanwhile') cut()
      })
    })
    upstream.on('data', (chunk) => (answerIsLost ? cut() : client.write(chunk)))
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const [user, password, database] = [server.user, server.password, server.database].map(encodeURIComponent)
  return {
    url: `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`,
    cutNext(how, forGood = false) {
      next = how
      lastsForGood = forGood
    },
    holdNext() {
      const arrived = Promise.withResolvers<void>()
      const gone = Promise.withResolvers<void>()
      held = { arrive: arrived.resolve, gone: gone.promise }
      return { arrived: arrived.promise, letGo: gone.resolve }
    },
    cutAll,
    mend() {
      down = false
      lastsForGood = false
    },
    get cutsCount() {
      return cutsCount
    },
    async close() {
      const closed = once(listener, 'close')
      listener.close()
      cutAll()
      await closed
    },
  }
}
