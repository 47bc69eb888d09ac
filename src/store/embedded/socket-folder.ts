// Where does the server's socket go? Into a folder that only the server's account (and root) can enter, at a path short
// enough for a socket address. Every start makes a new one with an unguessable name: nobody can prepare it, and no lock file
// of a server that died lies in it.
import { chown, lstat, mkdtemp, readdir, rmdir, unlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Account } from './account.ts'
import { EmbeddedServerError, systemCode } from './errors.ts'
import type { Layout } from './layout.ts'
import { isPlainPath } from './postmaster.ts'

/** The port only names the socket's file. */
export const socketPort = 5432

// sun_path is 108 bytes on Linux and 104 on macOS, with a final NUL.
const pathBytesMax = process.platform === 'linux' ? 107 : 103
export const socketFolderPrefix = 'countersign-'

/**
 * A fresh private folder for the socket.
 * @throws EmbeddedServerError `folder-unusable`
 */
export async function makeSocketFolder(layout: Layout, account: Account | undefined): Promise<string> {
  // Another account cannot be assumed to reach the data folder.
  const bases = account ? ['/run', os.tmpdir(), '/tmp'] : [layout.home, os.tmpdir(), '/tmp']
  for (const base of bases.filter((candidate) => fits(path.join(candidate, `${socketFolderPrefix}XXXXXX`)))) {
    const made = await makeIn(base, account)
    if (made) return made
  }
  throw new EmbeddedServerError(
    'folder-unusable',
    `no folder for the server's socket can be made in ${bases.join(', ')}: set TMPDIR to a short path`,
  )
}

function fits(folder: string): boolean {
  return isPlainPath(folder) && Buffer.byteLength(`${folder}/.s.PGSQL.${socketPort}`) <= pathBytesMax
}

async function makeIn(base: string, account: Account | undefined): Promise<string | undefined> {
  try {
    const made = await mkdtemp(path.join(base, socketFolderPrefix))
    if (account) await chown(made, account.uid, account.gid)
    return made
  } catch (error) {
    if (['EACCES', 'ENOENT', 'EROFS', 'EPERM', 'ENOSPC', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}

/** Removes a socket folder that `makeSocketFolder` made and whose server is gone; leaves anything else alone. */
export async function removeSocketFolder(folder: string | undefined): Promise<void> {
  if (!folder || !path.basename(folder).startsWith(socketFolderPrefix)) return
  try {
    if (!(await lstat(folder)).isDirectory()) return
    for (const name of await readdir(folder)) {
      if (name.startsWith('.s.PGSQL.')) await unlink(path.join(folder, name))
    }
    await rmdir(folder)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) throw error
  }
}
