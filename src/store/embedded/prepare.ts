// Before anything is done with a folder: is it ours, does its version fit, as whom does its server run, and with which binaries?
import path from 'node:path'
import { serverAccount } from './account.ts'
import type { Binaries } from './binaries.ts'
import { type About, binariesName, type Layout, openFolder, readAbout } from './layout.ts'
import { runnableBinaries } from './native-folder.ts'
import type { Postmaster } from './postmaster.ts'

export interface Prepared {
  layout: Layout
  /** Undefined while no server was made in the folder. */
  about: About | undefined
  postmaster: Postmaster
}

/** Where root puts a copy of binaries that the server's account cannot reach; only root can write there. */
export const rootCopyFolder = '/var/lib/countersign'

/** @throws EmbeddedServerError with the codes about the platform, the binaries, the account and the folder */
export async function prepareFolder(
  folder: string,
  binaries: Binaries,
  copyFolder = rootCopyFolder,
): Promise<Prepared> {
  const layout = await openFolder(path.resolve(folder))
  const about = await readAbout(layout, binaries)
  const account = await serverAccount(layout.data)
  const copyBase = account ? copyFolder : path.join(layout.folder, binariesName)
  const runnable = await runnableBinaries(binaries, account, copyBase)
  return { layout, about, postmaster: { binaries: runnable, account, data: layout.data } }
}
