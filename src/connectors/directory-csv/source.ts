/**
 * Tables as they come out of a personnel system or a spreadsheet, as a directory: reads the folder and hands over what it
 * means. It reads everything or nothing.
 */
import { z } from 'zod'
import type { SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { revisionOfTexts, type SourceOptions, stateOf } from '../facts-draft.ts'
import { type Naming, readTables, tableNames, tables } from './content.ts'
import { draftOf, type FactsOptions } from './facts.ts'

/** Only columns that there are can be named otherwise. */
const naming = z.strictObject(
  Object.fromEntries(
    tableNames.map((name) => {
      const columns: readonly string[] = [...tables[name].needed, ...tables[name].optional]
      return [
        name,
        z.strictObject(Object.fromEntries(columns.map((column) => [column, z.string().min(1).optional()]))).optional(),
      ]
    }),
  ),
)

export const csvSettings = {
  path: z.string().min(1).describe('folder with `people.csv` and others, from this file'),
  columns: naming
    .default({})
    .transform((given) => given as Naming)
    .describe('what the files call their columns, by file: `people: { id: Employee ID }`'),
  elsewhere: z
    .array(z.enum(['per', 'team', 'wl', 'sys', 'rota']))
    .default([])
    .describe('prefixes of things that other sources define; written with their prefix they are taken as they are'),
  issuers: z.array(z.string().min(1)).default([]).describe('keys of issuers that accounts live on'),
}

export interface DirectoryCsvOptions extends SourceOptions, FactsOptions {
  readonly path: string
  readonly columns: Naming
}

/** @throws {SourceError} from `read`, with every problem as `file:line` and its column. */
export function directoryCsv(options: DirectoryCsvOptions): DirectorySource {
  return {
    kind: 'directory-csv',
    async read(now: Instant): Promise<SourceSnapshot> {
      const content = await readTables(options.path, options.columns)
      if ('problems' in content) throw new SourceError(content.problems)
      return draftOf(content.value, options).snapshot(stateOf(options, revisionOfTexts(content.value.texts), now))
    },
  }
}
