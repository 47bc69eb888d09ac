// Is the PostgreSQL server of a data folder running, and how is it started and stopped? Always through pg_ctl, which puts
// the server into a session of its own, so that no signal to our process reaches it. Never knows who owns the server.
import { constants } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedServerError, systemCode } from './errors.ts'
import { openPlain, readPlain } from './files.ts'
import { lastLines, type RunResult, run } from './run.ts'
import { logFolder, markLog, readLogSince, startupLog } from './server-log.ts'

export interface Postmaster {
  binaries: Binaries
  account: Account | undefined
  data: string
}

/** Where a running server listens, as it wrote into its `postmaster.pid`. */
export interface Listening {
  pid: number
  port: number
  socketFolder: string | undefined
}

export interface StartSettings {
  port: number
  /** Undefined: no socket, loopback TCP instead. */
  socketFolder: string | undefined
  durable: boolean
  secondsMax: number
}

/**
 * How the programs are told their data folder: they run inside it, because its path may hold what a shell would read
 * (pg_ctl passes it through one), and because the account need not be able to walk that path. For that second case the
 * kernel's own name of the current folder is used. Only Linux has one, and PostgreSQL 15 leaves the current folder while it
 * looks for its own path: with either of those, root has to use a folder that the account can reach.
 */
export function dataArgument(account: Account | undefined): string {
  return account && process.platform === 'linux' ? '/proc/self/cwd' : '.'
}

function pgCtl(postmaster: Postmaster, args: readonly string[]): Promise<RunResult> {
  const { binaries, account, data } = postmaster
  return run(binaries.pgCtl, ['-D', dataArgument(account), ...args], { cwd: data, account })
}

/** Whether a server runs on the data folder. */
export async function isRunning(postmaster: Postmaster): Promise<boolean> {
  const { exitCode, output } = await pgCtl(postmaster, ['status'])
  switch (exitCode) {
    case 0:
      return !(await disownReusedPid(postmaster.data))
    case 3:
      return false
    default:
      throw new EmbeddedServerError('folder-unusable', `pg_ctl cannot read \`${postmaster.data}\`:${lastLines(output)}`)
  }
}

// Above what any Linux kernel hands out (PID_MAX_LIMIT is 4194304), so no process ever has it.
const neverPid = 4_194_305

/**
 * After a power loss or in a restarted container, another process may have the number that `postmaster.pid` names, and
 * below an init that never reaps, a dead postmaster keeps its number as a zombie; pg_ctl and postgres both take either for a
 * running server. Where the kernel shows that the process does not work in the data folder, as every postmaster does, the
 * number is replaced by one that no process has. The file itself stays: the shared memory key in it is how postgres
 * notices surviving children of a dead postmaster.
 * Only on Linux; elsewhere, and where the kernel does not show it, the file is believed.
 */
async function disownReusedPid(data: string): Promise<boolean> {
  const listening = await readListening(data)
  if (process.platform !== 'linux' || !listening || (await worksIn(listening.pid, data))) return false
  const at = path.join(data, 'postmaster.pid')
  const lines = ((await readPlain(at)) ?? '').split('\n')
  if (lines[0] !== String(listening.pid)) return false
  await using file = await openPlain(at, constants.O_WRONLY | constants.O_TRUNC)
  await file.writeFile([String(neverPid), ...lines.slice(1)].join('\n'))
  return true
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  try {
    const [workplace, data] = await Promise.all([stat(`/proc/${pid}/cwd/`), stat(folder)])
    return workplace.dev === data.dev && workplace.ino === data.ino
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT', 'ESRCH'].includes(systemCode(error) ?? '')) return !(await isZombie(pid))
    throw error
  }
}

// proc(5): the state follows the name, which is in parentheses and may hold some itself.
async function isZombie(pid: number): Promise<boolean> {
  const state = (await readPlain(`/proc/${pid}/stat`))?.replace(/^.*\) /s, '')[0]
  return state === 'Z'
}

/** Reads `postmaster.pid`; undefined while there is none, or not all of it yet. */
export async function readListening(data: string): Promise<Listening | undefined> {
  const text = await readPlain(path.join(data, 'postmaster.pid'))
  const [pid = '', , , port = '', socketFolder, address] = text?.split('\n') ?? []
  if (!/^\d+$/.test(pid) || !/^\d+$/.test(port) || address === undefined) return undefined
  return { pid: Number(pid), port: Number(port), socketFolder: socketFolder || undefined }
}

/**
 * Starts the server and waits until it accepts connections. False when another process started it meanwhile.
 * @throws EmbeddedServerError `start-failed` with the last lines of the log
 */
export async function startServer(postmaster: Postmaster, settings: StartSettings): Promise<boolean> {
  const before = await markLog(postmaster.data)
  const { exitCode, output } = await pgCtl(postmaster, [
    '-w',
    '-t',
    String(settings.secondsMax),
    '-l',
    startupLog,
    '-o',
    serverArguments(settings).join(' '),
    'start',
  ])
  if (exitCode === 0) return true
  if (await isRunning(postmaster)) return false
  const log = await readLogSince(postmaster.data, before)
  throw new EmbeddedServerError(
    'start-failed',
    `PostgreSQL did not start on \`${postmaster.data}\`:${lastLines(log || output)}`,
  )
}

// On the command line, because there they win over anything ALTER SYSTEM wrote. pg_ctl hands them to a shell:
// INVARIANT: no value here ever needs quoting (isPlainPath sees to the one that is a path).
function serverArguments({ port, socketFolder, durable }: StartSettings): string[] {
  const onOff = durable ? 'on' : 'off'
  const settings = [
    `listen_addresses=${socketFolder ? '' : '127.0.0.1'}`,
    `unix_socket_directories=${socketFolder ?? ''}`,
    'unix_socket_permissions=0700',
    `fsync=${onOff}`,
    `full_page_writes=${onOff}`,
    `synchronous_commit=${onOff}`,
    'cluster_name=countersign',
    'logging_collector=on',
    `log_directory=${logFolder}`,
    'log_filename=postgresql-%a.log',
    'log_rotation_age=1d',
    'log_truncate_on_rotation=on',
  ]
  return ['-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
}

/** A path that neither the shell nor PostgreSQL's list of socket folders reads as anything but itself. */
export function isPlainPath(at: string): boolean {
  return /^[A-Za-z0-9_./-]+$/.test(at)
}

/**
 * Stops the server in order: open transactions are rolled back, clients disconnected, everything written.
 * @throws EmbeddedServerError `stop-failed`
 */
export async function stopServer(postmaster: Postmaster, secondsMax: number): Promise<void> {
  const { exitCode, output } = await pgCtl(postmaster, ['-m', 'fast', '-w', '-t', String(secondsMax), 'stop'])
  if (exitCode === 0 || !(await isRunning(postmaster))) return
  throw new EmbeddedServerError(
    'stop-failed',
    `PostgreSQL on \`${postmaster.data}\` did not stop within ${secondsMax} s, and is found again at the next start:${lastLines(output)}`,
  )
}
