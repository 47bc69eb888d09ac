/** What the invariants are judged on: the world, what this step wrote, and the rows as they stand now. */
import type pg from 'pg'
import type { DirectoryFacts } from '../../../src/core/directory.ts'
import type { Policy } from '../../../src/core/policy.ts'
import { unpack } from '../../../src/store/revisions.ts'
import type { Happening } from '../record.ts'
import type { Snapshot } from '../snapshot.ts'
import type { World } from '../world.ts'

export interface Facts {
  readonly world: World
  /** Events of this step. */
  readonly fresh: readonly Happening[]
  readonly versionsBefore: ReadonlyMap<string, number>
  readonly rows: Snapshot
  /** As it was when the step began, and during all of it. */
  readonly clock: 'steady' | 'went-backwards'
  readonly revisions: RevisionReader
}

export interface RevisionReader {
  directory(digest: string): Promise<DirectoryFacts>
  policy(digest: string): Promise<Policy>
  circumstances(digest: string): Promise<{ freshness: Readonly<Record<string, string>>; history: never }>
}

/** Straight from the table; the store's own checks are not what is relied on here. */
export function revisionReader(admin: pg.Client): RevisionReader {
  const known = new Map<string, Promise<unknown>>()
  const load = async (digest: string): Promise<unknown> => {
    const { rows } = await admin.query<{ content: Buffer }>('select content from revisions where digest = $1', [digest])
    if (rows[0] === undefined) throw new Error(`no revision ${digest}`)
    return JSON.parse(unpack(rows[0].content))
  }
  const read = <Value>(digest: string): Promise<Value> => {
    const found = known.get(digest) ?? load(digest)
    known.set(digest, found)
    return found as Promise<Value>
  }
  // Circumstances are asked for once; keeping those of hundreds of worlds would only fill memory.
  return { directory: read, policy: read, circumstances: (digest) => load(digest) as never }
}
