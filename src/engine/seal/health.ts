/** Is the log kept up with, and is it whole? For the checks that machines and people look at. */
import type { Store } from '../../store/contract.ts'
import type { Check } from '../health.ts'
import type { Sealer } from './sealer.ts'
import type { WitnessStatus } from './witnesses.ts'

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

/** @returns undefined where nobody witnesses */
export function witnessCheck(status: readonly WitnessStatus[], required: number): Check | undefined {
  if (status.length === 0) return undefined
  const troubled = status.filter(({ trouble }) => trouble !== undefined)
  const detail = troubled.map(({ witness, trouble }) => `\`${witness}\`: ${trouble}`).join('; ')
  const enough = status.length - troubled.length >= required
  if (troubled.length === 0) return { name: 'witnesses', state: 'ok', detail: 'all of them cosign' }
  return { name: 'witnesses', state: enough ? 'ok' : 'degraded', detail }
}
