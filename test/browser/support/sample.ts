/** The sample organisation as the demo raises it, once a file: a real server, real PostgreSQL, a real target. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import { join } from 'node:path'
import { buildWeb } from '../../../scripts/build-web.ts'
import { raiseSample, type Sample } from '../../../src/demo/raise.ts'
import type { Stage } from '../../../src/demo/terminal.ts'

export interface TestSample extends Sample {
  /** Stops it and removes its folder. */
  close(): Promise<void>
}

const silent: Stage = {
  scene() {},
  done() {},
  refused() {},
  seen() {},
  note() {},
  waiting: () => ({ end() {} }),
  plain() {},
}

export async function openSample(): Promise<TestSample> {
  await buildWeb(true)
  const above = await mkdtemp(join(os.tmpdir(), 'countersign-test-pages-'))
  const remove = () => rm(above, { recursive: true, force: true })
  try {
    const sample = await raiseSample({ folder: join(above, 'sample'), port: await freePort() }, silent)
    return { ...sample, close: () => sample.stop().finally(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(0, 'localhost', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
