/** Serves one agent over standard input and output, until it closes its end. */
import { serveStdio } from '@modelcontextprotocol/server/stdio'

export async function serveAgent(server: Parameters<typeof serveStdio>[0]): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  process.stdin.once('end', end)
  process.stdin.once('close', end)
  const handle = serveStdio(server)
  await ended
  await handle.close()
}
