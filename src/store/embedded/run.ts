// How is a PostgreSQL program run? As the given account, in a given folder, with an environment that holds nothing of ours:
// the server's environment can be read by whoever runs code in it, and PG* variables would change what the programs do.
import { type StdioOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Account } from './account.ts'
import { EmbeddedServerError, systemCode } from './errors.ts'

export interface RunOptions {
  /** The folder to run in. It is entered before the account changes, so the account need not be able to reach it. */
  cwd: string
  account: Account | undefined
  /** An open file the program finds as `/dev/fd/3`. */
  extraFile?: number
}

export interface RunResult {
  exitCode: number
  /** Standard output and error as they came. */
  output: string
}

/**
 * Runs a program to its end.
 * @throws EmbeddedServerError `binaries-unreachable`, `binaries-missing`, `account-refused`, `folder-unusable`, `platform-unsupported` when it
 *   cannot begin
 */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>()
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: plainEnvironment(),
    stdio: stdioOf(options),
    windowsHide: true,
    ...(options.account && { uid: options.account.uid, gid: options.account.gid }),
  })
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.once('error', (error) => reject(explainSpawnError(error, program, options)))
  child.once('close', (exitCode, signal) => {
    const output = Buffer.concat(chunks).toString('utf8')
    resolve({ exitCode: exitCode ?? -1, output: signal ? `${output}\nended by ${signal}` : output })
  })
  return promise
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const own = { LC_ALL: 'C', TZ: 'UTC' }
  if (process.platform !== 'win32') return { ...own, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }
  const { SystemRoot, PATH, TEMP, TMP } = process.env
  return { ...own, SystemRoot, PATH, TEMP, TMP }
}

// On Windows the server inherits the pipes of pg_ctl, and waiting for their end would be waiting for the server's.
function stdioOf(options: RunOptions): StdioOptions {
  const output = process.platform === 'win32' ? 'ignore' : 'pipe'
  const stdio: StdioOptions = ['ignore', output, output]
  return options.extraFile === undefined ? stdio : [...stdio, options.extraFile]
}

function explainSpawnError(error: Error, program: string, { account, cwd }: RunOptions): Error {
  const who = account ? `account \`${account.name}\` (uid ${account.uid})` : 'this user'
  switch (systemCode(error)) {
    case 'EACCES':
      return new EmbeddedServerError('binaries-unreachable', `${who} cannot execute \`${program}\``, error)
    case 'EPERM':
    case 'EINVAL':
      return new EmbeddedServerError(
        'account-refused',
        `this process is root and may not become ${who} to run PostgreSQL: allow SETUID and SETGID, ` +
          'run as an ordinary user, or set DATABASE_URL',
        error,
      )
    case 'ENOENT':
      return whatIsMissing(error, program, cwd)
    default:
      return error
  }
}

// The kernel says ENOENT for a program, for the folder to run it in, and for the loader of a program that is there.
function whatIsMissing(error: Error, program: string, cwd: string): EmbeddedServerError {
  if (!existsSync(cwd)) return new EmbeddedServerError('folder-unusable', `the folder \`${cwd}\` is gone`, error)
  if (!existsSync(program))
    return new EmbeddedServerError('binaries-missing', `\`${program}\` does not exist: install again`, error)
  return new EmbeddedServerError(
    'platform-unsupported',
    `\`${program}\` does not run on this system's C library (it needs glibc): ` +
      'set DATABASE_URL to a PostgreSQL 15 to 18 of your own',
    error,
  )
}

/** The last lines of a program's output or log, indented for an error message. */
export function lastLines(text: string, countMax = 12): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines
    .slice(-countMax)
    .map((line) => `\n  ${line}`)
    .join('')
}
