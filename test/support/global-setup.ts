// Starts one PostgreSQL 18 for a whole run of the tests and hands its connection to every worker.
// Vitest calls `setup` before the first test file and `teardown` after the last; a run that is killed cleans up all the same.
import type { TestProject } from 'vitest/node'
import type { ServerConnection } from '../../src/store/embedded/index.ts'
import { startTestServer, type TestServer } from './test-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgres18?: ServerConnection
  }
}

let running: TestServer | undefined

export async function setup(project: TestProject): Promise<void> {
  running = await startTestServer(18)
  project.provide('postgres18', running.server.connection)
}

export async function teardown(): Promise<void> {
  await running?.stop()
  running = undefined
}
