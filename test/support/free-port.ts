/** A port of this machine that was free a moment ago. */
import { createServer } from 'node:net'

export function freePort(): Promise<number> {
  const { promise, resolve: done, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(0, 'localhost', () => {
    const address = server.address()
    server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
