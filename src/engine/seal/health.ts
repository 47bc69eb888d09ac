/** Is the log kept up with, and is it whole? For the checks that machines and people look at. */
import type { Store } from '../../store/contract.ts'
import type { Check } from '../health.ts'
import type { Sealer } from './sealer.ts'

/** Later than this, nobody seals. */
const lagSecondsMax = 30

/** @param sealer absent in a process that only answers */
export async function logCheck({ log }: Pick<Store, 'log'>, sealer: Sealer | undefined): Promise<Check> {
  const status = sealer?.status
  if (status?.state === 'broken') return { name: 'log', state: 'degraded', detail: status.broken.message }
  const seconds = Math.round(await log.lagSeconds())
  if (seconds <= lagSecondsMax) return { name: 'log', state: 'ok', detail: 'events are sealed', seconds }
  const why = status?.state === 'waiting' ? status.detail : 'events wait to be sealed'
  return { name: 'log', state: 'degraded', detail: why, seconds }
}
