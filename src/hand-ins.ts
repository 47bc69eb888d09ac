/** What the command line is handed to serve, begin, look after, copy and restore an installation; everything else goes over HTTP. */
import type { HandIns } from './cli/hand-ins.ts'
import { SourceError } from './connectors/directory.ts'
import { emptyDirectory } from './core/directory.ts'
import { applySource } from './core/merge.ts'
import { importDirectory } from './engine/directories.ts'
import { proposeFounding } from './engine/founding.ts'
import { examine } from './engine/health.ts'
import { auditSource } from './engine/seal/audit-source.ts'
import { beginAgain, type LogUnchanged, rotateKey } from './engine/seal/changes.ts'
import { ConfigError, withMachinery } from './opening.ts'
import { auditLog } from './proof/index.ts'
import { type LogRecord, newestKey } from './proof/log-record.ts'
import { serveInstallation } from './serve.ts'
import { sourceAt } from './sources.ts'
import { backupFolder, restoreFolder } from './store/embedded/index.ts'
import { nextLogKey, originOf } from './transparency.ts'

const snapshotFromFiles: HandIns['snapshotFromFiles'] = async (path, source, now) => {
  try {
    return { snapshot: await sourceAt(path, source).read(now) }
  } catch (error) {
    if (error instanceof SourceError) return { problems: error.problems }
    throw error
  }
}

export const handIns: HandIns = {
  serve: (options) => serveInstallation(options, { lost: endProcess }),
  init: ({ config, founders, needed, policy }) =>
    withMachinery(config, async (machinery, app) => {
      for (const { problems } of await importDirectory(machinery, app.sources)) {
        if (problems.length > 0) throw new ConfigError(problems.join('\n'))
      }
      return proposeFounding(machinery, founders, needed, policy)
    }),
  doctor: ({ config }) => withMachinery(config, async (machinery) => ({ checks: await examine(machinery) })),
  auditLog: ({ config: path, trust }) =>
    withMachinery(path, async ({ store }) => {
      const source = await auditSource(store)
      return source === undefined ? undefined : auditLog(source, trust)
    }),
  rotateLogKey: ({ config: path, reason }) =>
    withMachinery(path, async ({ store }, _, config) => {
      const after = await rotateKey(store, await nextLogKey(config, originOf(config)), reason)
      return changedLog(after)
    }),
  beginLogAgain: ({ config: path, origin, reason }) =>
    withMachinery(path, async ({ store }, _, config) => {
      const after = await beginAgain(store, origin, await nextLogKey(config, origin), reason)
      return changedLog(after)
    }),
  backup: (options) => backupFolder(options),
  restore: (options) => restoreFolder(options),
  async directoryFromFiles(path, now) {
    const read = await snapshotFromFiles(path, 'files', now)
    return 'problems' in read ? read : { facts: applySource(emptyDirectory, read.snapshot, now, 400) }
  },
  snapshotFromFiles,
}

function changedLog(after: LogRecord | LogUnchanged) {
  if ('unchanged' in after) throw new ConfigError(after.unchanged)
  return { origin: after.origin, key: newestKey(after) }
}

function endProcess(reason: string): void {
  process.stderr.write(
    `the database of this installation is gone (${reason}); ending, so that it can be started again\n`,
  )
  process.exit(1)
}
