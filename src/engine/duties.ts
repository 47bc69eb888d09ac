/**
 * Who holds a conflict of duties in this installation right now? Standing access of the directory and what waivers give at
 * this moment, under the rules in force. Everybody is looked at once, in small steps between which others are served, and
 * kept for a minute or until one of the three changes.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type Assignment,
  assignmentsInForce,
  type Cover,
  compileDuties,
  coverOfMitigation,
  coverOfWaiver,
  dutiesOfPolicy,
  type Holdings,
  type LiveAccess,
  liveAccessOf,
  type Mitigation,
  scan,
} from '../core/duties.ts'
import type { Instant } from '../core/time.ts'
import type { Waiver } from '../core/waiver.ts'
import type { Known } from '../proof/circumstances.ts'
import type { Machinery } from './handle.ts'
import { mitigationsOf } from './mitigations.ts'

export interface DutiesNow {
  readonly holdings: Holdings
  readonly covers: readonly Cover[]
  readonly live: readonly LiveAccess[]
  readonly mitigations: readonly Mitigation[]
}

export type DutiesDesk = (known: Known, now: Instant) => Promise<DutiesNow>

/** After so long everybody else has a turn. */
const turnMillis = 10
const batchSize = 500

export function dutiesDesk({ store }: Pick<Machinery, 'store'>): DutiesDesk {
  let kept: { readonly key: string; readonly holdings: Promise<Holdings> } | undefined
  return async (known, now) => {
    const waivers = await startedWaivers(store)
    const live = waivers.flatMap((waiver) => liveAccessOf(waiver) ?? [])
    const mitigations = await mitigationsOf(store.records, known.today)
    const covers = [
      ...waivers.flatMap((waiver) => coverOfWaiver(waiver) ?? []),
      ...mitigations.map((one) => coverOfMitigation(one, now)),
    ]
    const key = JSON.stringify([known.directoryDigest, known.todayDigest, now.slice(0, 16), live])
    if (kept?.key !== key) {
      const holdings = holdingsOf(known, live, now)
      kept = { key, holdings }
      holdings.catch(() => {
        if (kept?.holdings === holdings) kept = undefined
      })
    }
    return { holdings: await kept.holdings, covers, live, mitigations }
  }
}

async function startedWaivers(store: Machinery['store']): Promise<readonly Waiver[]> {
  const waivers: Waiver[] = []
  for (let after = ''; ; ) {
    const batch = await store.waivers.started(after, batchSize)
    waivers.push(...batch)
    const last = batch.at(-1)
    if (last === undefined || batch.length < batchSize) return waivers
    after = last.id
  }
}

async function holdingsOf(known: Known, live: readonly LiveAccess[], now: Instant): Promise<Holdings> {
  const assignments: Assignment[] = []
  let began = performance.now()
  for (const assignment of assignmentsInForce(known.directory, live, known.today, now)) {
    assignments.push(assignment)
    if (performance.now() - began < turnMillis) continue
    await nextTurn()
    began = performance.now()
  }
  return scan(compileDuties(dutiesOfPolicy(known.today)), assignments)
}
