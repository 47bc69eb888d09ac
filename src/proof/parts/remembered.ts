/**
 * Which parts a list consists of, for lists that are in memory: what was read or cut once need not be cut again. A memory
 * and nothing to believe in: whoever writes uses it only for a list that came from the store, and a list never changes.
 */
import type { Digest } from '../../core/terms.ts'
import type { Fact } from './form.ts'

export interface Leaves {
  /** Where each part ends in the list. */
  readonly ends: readonly number[]
  readonly digests: readonly Digest[]
}

const known = new WeakMap<readonly Fact[], Leaves>()

export function rememberLeaves(list: readonly Fact[], leaves: Leaves): void {
  known.set(list, leaves)
}

export function leavesOf(list: readonly Fact[] | undefined): Leaves | undefined {
  return list === undefined ? undefined : known.get(list)
}
