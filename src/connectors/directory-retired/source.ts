/**
 * A source that is no more: it says nothing, so that what it said ends and lingers like everything else that ends. That
 * much going at once is held until somebody independent confirms it; a source that is merely taken out of the
 * configuration grows too old instead, and then nobody counts as independent.
 */
import type { SourceSnapshot } from '../../core/directory.ts'
import type { Instant } from '../../core/time.ts'
import type { DirectorySource } from '../directory.ts'
import { type SourceOptions, stateOf } from '../facts-draft.ts'

export const retiredSettings = {}

export function directoryRetired(options: SourceOptions): DirectorySource {
  return {
    kind: 'directory-retired',
    async read(now: Instant): Promise<SourceSnapshot> {
      return { source: stateOf(options, 'retired', now), nodes: [], relations: [], shifts: [] }
    },
  }
}
