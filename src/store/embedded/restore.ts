// How does a cold copy become a data folder again? Every file is compared with the manifest while it is copied, and nothing is put
// in place before all of them agree. A folder that holds anything is never written to.
import { chown, mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { accountForNewData } from './account.ts'
import { openTarget } from './backup.ts'
import { EmbeddedServerError } from './errors.ts'
import { syncFolder, walkTree } from './files.ts'
import { openToAccount } from './initialise.ts'
import { homeName, layoutOf, restorePrefix } from './layout.ts'
import { copyAndHash, filesName, type Manifest, readManifest } from './manifest.ts'

export interface RestoreOptions {
  /** What `backupFolder` wrote. */
  from: string
  /** Missing or empty. */
  to: string
  /** What `backupFolder` returned: the copy is refused when its manifest is another one. */
  manifestSha256?: string
}

/**
 * Puts a cold copy into an empty folder, ready to be started.
 * @throws EmbeddedServerError `copy-damaged`, `target-not-empty`, `folder-unusable`, `account-missing`
 */
export async function restoreFolder(options: RestoreOptions): Promise<{ majorVersion: number }> {
  const { manifest, sha256 } = await readManifest(options.from)
  if (options.manifestSha256 !== undefined && options.manifestSha256 !== sha256) {
    throw new EmbeddedServerError(
      'copy-damaged',
      `the manifest of \`${options.from}\` has SHA-256 ${sha256}, not the one asked for`,
    )
  }
  const source = path.join(options.from, filesName)
  await assertSameNames(source, manifest)
  const target = await openTarget(options.to)
  const staging = await mkdtemp(path.join(target, restorePrefix))
  try {
    await copyVerified(source, staging, manifest)
    await giveToServer(staging)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    throw error
  }
  await putInPlace(staging, target)
  return { majorVersion: manifest.majorVersion }
}

async function assertSameNames(source: string, manifest: Manifest): Promise<void> {
  const expected = new Set([
    ...manifest.folders.map((at) => `folder ${at}`),
    ...manifest.files.map(({ path: at }) => `file ${at}`),
  ])
  for await (const { kind, path: at } of walkTree(source)) {
    if (!expected.delete(`${kind} ${at}`)) throw damaged(`\`${at}\` is not in its manifest`)
  }
  const [missing] = expected
  if (missing) throw damaged(`\`${missing}\` is missing`)
}

async function copyVerified(source: string, staging: string, manifest: Manifest): Promise<void> {
  for (const folder of manifest.folders) await mkdir(path.join(staging, folder), { mode: 0o700 })
  for (const file of manifest.files) {
    const written = await copyAndHash(path.join(source, file.path), path.join(staging, file.path))
    if (written.sha256 !== file.sha256 || written.sizeBytes !== file.sizeBytes) {
      throw damaged(`\`${file.path}\` is not what was copied`)
    }
  }
  for (const folder of ['', ...manifest.folders]) await syncFolder(path.join(staging, folder))
}

function damaged(what: string): EmbeddedServerError {
  return new EmbeddedServerError('copy-damaged', `the copy is damaged, ${what}: use another copy`)
}

/** As root, PostgreSQL's own folder goes to the account it will run as; the password beside it stays ours. */
async function giveToServer(staging: string): Promise<void> {
  const layout = layoutOf(staging)
  const account = await accountForNewData()
  if (!account) return
  for await (const entry of walkTree(layout.data)) {
    await chown(path.join(layout.data, entry.path), account.uid, account.gid)
  }
  await openToAccount(layout, account)
}

// PostgreSQL's folder comes last: until then, a start finds the unfinished restore and refuses.
async function putInPlace(staging: string, target: string): Promise<void> {
  const names = (await readdir(staging)).filter((name) => name !== homeName)
  for (const name of [...names, homeName]) await rename(path.join(staging, name), path.join(target, name))
  await rmdir(staging)
  await syncFolder(target)
}
