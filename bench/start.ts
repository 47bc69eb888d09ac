/** How long from nothing to an answering server, and from an existing folder? The sample rules and directory, own PostgreSQL. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { stringify } from 'yaml'
import { serveInstallation } from '../src/serve.ts'

export async function benchStart(): Promise<{ readonly empty: number; readonly again: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-start-'))
  const config = join(folder, 'countersign.yaml')
  await writeFile(
    config,
    stringify({
      publicUrl: 'http://localhost:7499',
      listen: { host: 'localhost', port: 0 },
      identity: { issuers: [{ key: 'sample', issuer: 'https://issuer.example' }] },
      directory: [{ id: 'acme', kind: 'yaml', path: resolve('examples/acme/directory.yaml') }],
    }),
  )
  try {
    const empty = await once(config)
    const times = [await once(config), await once(config), await once(config)].sort((a, b) => a - b)
    return { empty, again: times[1] as number }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function once(config: string): Promise<number> {
  const began = performance.now()
  const installation = await serveInstallation({ config, role: 'both' }, { log: 'silent' })
  const seconds = (performance.now() - began) / 1000
  await installation.stop()
  return seconds
}
