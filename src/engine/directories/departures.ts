/**
 * Ends and voids what rested on people who are gone, in the very transaction that says that they are. One set of waivers,
 * found by an index, decided by the same core as everything else; nobody is asked, since nobody may object.
 */
import { departures } from '../../core/decide/departures.ts'
import { decide } from '../../core/decide.ts'
import type { NodeId } from '../../core/directory.ts'
import type { Facts } from '../../core/facts.ts'
import { isSampled } from '../../core/sampling.ts'
import type { Instant } from '../../core/time.ts'
import type { Waiver } from '../../core/waiver.ts'
import { digestOfText } from '../../lib/digest.ts'
import type { Known } from '../../proof/circumstances.ts'
import type { Heads, Revision, Transaction, WaiverWrite } from '../../store/contract.ts'
import { plainFacts } from '../circumstances.ts'
import { type Machinery, waiverWrite } from '../handle.ts'

/** Written in one statement. */
const batchMax = 500
const command = { type: 'recheck' } as const

export async function endWithDeparted(
  { knowledge }: Machinery,
  tx: Transaction,
  moment: { readonly now: Instant; readonly heads: Heads },
  departed: readonly NodeId[],
): Promise<void> {
  const { now, heads } = moment
  if (departed.length === 0 || heads.policy === undefined || heads.directory === undefined) return
  const ids = await tx.openWaiversOf(departed)
  if (ids.length === 0) return
  const [today, rules, directory] = await Promise.all([
    knowledge.policy(heads.policy),
    knowledge.rules(heads.policySince ?? ''),
    knowledge.directory(heads.directory, heads.freshness),
  ])
  const known = { directory, asked: today, today, todayDigest: heads.policy, directoryDigest: heads.directory, rules }
  const factsFor = twoKinds(known, heads, now)
  for (let start = 0; start < ids.length; start += batchMax) {
    const waivers = await tx.lockWaivers(ids.slice(start, start + batchMax))
    const fallen = waivers.map((waiver) => fallenOf(waiver, factsFor(waiver))).filter((one) => one !== undefined)
    const revisions = fallen.map(({ revision }) => revision)
    if (fallen.length > 0) await tx.write({ waivers: fallen.map(({ write }) => write), revisions })
  }
}

interface Gathered {
  readonly facts: Facts
  readonly revision: Revision
}

/** What is looked at is the same for all of them, but for whether the waiver is one of the sample. */
function twoKinds(known: Known, heads: Heads, now: Instant): (waiver: Waiver) => Gathered {
  const kinds = [true, false].map((sampled) => plainFacts(command, sampled, heads, known, now)) as [Gathered, Gathered]
  return ({ id }) => (isSampled(digestOfText(id)) ? kinds[0] : kinds[1])
}

function fallenOf(
  waiver: Waiver,
  { facts, revision }: Gathered,
): { readonly write: WaiverWrite; readonly revision: Revision } | undefined {
  if (departures(waiver, facts).length === 0) return undefined
  const { events } = decide(waiver, command, facts)
  return { write: waiverWrite(waiver.id, waiver, events, []), revision }
}
