// The few file steps the embedded server needs with more care than node:fs gives: no following of planted links,
// and contents that are on the disk when the call returns. Nothing here knows PostgreSQL.
import type { Stats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { systemCode } from './errors.ts'

// Windows has no O_NOFOLLOW; there the folder belongs to the one user who runs the server.
const noFollow = constants.O_NOFOLLOW ?? 0

/** `stat`, or undefined when there is nothing at that path. */
export async function statOrUndefined(at: string): Promise<Stats | undefined> {
  try {
    return await stat(at)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Opens an existing file; a symbolic link in its place is an error (ELOOP), because another account may own the folder. */
export function openPlain(at: string, flags: number): Promise<FileHandle> {
  return open(at, flags | noFollow)
}

/** The text of a file, without following a link in its place; undefined when it does not exist. */
export async function readPlain(at: string): Promise<string | undefined> {
  try {
    await using file = await openPlain(at, constants.O_RDONLY)
    return await file.readFile('utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a new file and waits until it is on the disk. Fails when the file exists. */
export async function writeNew(at: string, content: string, mode = 0o600): Promise<void> {
  await using file = await open(at, 'wx', mode)
  await file.writeFile(content)
  await file.sync()
}

/** Makes renames and new names inside a folder durable. Windows cannot open a folder, and does not need it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}

/** Renames a folder into place; false when another process was first, whose folder then stays. */
export async function renameUnlessMade(staging: string, target: string): Promise<boolean> {
  try {
    await rename(staging, target)
    return true
  } catch (error) {
    // Windows says EPERM where POSIX says ENOTEMPTY or EEXIST.
    const taken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCode(error) ?? '')
    if (taken && (await statOrUndefined(target))) return false
    throw error
  }
}

export interface TreeEntry {
  /** Relative to the root, with `/` between the parts on every platform. */
  path: string
  kind: 'file' | 'folder' | 'link' | 'other'
  sizeBytes: number
  mode: number
}

/** Everything below a folder in a stable order, folders before what is in them; links are listed, never followed. */
export async function* walkTree(
  root: string,
  skip: (relative: string) => boolean = () => false,
  below = '',
): AsyncGenerator<TreeEntry> {
  const names = (await readdir(path.join(root, below))).sort()
  for (const name of names) {
    const relative = below === '' ? name : `${below}/${name}`
    if (skip(relative)) continue
    const found = await lstat(path.join(root, relative))
    const kind = kindOf(found)
    yield { path: relative, kind, sizeBytes: found.size, mode: found.mode & 0o777 }
    if (kind === 'folder') yield* walkTree(root, skip, relative)
  }
}

function kindOf(found: Stats): TreeEntry['kind'] {
  if (found.isDirectory()) return 'folder'
  if (found.isFile()) return 'file'
  return found.isSymbolicLink() ? 'link' : 'other'
}
