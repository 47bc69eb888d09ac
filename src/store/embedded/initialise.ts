// How does an empty folder become a PostgreSQL data folder? In a staging folder beside its final place, renamed when
// everything is on the disk: a crash or a full disk leaves nothing that looks finished.
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, open, readdir, rm, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedServerError, messageOf } from './errors.ts'
import { renameUnlessMade, statOrUndefined, syncFolder, writeNew } from './files.ts'
import { type About, type Layout, layoutOf, stagingPrefix } from './layout.ts'
import { dataArgument } from './postmaster.ts'
import { lastLines, type RunResult, run } from './run.ts'

export interface InitialiseOptions {
  layout: Layout
  binaries: Binaries
  account: Account | undefined
  superuserName: string
  /** False only for servers that are thrown away. */
  durable: boolean
}

// initdb takes seconds; whatever is older was left by a process that died in between.
const stagingHoursMax = 1

/**
 * Runs initdb and puts the result in place. Another process may be doing the same: the first one's folder stays.
 * @throws EmbeddedServerError `init-failed`
 */
export async function initialise(options: InitialiseOptions): Promise<void> {
  const { layout } = options
  await removeLeftovers(layout.folder)
  const staging = await mkdtemp(path.join(layout.folder, stagingPrefix))
  try {
    await fillStaging(layoutOf(layout.folder, staging), options)
    await renameUnlessMade(staging, layout.home)
    if (options.durable) await syncFolder(layout.folder)
  } catch (error) {
    if (error instanceof EmbeddedServerError) throw error
    throw new EmbeddedServerError('init-failed', `\`${layout.home}\` could not be made: ${messageOf(error)}`, error)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(stagingPrefix)) continue
    const at = path.join(folder, name)
    const found = await statOrUndefined(at)
    if (found && Date.now() - found.mtimeMs > stagingHoursMax * 3_600_000)
      await rm(at, { recursive: true, force: true })
  }
}

async function fillStaging(staging: Layout, options: InitialiseOptions): Promise<void> {
  const { account, binaries, superuserName } = options
  await mkdir(staging.data, { mode: 0o700 })
  if (account) await openToAccount(staging, account)
  const password = randomBytes(32).toString('base64url')
  await runInitdb(staging, password, options)
  await writeNew(staging.password, `${password}\n`)
  const about: About = {
    format: 1,
    majorVersion: binaries.majorVersion,
    packageVersion: binaries.packageVersion,
    superuserName,
    createdAt: new Date().toISOString(),
  }
  await writeNew(staging.about, `${JSON.stringify(about, null, 2)}\n`)
  if (options.durable) await syncFolder(staging.home)
}

/** The account may pass through our folder to its own, and see nothing of it: the password beside it stays 0600. */
export async function openToAccount({ home, data }: Layout, account: Account): Promise<void> {
  await chmod(home, 0o711)
  await chown(data, account.uid, account.gid)
}

async function runInitdb(staging: Layout, password: string, options: InitialiseOptions): Promise<void> {
  const result =
    process.platform === 'win32'
      ? await initdbByPath(staging, password, options)
      : await initdbByFile(staging, password, options)
  if (result.exitCode === 0) return
  throw new EmbeddedServerError(
    'init-failed',
    `initdb could not make \`${options.layout.data}\` (exit code ${result.exitCode}):${lastLines(result.output)}`,
  )
}

// The password file has no name any more while initdb reads it, so no crash can leave it behind.
async function initdbByFile(staging: Layout, password: string, options: InitialiseOptions): Promise<RunResult> {
  const at = path.join(staging.home, 'initdb-password')
  await writeNew(at, `${password}\n`)
  if (options.account) await chown(at, options.account.uid, options.account.gid)
  await using file = await open(at, 'r')
  await unlink(at)
  return await initdb(staging, '/dev/fd/3', options, file.fd)
}

async function initdbByPath(staging: Layout, password: string, options: InitialiseOptions): Promise<RunResult> {
  const at = path.join(staging.home, 'initdb-password')
  await writeNew(at, `${password}\n`)
  try {
    return await initdb(staging, at, options)
  } finally {
    await unlink(at)
  }
}

function initdb(
  staging: Layout,
  passwordFile: string,
  options: InitialiseOptions,
  extraFile?: number,
): Promise<RunResult> {
  const args = [
    `--pgdata=${dataArgument(options.account)}`,
    `--username=${options.superuserName}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...localeArguments(options.binaries.majorVersion),
    '--data-checksums',
    '--no-instructions',
    ...(options.durable ? [] : ['--no-sync']),
  ]
  return run(options.binaries.initdb, args, {
    cwd: staging.data,
    account: options.account,
    ...(extraFile !== undefined && { extraFile }),
  })
}

// The builtin provider sorts by code point and knows Unicode case, the same on every machine for ever. It came with 17;
// before that, C sorts the same way and knows only ASCII case.
function localeArguments(majorVersion: number): string[] {
  if (majorVersion < 17) return ['--locale=C']
  return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
}
