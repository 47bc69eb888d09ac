/**
 * Is the state of a waiver what follows from its events? A row that was written by hand gives nothing, neither when
 * access is started nor when it is used.
 */
import { evolveAll } from '../core/evolve.ts'
import type { Waiver, WaiverEvent } from '../core/waiver.ts'
import { canonicalJson } from '../lib/digest.ts'
import type { StoredEvent } from '../store/contract.ts'

/** @param events of its stream from the first on; those that came after this state are not looked at */
export function isAsRecorded(waiver: Waiver, events: readonly StoredEvent[]): boolean {
  const own = events.slice(0, waiver.version)
  if (own.length !== waiver.version || own.some(({ altered }) => altered)) return false
  // What was erased cannot be compared; its hash still stands in the record.
  if (own.some(({ body }) => body === undefined)) return true
  const again = evolveAll(
    waiver.id,
    own.map(({ body }) => body as WaiverEvent),
  )
  return again !== undefined && canonicalJson(again) === canonicalJson(waiver)
}
