// Can the account PostgreSQL runs as execute the binaries where they are? If not, a copy is made where it can.
// A copy is only ever used from a folder that nobody else on the machine could have prepared.
import { chmod, copyFile, lstat, mkdir, mkdtemp, readFile, readlink, realpath, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Account } from './account.ts'
import { type Binaries, binariesIn } from './binaries.ts'
import { EmbeddedServerError, systemCode } from './errors.ts'
import { renameUnlessMade, statOrUndefined, walkTree } from './files.ts'
import { lastLines, run } from './run.ts'

const linkList = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Binaries that the account can run, with their library links in place: the given ones, or a copy below `copyBase`.
 * @throws EmbeddedServerError `binaries-unreachable`, `binaries-missing` and what `run` throws
 */
export async function runnableBinaries(
  given: Binaries,
  account: Account | undefined,
  copyBase: string,
): Promise<Binaries> {
  if ((await repairLinksWherePossible(given.nativeFolder)) && (await canRun(given, account))) return given
  const copy = await copyOf(given, copyBase, account !== undefined)
  if (await canRun(copy, account)) return copy
  throw new EmbeddedServerError(
    'binaries-unreachable',
    `account \`${account?.name ?? 'of this process'}\` can execute neither \`${given.postgres}\` nor its copy ` +
      `\`${copy.postgres}\`: install Countersign where that account can read it, or set DATABASE_URL`,
  )
}

async function canRun(binaries: Binaries, account: Account | undefined): Promise<boolean> {
  try {
    const { exitCode, output } = await run(binaries.postgres, ['--version'], {
      cwd: path.parse(binaries.postgres).root,
      account,
    })
    if (exitCode === 0) return true
    throw new EmbeddedServerError(
      'binaries-missing',
      `\`${binaries.postgres}\` does not run, install again:${lastLines(output)}`,
    )
  } catch (error) {
    if (error instanceof EmbeddedServerError && error.code === 'binaries-unreachable') return false
    throw error
  }
}

/** Makes the library links that an installation without install scripts lacks. False when the folder is read-only to us. */
async function repairLinksWherePossible(nativeFolder: string): Promise<boolean> {
  try {
    await repairLinks(nativeFolder)
    return true
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) return false
    throw error
  }
}

/** Makes the links listed in `pg-symlinks.json` that are missing; several processes may do so at once. */
export async function repairLinks(nativeFolder: string): Promise<void> {
  for (const { source, target } of await listedLinks(nativeFolder)) {
    const at = path.join(path.dirname(nativeFolder), target)
    const to = path.relative(path.dirname(target), source)
    if ((await linkAt(at)) !== undefined) continue
    await symlink(to, at).catch(async (error: unknown) => {
      if (systemCode(error) === 'EEXIST' && (await linkAt(at)) === to) return
      throw error
    })
  }
}

async function listedLinks(nativeFolder: string): Promise<z.infer<typeof linkList>> {
  try {
    return linkList.parse(JSON.parse(await readFile(path.join(nativeFolder, 'pg-symlinks.json'), 'utf8')))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw new EmbeddedServerError(
      'binaries-missing',
      `\`${nativeFolder}/pg-symlinks.json\` cannot be read: install again`,
      error,
    )
  }
}

// Some packages carry a plain file where others list a link: anything that is there is left alone.
async function linkAt(at: string): Promise<string | undefined> {
  try {
    return (await lstat(at)).isSymbolicLink() ? await readlink(at) : ''
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

async function copyOf(given: Binaries, copyBase: string, shared: boolean): Promise<Binaries> {
  const base = await safeBase(copyBase, shared)
  const copy = path.join(base, `postgresql-${given.packageVersion}-${process.platform}-${process.arch}`)
  const native = path.join(copy, 'native')
  if ((await statOrUndefined(copy)) && !(await sameFiles(given.nativeFolder, native))) {
    await rm(copy, { recursive: true })
  }
  if (!(await statOrUndefined(copy))) await makeCopy(given.nativeFolder, copy)
  return binariesIn(native, given.packageVersion)
}

async function safeBase(copyBase: string, shared: boolean): Promise<string> {
  await mkdir(copyBase, { recursive: true, mode: shared ? 0o755 : 0o700 })
  const base = await realpath(copyBase)
  if (shared) await assertOnlyRootCanChange(base)
  return base
}

// INVARIANT: from the root down, only root can rename or replace any part of the path.
// A sticky folder (/tmp) is fine as an ancestor: what root made in it, only root can replace.
async function assertOnlyRootCanChange(base: string): Promise<void> {
  for (let at = base; ; at = path.dirname(at)) {
    const { uid, mode } = await lstat(at)
    const writableByOthers = (mode & 0o022) !== 0
    const sticky = (mode & 0o1000) !== 0 && at !== base
    if (uid !== 0 || (writableByOthers && !sticky)) {
      throw new EmbeddedServerError(
        'binaries-unreachable',
        `\`${at}\` can be changed by others, so the binaries are not copied below it`,
      )
    }
    if (at === path.dirname(at)) return
  }
}

/** Whether every file of the original is in the copy with the same size: a copy cut short by a power loss is not. */
async function sameFiles(original: string, copy: string): Promise<boolean> {
  for await (const entry of walkTree(original)) {
    if (entry.kind !== 'file') continue
    const found = await statOrUndefined(path.join(copy, entry.path))
    if (found?.size !== entry.sizeBytes) return false
  }
  return true
}

async function makeCopy(original: string, copy: string): Promise<void> {
  const staging = await mkdtemp(path.join(path.dirname(copy), '.copy-'))
  try {
    await copyTree(original, path.join(staging, 'native'))
    await repairLinks(path.join(staging, 'native'))
    await chmod(staging, 0o755)
    await renameUnlessMade(staging, copy)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

// Modes are set, not taken over: an installation under a strict umask is exactly why there is a copy.
async function copyTree(original: string, copy: string): Promise<void> {
  await mkdir(copy)
  await chmod(copy, 0o755)
  for await (const entry of walkTree(original)) {
    const to = path.join(copy, entry.path)
    if (entry.kind === 'folder') {
      await mkdir(to)
      await chmod(to, 0o755)
    } else if (entry.kind === 'link') {
      await symlink(await readlink(path.join(original, entry.path)), to)
    } else {
      await copyFile(path.join(original, entry.path), to)
      await chmod(to, entry.mode & 0o100 ? 0o755 : 0o644)
    }
  }
}
