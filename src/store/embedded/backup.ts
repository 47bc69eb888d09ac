// How is the folder of a stopped server copied? File by file, with a manifest, refusing while a server runs and when one ran meanwhile.
// The folder itself is never changed, and nothing but plain files is ever copied.
import { createHash } from 'node:crypto'
import { mkdir, readdir, realpath, rm } from 'node:fs/promises'
import path from 'node:path'
import { memoryFileName } from '../log-files.ts'
import { type Binaries, locateBinaries } from './binaries.ts'
import { EmbeddedServerError, messageOf } from './errors.ts'
import { statOrUndefined, syncFolder, walkTree, writeNew } from './files.ts'
import { type About, binariesName, homeName, type Layout, restorePrefix, stagingPrefix } from './layout.ts'
import { type CopiedFile, copyAndHash, filesName, hashFile, type Manifest, manifestName } from './manifest.ts'
import { isRunning, type Postmaster } from './postmaster.ts'
import { type Prepared, prepareFolder } from './prepare.ts'
import { socketFolderPrefix } from './socket-folder.ts'

export interface BackupOptions {
  /** The folder of a stopped server. */
  folder: string
  /** Missing or empty, and outside `folder`. */
  to: string
  binaries?: Binaries
}

export interface BackupResult {
  majorVersion: number
  fileCount: number
  sizeBytes: number
  /** Keep it elsewhere: given to restore, it shows that the copy is the one that was made. */
  manifestSha256: string
}

/**
 * Copies everything in the folder that a restore needs: data, password and whatever else Countersign keeps there.
 * @throws EmbeddedServerError `server-running`, `target-not-empty`, `copy-damaged`, `folder-unusable` and what `prepareFolder` throws
 */
export async function backupFolder(options: BackupOptions): Promise<BackupResult> {
  const { layout, about, postmaster } = await openSource(options)
  await assertStopped(layout, postmaster)
  const target = await openTarget(options.to)
  assertOutside(layout.folder, target)
  try {
    const { folders, files } = await copyFiles(layout, path.join(target, filesName))
    await assertUnchanged(layout, postmaster, files)
    return await writeManifest(target, {
      format: 'countersign-cold-copy/1',
      createdAt: new Date().toISOString(),
      majorVersion: about.majorVersion,
      folders,
      files,
    })
  } catch (error) {
    await rm(path.join(target, filesName), { recursive: true, force: true })
    throw error
  }
}

async function openSource({
  folder,
  binaries = locateBinaries(),
}: BackupOptions): Promise<Prepared & { about: About }> {
  const prepared = (await statOrUndefined(folder)) && (await prepareFolder(folder, binaries))
  if (prepared?.about) return { ...prepared, about: prepared.about }
  throw new EmbeddedServerError('folder-unusable', `\`${folder}\` holds no PostgreSQL folder: there is nothing to copy`)
}

async function assertStopped(layout: Layout, postmaster: Postmaster): Promise<void> {
  if (!(await isRunning(postmaster))) return
  throw new EmbeddedServerError(
    'server-running',
    `PostgreSQL runs on \`${layout.folder}\`: stop Countersign first, then copy`,
  )
}

/**
 * An empty folder to write into, made when missing, with links in its path resolved.
 * @throws EmbeddedServerError `target-not-empty`, `folder-unusable`
 */
export async function openTarget(given: string): Promise<string> {
  try {
    await mkdir(given, { recursive: true, mode: 0o700 })
    const target = await realpath(given)
    if ((await readdir(target)).length === 0) return target
  } catch (error) {
    throw new EmbeddedServerError('folder-unusable', `\`${given}\` cannot be written: ${messageOf(error)}`, error)
  }
  throw new EmbeddedServerError(
    'target-not-empty',
    `\`${given}\` is not empty: name a folder that is, or does not exist yet`,
  )
}

function assertOutside(folder: string, target: string): void {
  const relative = path.relative(folder, target)
  if (relative.startsWith('..') || path.isAbsolute(relative)) return
  throw new EmbeddedServerError(
    'option-invalid',
    `\`${target}\` lies inside the folder that is copied: name one outside`,
  )
}

// A pid file in a copy would name a process of another time. The rest is made again at every start.
// What this machine remembers of the log stays here: a copy that brought it along would agree with itself.
const leftOut = new Set([`${homeName}/data/postmaster.pid`, binariesName, memoryFileName])

const leftOutPrefixes = [stagingPrefix, restorePrefix, `${homeName}/${socketFolderPrefix}`]

function isLeftOut(relative: string): boolean {
  return leftOut.has(relative) || leftOutPrefixes.some((prefix) => relative.startsWith(prefix))
}

async function copyFiles(layout: Layout, target: string): Promise<Pick<Manifest, 'folders' | 'files'>> {
  const folders: string[] = []
  const files: CopiedFile[] = []
  await mkdir(target, { mode: 0o700 })
  for await (const entry of walkTree(layout.folder, isLeftOut)) {
    const [from, to] = [path.join(layout.folder, entry.path), path.join(target, entry.path)]
    switch (entry.kind) {
      case 'folder':
        await mkdir(to, { mode: 0o700 })
        folders.push(entry.path)
        break
      case 'file':
        files.push({ path: entry.path, ...(await copyAndHash(from, to)) })
        break
      case 'link':
      case 'other':
        throw new EmbeddedServerError(
          'folder-unusable',
          `\`${from}\` is not a plain file, and a cold copy holds nothing else: move its contents into the folder`,
        )
      default:
        throw entry.kind satisfies never
    }
  }
  for (const folder of ['', ...folders]) await syncFolder(path.join(target, folder))
  return { folders, files }
}

/**
 * Every start and stop of a server writes pg_control, so one that ran during the copy shows here even when it is gone again.
 * @throws EmbeddedServerError `copy-damaged`
 */
export async function assertUnchanged(
  layout: Layout,
  postmaster: Postmaster,
  files: readonly CopiedFile[],
): Promise<void> {
  const control = `${homeName}/data/global/pg_control`
  const copied = files.find((file) => file.path === control)
  const now = await hashFile(path.join(layout.folder, control))
  if (copied?.sha256 === now && !(await isRunning(postmaster))) return
  throw new EmbeddedServerError(
    'copy-damaged',
    `PostgreSQL ran on \`${layout.folder}\` while it was copied: stop Countersign, and copy again`,
  )
}

async function writeManifest(target: string, manifest: Manifest): Promise<BackupResult> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  await writeNew(path.join(target, manifestName), text)
  await syncFolder(target)
  return {
    majorVersion: manifest.majorVersion,
    fileCount: manifest.files.length,
    sizeBytes: manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    manifestSha256: createHash('sha256').update(text).digest('hex'),
  }
}
