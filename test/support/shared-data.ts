/**
 * Where the large public data sets lie that some tests measure with and none depends on: `COUNTERSIGN_SHARED`, or
 * `../shared` beside the repository. They are no part of it; whoever uses them says aloud that it skips without them.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const shared = process.env.COUNTERSIGN_SHARED ?? resolve(import.meta.dirname, '../../../shared')

export interface SharedData {
  readonly path: string
  readonly isThere: boolean
}

/** @param what will not be tested without it, completing "so … is not tested". */
export function sharedData(name: string, what: string): SharedData {
  const path = join(shared, 'data', name)
  const isThere = existsSync(path)
  if (!isThere) console.warn(`SKIPPED: ${path} is not there, so ${what} is not tested`)
  return { path, isThere }
}
