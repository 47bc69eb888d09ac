/**
 * Cloud accounts and their access levels, kept as one JSON file an application, as a directory: reads the folder and hands
 * over what it means. It reads everything or nothing, and never asks the cloud: the files are what was agreed to.
 */
import { z } from 'zod'
import type { SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { idText } from '../../files/values.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { revisionOfTexts, type SourceOptions, stateOf } from '../facts-draft.ts'
import { idPrefix, namespace } from '../settings.ts'
import { readApplications } from './content.ts'
import { draftOf, type FactsOptions } from './facts.ts'

export const cloudEnvironmentsSettings = {
  path: z.string().min(1).describe('folder with one `<application>.json` each, from this file'),
  namespace: namespace.default('cloud').describe('accounts are `sys_<namespace>.<application>.<environment>`'),
  groupsOf: namespace.exactOptional().describe('groups are `team_<groupsOf>.<group>`; default: the namespace'),
  idPrefix: idPrefix.describe('put before logins in ids; as of the GitHub source whose people these are'),
  administratorLevels: z
    .array(idText)
    .exactOptional()
    .describe('levels that let one give access to others; default: those that end in `admin` or `administrator`'),
  grantedBy: z
    .array(z.string().regex(/^(?:per|team)_./, { error: 'expected the id of a person or a team, with its prefix' }))
    .default([])
    .describe('people and teams who approve these files, and so give all of this access'),
}

export interface DirectoryCloudEnvironmentsOptions extends SourceOptions, FactsOptions {
  readonly path: string
}

/** @throws {SourceError} from `read`, with every problem as `file:line:column`. */
export function directoryCloudEnvironments(options: DirectoryCloudEnvironmentsOptions): DirectorySource {
  return {
    kind: 'directory-cloud-environments',
    async read(now: Instant): Promise<SourceSnapshot> {
      const content = await readApplications(options.path)
      if ('problems' in content) throw new SourceError(content.problems)
      return draftOf(content.value, options).snapshot(stateOf(options, revisionOfTexts(content.value.texts), now))
    },
  }
}
