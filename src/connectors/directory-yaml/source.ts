/**
 * A directory kept in YAML files: reads a file or a folder and hands over what it says. It reads everything or nothing:
 * one wrong line, and the last good snapshot stays in force until it is too old.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SourceId, SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { readYamlFiles } from '../../files/folder.ts'
import type { FileText } from '../../files/yaml.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { type SnapshotOptions, snapshotOf } from './snapshot.ts'

export const yamlSettings = { path: z.string().min(1).describe('file or folder, from this file') }

export interface DirectoryYamlOptions extends Pick<SnapshotOptions, 'staleAfterSeconds'> {
  readonly source: SourceId
  /** A file, or a folder all of whose `.yaml` and `.yml` files belong to the directory. */
  readonly path: string
}

/** @throws {SourceError} from `read`, with every problem as `file:line:column`. */
export function directoryYaml(options: DirectoryYamlOptions): DirectorySource {
  return {
    kind: 'directory-yaml',
    async read(now: Instant): Promise<SourceSnapshot> {
      const files = await readYamlFiles(options.path)
      if ('problems' in files) throw new SourceError(files.problems)
      const snapshot = snapshotOf(files.value, { ...options, revision: revisionOf(files.value), now })
      if ('problems' in snapshot) throw new SourceError(snapshot.problems)
      return snapshot.value
    },
  }
}

/** Names count too: a file that moved is another revision. Lengths keep two files from reading as one. */
function revisionOf(files: readonly FileText[]): string {
  const hash = createHash('sha256')
  for (const { name, text } of files) hash.update(`${name.length}:${name}:${text.length}:${text}\n`)
  return `sha256:${hash.digest('hex')}`
}
