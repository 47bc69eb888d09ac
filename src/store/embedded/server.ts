// How does Countersign get its own PostgreSQL? An empty folder is initialised, a stopped server is started, one left running
// by a crash is adopted; whatever the way, exactly one process owns it at a time.
// Nothing here ever deletes data, and a server that somebody else owns is never stopped.
import { escapeIdentifier } from 'pg'
import { EmbeddedServerError, messageOf } from './errors.ts'
import { initialise } from './initialise.ts'
import { type About, type Layout, readAbout } from './layout.ts'
import { type StartOptions, type Wanted, withDefaults } from './options.ts'
import type { Ownership, ServerConnection } from './ownership.ts'
import { isRunning, type Postmaster, readListening, stopServer } from './postmaster.ts'
import { prepareFolder } from './prepare.ts'
import { removeSocketFolder } from './socket-folder.ts'
import { type Start, startAndTake, undoStart } from './take.ts'

export interface EmbeddedServer {
  connection: ServerConnection
  /** The connection as a URL, for libpq and `pg` alike. Holds the password: never log it. */
  url: string
  /** Undefined with loopback TCP. */
  socketFolder: string | undefined
  /** Whether the server was found running. */
  adopted: boolean
  majorVersion: number
  /** Settles when this process no longer owns the server: end the process, the next start sorts it out. Never rejects. */
  lost: Promise<EmbeddedServerError>
  /** Stops the server in order. After `lost` it leaves the server alone, which may have another owner by then. */
  stop(): Promise<void>
}

/**
 * Starts, or adopts, the server of a folder and owns it until `stop`.
 * @throws EmbeddedServerError with any code but those of backup and restore
 */
export async function startEmbeddedServer(options: StartOptions): Promise<EmbeddedServer> {
  const wanted = withDefaults(options)
  const prepared = await prepareFolder(wanted.folder, wanted.binaries, wanted.binariesCopyFolder)
  const { layout, postmaster } = prepared
  const about = prepared.about ?? (await initialiseFolder(wanted, layout, postmaster))
  assertSameSuperuser(layout, about, options.superuserName)
  return await own({ wanted, layout, about, postmaster })
}

async function initialiseFolder(wanted: Wanted, layout: Layout, { binaries, account }: Postmaster): Promise<About> {
  wanted.log(`making a PostgreSQL ${binaries.majorVersion} data folder in \`${layout.home}\``)
  await initialise({ layout, binaries, account, superuserName: wanted.superuserName, durable: wanted.durable })
  const about = await readAbout(layout, binaries)
  if (about) return about
  throw new EmbeddedServerError('init-failed', `\`${layout.home}\` was removed while it was made: start again`)
}

function assertSameSuperuser(layout: Layout, about: About, asked: string | undefined): void {
  if (asked === undefined || asked === about.superuserName) return
  throw new EmbeddedServerError(
    'option-invalid',
    `\`${layout.home}\` was made with the superuser \`${about.superuserName}\`, not \`${asked}\`: leave superuserName out`,
  )
}

async function own(start: Start): Promise<EmbeddedServer> {
  const { ownership, connection, startedHere } = await startAndTake(start)
  try {
    await ensureDatabase(ownership, connection.database)
    return await serverOf(start, ownership, connection, !startedHere)
  } catch (error) {
    ownership.expectEnd()
    if (startedHere) await undoStart(start, connection)
    await ownership.release()
    throw error
  }
}

async function ensureDatabase(ownership: Ownership, name: string): Promise<void> {
  try {
    const found = await ownership.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (found.length === 0) await ownership.query(`CREATE DATABASE ${escapeIdentifier(name)}`)
  } catch (error) {
    throw new EmbeddedServerError('start-failed', `database \`${name}\` could not be made: ${messageOf(error)}`, error)
  }
}

async function serverOf(
  start: Start,
  ownership: Ownership,
  connection: ServerConnection,
  adopted: boolean,
): Promise<EmbeddedServer> {
  const listening = await readListening(start.postmaster.data)
  const socketFolder = listening?.socketFolder
  const how = adopted ? 'adopted' : 'started'
  start.wanted.log(
    `${how} PostgreSQL ${start.about.majorVersion} (process ${listening?.pid}) on \`${start.layout.data}\``,
  )
  return {
    connection,
    url: urlOf(connection),
    socketFolder,
    adopted,
    majorVersion: start.about.majorVersion,
    lost: ownership.lost,
    stop: stopOnce(start, ownership, socketFolder),
  }
}

/** Calls share one stop; after one that failed, the next call tries again. */
function stopOnce(start: Start, ownership: Ownership, socketFolder: string | undefined): () => Promise<void> {
  let lost = false
  let stopping: Promise<void> | undefined
  ownership.lost.then(() => {
    lost = true
  })
  return () => {
    stopping ??= (lost ? leave : stopOwned)(start, ownership, socketFolder).catch((error: unknown) => {
      stopping = undefined
      throw error
    })
    return stopping
  }
}

// The lock is kept until the server is down, so that nobody can adopt what is being stopped.
async function stopOwned(
  { wanted, postmaster }: Start,
  ownership: Ownership,
  socketFolder: string | undefined,
): Promise<void> {
  ownership.expectEnd()
  await stopServer(postmaster, wanted.stopSecondsMax)
  await ownership.release()
  await removeSocketFolder(socketFolder)
  wanted.log(`stopped PostgreSQL on \`${postmaster.data}\``)
}

// Somebody else may own the server by now; only what a server that is gone left behind may be taken away.
async function leave({ postmaster }: Start, _: Ownership, socketFolder: string | undefined): Promise<void> {
  if (!(await isRunning(postmaster))) await removeSocketFolder(socketFolder)
}

/** `postgresql://user:password@host:port/database`, a socket folder percent-encoded in the place of the host. */
export function urlOf({ host, port, user, password, database }: ServerConnection): string {
  const [u, p, h, d] = [user, password, host, database].map(encodeURIComponent)
  return `postgresql://${u}:${p}@${h}:${port}/${d}`
}
