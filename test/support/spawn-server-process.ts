// Starts `server-process.ts` as a child in a session of its own, as another account where asked, and reads what it prints.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StartOptions } from '../../src/store/embedded/index.ts'
import type { ServerProcessLine } from './server-process.ts'

export interface ServerProcess {
  child: ChildProcess
  /** The next line it prints. */
  next(): Promise<ServerProcessLine>
  /** Ends it the way a crash does. */
  kill(): Promise<void>
}

export interface AsUser {
  uid: number
  gid: number
}

type ProcessOptions = Omit<StartOptions, 'binaries' | 'log'> & { nativeFolder?: string }

const script = fileURLToPath(new URL('server-process.ts', import.meta.url))

export function spawnServerProcess(options: ProcessOptions, asUser?: AsUser): ServerProcess {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    ...asUser,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    next: async () => {
      const { value, done } = await lines.next()
      if (done) throw new Error('the server process ended without a word')
      return JSON.parse(value)
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Whether this process may become that user, and that user may read and run this checkout. */
export function canRunAs(asUser: AsUser): boolean {
  if (process.getuid?.() !== 0) return false
  return spawnSync(process.execPath, ['--check', script], { ...asUser, cwd: '/' }).status === 0
}
