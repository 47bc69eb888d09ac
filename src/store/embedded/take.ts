// How does a process come to own the server of a folder? It starts the server, or finds it running, and takes the lock.
// Other processes may start, stop or adopt at the same moment: each round looks again at what is, and the lock decides.
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { EmbeddedServerError } from './errors.ts'
import { type About, type Layout, readPassword } from './layout.ts'
import type { Wanted } from './options.ts'
import { type Ownership, type ServerConnection, takeOwnership } from './ownership.ts'
import { isRunning, type Postmaster, readListening, startServer, stopServer } from './postmaster.ts'
import { makeSocketFolder, removeSocketFolder, socketPort } from './socket-folder.ts'

/** Everything known about a folder whose server is about to be taken. */
export interface Start {
  wanted: Wanted
  layout: Layout
  about: About
  postmaster: Postmaster
}

export interface Taken {
  ownership: Ownership
  connection: ServerConnection
  startedHere: boolean
}

/** @throws EmbeddedServerError `already-owned`, `start-failed`, `connect-failed`, `folder-unusable` */
export async function startAndTake(start: Start): Promise<Taken> {
  const { wanted, postmaster } = start
  const deadline = performance.now() + wanted.startSecondsMax * 1_000
  let startedHere = false
  do {
    if (!(await isRunning(postmaster))) startedHere = await startHere(start)
    const connection = await connectionOf(start)
    const ownership = connection && (await takeOrLeave(start, connection, startedHere))
    if (connection && ownership) return { ownership, connection, startedHere }
    await pause(50)
  } while (performance.now() < deadline)
  throw new EmbeddedServerError(
    'start-failed',
    `PostgreSQL on \`${postmaster.data}\` runs but was not ready within ${wanted.startSecondsMax} s: see its log folder`,
  )
}

async function startHere({ wanted, layout, postmaster }: Start): Promise<boolean> {
  const stale = await readListening(postmaster.data)
  const socketFolder = wanted.listen === 'socket' ? await makeSocketFolder(layout, postmaster.account) : undefined
  const port = socketFolder ? socketPort : await freePort()
  let started = false
  try {
    started = await startServer(postmaster, {
      port,
      socketFolder,
      durable: wanted.durable,
      secondsMax: wanted.startSecondsMax,
    })
  } finally {
    if (!started) await removeSocketFolder(socketFolder)
  }
  if (started) await removeSocketFolder(stale?.socketFolder)
  return started
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const probe = createServer()
  probe.once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address()
    probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
  })
  return promise
}

async function connectionOf({ wanted, layout, about, postmaster }: Start): Promise<ServerConnection | undefined> {
  const listening = await readListening(postmaster.data)
  if (!listening) return undefined
  return {
    host: listening.socketFolder ?? '127.0.0.1',
    port: listening.port,
    user: about.superuserName,
    password: await readPassword(layout),
    database: wanted.databaseName,
  }
}

/** A server that we started and nobody can use is stopped again; one that another process owns is left to it. */
async function takeOrLeave(
  start: Start,
  connection: ServerConnection,
  startedHere: boolean,
): Promise<Ownership | undefined> {
  try {
    return await takeOwnership(connection)
  } catch (error) {
    const owned = error instanceof EmbeddedServerError && error.code === 'already-owned'
    if (startedHere && !owned) await undoStart(start, connection)
    throw error
  }
}

/** Stops a server that was started and cannot be handed out. */
export async function undoStart({ wanted, postmaster }: Start, connection: ServerConnection): Promise<void> {
  await stopServer(postmaster, wanted.stopSecondsMax)
  await removeSocketFolder(connection.host)
}
