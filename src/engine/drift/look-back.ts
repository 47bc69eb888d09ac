/**
 * Looks back on waivers: what is given again and again, what was never used, and what is live although nobody owns the
 * workload any more.
 */
import {
  type Drift,
  type DriftKind,
  habitDrift,
  isHabit,
  orphanDrift,
  usageOf,
  waiversNamedMax,
} from '../../core/drift.ts'
import { entryOf, habitLimitsOf } from '../../core/policy.ts'
import { plusSeconds } from '../../core/time.ts'
import type { Known } from '../../proof/circumstances.ts'
import { knowledgeFor, type Machinery } from '../handle.ts'
import { type Looked, openMax } from './look.ts'
import { driftId, recordDrift } from './record.ts'

const kindsOfLookingBack: readonly DriftKind[] = ['repeated-waivers', 'never-used', 'owner-left']
const judgedTogether = 1_000
const waiversTogether = 500
const daySeconds = 86_400

export async function lookBack(machinery: Machinery): Promise<Looked> {
  const { store, knowledge } = machinery
  const heads = await store.heads()
  const known = await knowledgeFor(knowledge, { heads })
  if (known === undefined) return { failure: 'nothing is in force yet' }
  await judgeUses(machinery, known)
  const since = (days: number) => plusSeconds(heads.now, -days * daySeconds)
  const limits = habitLimitsOf(known.today)
  const { repeatedFrom, repeatedOverDays, unusedOverDays } = limits
  const repeated = await store.drift.repeated(since(repeatedOverDays), repeatedFrom, waiversNamedMax)
  const unused = await store.drift.neverUsed(since(unusedOverDays), waiversNamedMax)
  const seen: Drift[] = [
    ...repeated.map((habit) => habitDrift('repeated-waivers', habit, limits)),
    ...unused.map((habit) => habitDrift('never-used', habit, limits)),
    ...(await orphaned(machinery, known, heads.now)),
  ]
  const open = await store.drift.findings({ status: 'open', kinds: kindsOfLookingBack, limit: openMax })
  const still = new Set(seen.map(driftId))
  const over = open.filter(({ id }) => !still.has(id)).map(({ id }) => ({ id, because: 'gone' as const }))
  await recordDrift(machinery, { seen, over }, new Map(open.map((one) => [one.id, one])))
  await endUngoverned(machinery, known)
  return { readAt: heads.now, content: { holdingsCount: 0, unread: [] } }
}

/** A target that the policy no longer names is looked at no more: what was found there is over as far as we can say. */
async function endUngoverned(machinery: Machinery, { today }: Known): Promise<void> {
  const { drift } = machinery.store
  const systems = new Set((await drift.counts()).map(({ system }) => system))
  for (const system of systems) {
    if (entryOf(today.systems, system) !== undefined) continue
    const open = await drift.findings({ status: 'open', system, limit: openMax })
    const over = open.filter((one) => !isHabit(one.drift)).map(({ id }) => ({ id, because: 'not-governed' as const }))
    await recordDrift(machinery, { seen: [], over }, new Map(open.map((one) => [one.id, one])))
  }
}

/** Said once of every grant that is over, so that looking back again reads no waiver a second time. */
async function judgeUses({ store }: Machinery, { today }: Known): Promise<void> {
  for (;;) {
    const grants = await store.drift.unjudged(judgedTogether)
    await store.drift.judge(grants.map((grant) => ({ grant: grant.grant, use: usageOf(grant, today) })))
    if (grants.length < judgedTogether) return
  }
}

async function orphaned({ store }: Machinery, { directory }: Known, now: string): Promise<readonly Drift[]> {
  const found: Drift[] = []
  for (let after = ''; ; ) {
    const waivers = await store.waivers.started(after, waiversTogether)
    for (const waiver of waivers) found.push(...orphanDrift(waiver, directory, now))
    const last = waivers.at(-1)
    if (last === undefined || waivers.length < waiversTogether) return found
    after = last.id
  }
}
