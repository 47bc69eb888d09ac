/** Who may read which record of the feed, and with its paths or without. */
import type { Waiver } from '../core/waiver.ts'
import type { StoredEvent } from '../store/contract.ts'
import { mayRead, readsEverything, relationsTo, type Sight, seesPathsIn } from './sight.ts'

export interface Sees {
  readonly reads: boolean
  readonly paths: boolean
}

/** @param waiver the one the record is about, where there is one */
export function readsOf(
  sight: Sight,
  { stream, by }: Pick<StoredEvent, 'stream' | 'by'>,
  waiver: Waiver | undefined,
): Sees {
  const paths = seesPathsIn(relationsTo(sight, waiver))
  // Which keys somebody has, and on which devices, is theirs and of those who look after security.
  if (stream.startsWith('pks_')) {
    const { caller, policy } = sight
    const own = stream === `pks_${caller.id}` || policy.founders.includes(caller.id) || readsEverything(sight)
    return { reads: own, paths }
  }
  // The installation's own records (founding, changes to the rules, the directory) are everybody's to know.
  if (!stream.startsWith('wvr_')) return { reads: true, paths }
  // Of a request that was refused there is a record and no waiver.
  return {
    reads: waiver === undefined ? by === sight.caller.id || readsEverything(sight) : mayRead(sight, waiver),
    paths,
  }
}
