/**
 * Working groups kept as charters, as a directory: reads the folder and hands over what it means. It reads everything or
 * nothing.
 */
import { z } from 'zod'
import type { SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import { type DirectorySource, SourceError } from '../directory.ts'
import { revisionOfTexts, type SourceOptions, stateOf } from '../facts-draft.ts'
import { idPrefix, namespace } from '../settings.ts'
import { readCharters } from './content.ts'
import { draftOf, type FactsOptions } from './facts.ts'

export const workingGroupsSettings = {
  path: z.string().min(1).describe('folder with one charter a file, from this file'),
  namespace: namespace.default('wg').describe('groups are `team_<namespace>.<file>`; no two sources share one'),
  idPrefix: idPrefix.describe('put before logins in ids; as of the GitHub source whose people these are'),
}

export interface DirectoryWorkingGroupsOptions extends SourceOptions, FactsOptions {
  readonly path: string
}

/** @throws {SourceError} from `read`, with every problem as `file:line:column`. */
export function directoryWorkingGroups(options: DirectoryWorkingGroupsOptions): DirectorySource {
  return {
    kind: 'directory-working-groups',
    async read(now: Instant): Promise<SourceSnapshot> {
      const charters = await readCharters(options.path)
      if ('problems' in charters) throw new SourceError(charters.problems)
      const state = stateOf(options, revisionOfTexts(charters.value.texts), now)
      return draftOf(charters.value, options).snapshot(state)
    },
  }
}
