// A process that owns an embedded server, for tests that kill, signal or refuse it:
//   node server-process.ts '{"folder": "...", ...start options, "nativeFolder": "..."}'
// It prints one line of JSON when it is ready or refused; SIGTERM makes it ask the server one question, stop it, and end.
import { Client } from 'pg'
import { binariesIn } from '../../src/store/embedded/binaries.ts'
import { EmbeddedServerError, locateBinaries, startEmbeddedServer } from '../../src/store/embedded/index.ts'

/** One line of what the process prints. */
export interface ServerProcessLine {
  ready?: { url: string; socketFolder: string | undefined; adopted: boolean }
  refused?: { code: string; message: string }
  answeredAfterSignal?: boolean
  stopped?: boolean
}

function print(line: ServerProcessLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url)
  await client.connect()
  const { rowCount } = await client.query('SELECT 1')
  await client.end()
  return rowCount === 1
}

async function main(argument: string): Promise<void> {
  const { nativeFolder, ...options } = JSON.parse(argument)
  const installed = locateBinaries()
  const binaries = nativeFolder ? binariesIn(nativeFolder, installed.packageVersion) : installed
  const server = await startEmbeddedServer({ ...options, binaries })
  process.once('SIGTERM', async () => {
    print({ answeredAfterSignal: await answers(server.url) })
    await server.stop()
    print({ stopped: true })
  })
  print({ ready: { url: server.url, socketFolder: server.socketFolder, adopted: server.adopted } })
}

try {
  if (import.meta.main) await main(process.argv[2] ?? '{}')
} catch (error) {
  if (!(error instanceof EmbeddedServerError)) throw error
  print({ refused: { code: error.code, message: error.message } })
}
